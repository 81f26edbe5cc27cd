"""Claims rows that are due and processes several at a time, under leases that a heartbeat renews."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from desk.runtime.heartbeat import beating
from desk.store.pool import UNREACHABLE

GRACE = 10.0  # seconds that rows in progress have to finish after a stop


class Leased(Protocol):
    """A claimed row."""

    @property
    def id(self) -> UUID: ...

    @property
    def lease_token(self) -> UUID | None: ...


Row = TypeVar("Row", bound=Leased)


class ClaimLoop(Generic[Row]):
    """`claim` returns the next row that is due, or None; `process` deals with one row and raises nothing; `renew`
    renews leases (row to token). `beat` and `poll` are in seconds."""

    def __init__(
        self,
        name: str,
        claim: Callable[[], Awaitable[Row | None]],
        process: Callable[[Row], Coroutine[Any, Any, None]],
        renew: Callable[[Mapping[UUID, UUID]], Awaitable[None]],
        *,
        beat: float,
        poll: float,
        at_once: int,
    ) -> None:
        self._name = name
        self._claim = claim
        self._process_row = process
        self._renew = renew
        self._beat = beat
        self._poll = poll
        self._at_once = at_once
        self._wake = asyncio.Event()
        self._held: dict[UUID, UUID] = {}  # row -> token of the lease that we have on it

    def wake(self) -> None:
        """Look for work now."""
        self._wake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Process rows until `stop` is set; those in progress then have GRACE to finish."""
        async with beating(self._name, self._beat, self._keep):
            running: set[asyncio.Task[None]] = set()
            stopping = asyncio.create_task(stop.wait())
            try:
                while not stop.is_set():
                    self._wake.clear()
                    row = None
                    if len(running) < self._at_once:
                        with suppress(*UNREACHABLE):
                            row = await self._claim()
                    if row is not None:
                        running.add(asyncio.create_task(self._process(row)))
                        continue
                    waking = asyncio.create_task(self._wake.wait())
                    await asyncio.wait(
                        {stopping, waking, *running},
                        timeout=self._poll,
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    waking.cancel()
                    running = {task for task in running if not task.done()}
            finally:
                stopping.cancel()
                if running:
                    await asyncio.wait(running, timeout=GRACE)
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)

    async def step(self) -> bool:
        """Claim one row that is due and process it now; False if none is due."""
        row = await self._claim()
        if row is None:
            return False
        await self._process(row)
        return True

    async def _process(self, row: Row) -> None:
        if row.lease_token is not None:
            self._held[row.id] = row.lease_token
        try:
            await self._process_row(row)
        finally:
            self._held.pop(row.id, None)

    async def _keep(self) -> None:
        if self._held:
            await self._renew(self._held)
