"""Small jobs that run concurrently with a turn; neither waits for the other. Failures are only logged."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

import structlog

from channels.base import AnswersTaps, Channel
from desk.model import Event
from desk.turns.turn import Arriving

log = structlog.get_logger("side_jobs")

AT_ONCE = 8
WAITING = 200  # more than this is a flood; these jobs are then skipped, because none is worth queueing
SECONDS = 10.0

Work = Callable[[Event], Coroutine[Any, Any, None] | None]
"""Returns the job for an event, or None."""


class SideJobs:
    """Wraps `inner`. Runs one job of each kind at a time for each contact."""

    def __init__(self, inner: Arriving, **works: Work) -> None:
        self._inner = inner
        self._works = works
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._doing: dict[str, asyncio.Task[None]] = {}

    async def arrive(self, event: Event) -> Event:
        """Start the jobs, then return the event as `inner` returns it."""
        for kind, work in self._works.items():
            key = f"{kind}:{event.contact_id}"
            if key not in self._doing and len(self._doing) < WAITING and (doing := work(event)) is not None:
                task = asyncio.create_task(self._do(kind, doing), name=f"side job {kind}")
                self._doing[key] = task
                task.add_done_callback(partial(self._done, key))
        return await self._inner.arrive(event)

    def _done(self, key: str, _: asyncio.Task[None]) -> None:
        self._doing.pop(key, None)

    async def settled(self) -> None:
        """Wait until no job is running."""
        await asyncio.gather(*self._doing.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Cancel the running jobs."""
        for task in self._doing.values():
            task.cancel()
        await self.settled()

    async def _do(self, kind: str, doing: Coroutine[Any, Any, None]) -> None:
        try:
            async with self._turns, asyncio.timeout(SECONDS):
                await doing
        except Exception as error:
            log.info("aside_not_done", kind=kind, error=type(error).__name__)
        finally:
            doing.close()  # in case it never started


class Taps:
    """Acknowledges taps on buttons: some apps show a spinner until we do, whether bot or agent has the
    conversation."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels

    def acknowledge(self, event: Event) -> Coroutine[Any, Any, None] | None:
        """Acknowledge the tap to the app. None if there is no tap, or if the channel needs no
        acknowledgement."""
        channel: object = self._channels.get(event.inbox)
        if not event.received.button or not isinstance(channel, AnswersTaps):
            return None
        requests = channel.tapped(event.received.thread)
        return self._send(self._channels[event.inbox], requests, event) if requests else None

    async def _send(self, channel: Channel, requests: list[Any], event: Event) -> None:
        for number, request in enumerate(requests):
            await channel.send(request, f"{event.id}:tap:{number}")
