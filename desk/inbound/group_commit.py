"""Group commit: items that arrive during one transaction share the next one, and all get their results after
it.

One disk flush then serves many items. No timer is involved: an item that arrives alone is committed at once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import structlog

from desk.store.pool import UNREACHABLE

log = structlog.get_logger("intake")

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 64  # items in one transaction
AT_ONCE = 2  # concurrent transactions: one is being flushed while the next is being built
PATIENCE = (
    4.0  # seconds per transaction; one of its items may wait for a row that another transaction has locked
)


class GroupCommit(Generic[Item, Result]):
    """`run` processes many items in one transaction, each as if it were alone, and returns their results in
    order.

    An item that fails or blocks the transaction must not affect the others: in that case each is run by
    itself."""

    def __init__(
        self,
        run: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        most: int = MOST,
        at_once: int = AT_ONCE,
        patience: float = PATIENCE,
    ) -> None:
        self._run = run
        self._most = most
        self._at_once = at_once
        self._patience = patience
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._solo: set[asyncio.Task[None]] = set()

    async def do(self, item: Item) -> Result:
        """The item's own result, or its own error. The item is processed even if the caller is cancelled."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._running) < self._at_once:
            task = asyncio.create_task(self._work(), name="group commit")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return await future

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]
            await self._settle(batch)

    async def _settle(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            async with asyncio.timeout(self._patience):
                results = await self._run([item for item, _ in batch])
        except TimeoutError:
            # Run each by itself, concurrently, so that none waits for one that is blocked.
            log.info("together_too_slow", items=len(batch))
            for one in batch:
                task = asyncio.create_task(self._alone(*one))
                self._solo.add(task)
                task.add_done_callback(self._solo.discard)
        except UNREACHABLE as error:
            for _, future in batch:
                _fail(future, error)
        except Exception as error:
            if len(batch) == 1:
                _fail(batch[0][1], error)
                return
            log.warning("together_broke", items=len(batch), error=type(error).__name__)
            for one in batch:
                await self._alone(*one)
        else:
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _alone(self, item: Item, future: asyncio.Future[Result]) -> None:
        try:
            (result,) = await self._run([item])
        except Exception as error:
            _fail(future, error)
        else:
            if not future.done():
                future.set_result(result)


def _fail(future: asyncio.Future[Result], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
