"""Listeners for channels without webhooks (IMAP). A lease allows one listener per inbox across all
workers."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import structlog

from channels.base import Channel, InboxBroken, Listens, RetryLater, Webhook
from desk.inbound import set_aside
from desk.inbound.intake import Intake
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.runtime.error_place import where
from desk.runtime.timing import ListenerTiming
from desk.store.inbound import set_aside as stored
from desk.store.inbound import tries
from desk.store.outbound import inbox_health as health
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("listener")

CLEANING = 3_600.0
"""Seconds between two deletions of what is kept for 30 days."""


class Listeners:
    """Run it in every worker."""

    def __init__(
        self,
        store: Store,
        intake: Intake,
        breaker: CircuitBreaker,
        channels: Mapping[str, Channel],
        timing: ListenerTiming | None = None,
    ) -> None:
        self._store = store
        self._intake = intake
        self._breaker = breaker
        self._channels = channels
        self._worker = uuid4()
        self._timing = timing or ListenerTiming()

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set."""
        # Typed `object`, because the protocol below says what a channel can do.
        found: dict[str, object] = dict(self._channels)
        listening = [
            asyncio.create_task(self._keep(inbox, channel), name=f"listen {inbox}")
            for inbox, channel in found.items()
            if isinstance(channel, Listens)
        ]
        await stop.wait()
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)

    async def _keep(self, inbox: str, channel: Listens) -> None:
        pause = self._timing.pause
        while True:
            began = asyncio.get_running_loop().time()
            try:
                if await health.claim_listener(self._store.pool, inbox, self._worker, self._timing.lease):
                    await self._listen(inbox, channel)
            except asyncio.CancelledError:
                # We may just have acquired the lease: release it so that the next worker need not wait for it
                # to expire.
                with suppress(*UNREACHABLE):
                    await health.release_listener(self._store.pool, inbox, self._worker)
                raise
            except UNREACHABLE as error:
                log.warning("database_or_server_away", inbox=inbox, error=type(error).__name__)
            except InboxBroken as error:
                # During a database outage this cannot be recorded; the next mailbox check will hit the same
                # error.
                with suppress(*UNREACHABLE):
                    await self._breaker.broken(inbox, error)
            except Exception as error:
                log.error("listener_broke", inbox=inbox, error=type(error).__name__, where=where(error))
            if asyncio.get_running_loop().time() - began > self._timing.longest:
                pause = self._timing.pause
            await asyncio.sleep(min(pause, self._timing.renew))
            pause = min(pause * 2, self._timing.longest)

    async def _listen(self, inbox: str, channel: Listens) -> None:
        """Listen while we have the lease. When either task ends, the other is cancelled."""
        both = self._channels[inbox]

        async def take(arrival: Webhook) -> None:
            # The channel quarantines what is refused here: otherwise it would be redelivered for ever or be
            # marked read.
            both.verify(arrival)
            try:
                inbounds = both.parse(arrival)
                await set_aside.record(self._store, inbox, inbounds)
                await self._intake.receive(inbox, [replace(one, raw=None, evidence={}) for one in inbounds])
            except UNREACHABLE as error:
                raise _away(error) from None

        await self._delete_old(inbox)
        listening = asyncio.create_task(channel.listen(take, StoredTries(self._store, inbox)))
        holding = asyncio.create_task(self._hold(inbox))
        log.info("listening", inbox=inbox)
        try:
            await asyncio.wait({listening, holding}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (listening, holding):
                task.cancel()
            results = await asyncio.gather(listening, holding, return_exceptions=True)
            with suppress(*UNREACHABLE):
                await health.release_listener(self._store.pool, inbox, self._worker)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _delete_old(self, inbox: str) -> None:
        with suppress(*UNREACHABLE):
            await tries.delete_old(self._store.pool, inbox)
            await stored.delete_old(self._store.pool, inbox)

    async def _hold(self, inbox: str) -> None:
        cleaned = asyncio.get_running_loop().time()
        while await health.claim_listener(self._store.pool, inbox, self._worker, self._timing.lease):
            await asyncio.sleep(self._timing.renew)
            if asyncio.get_running_loop().time() - cleaned > CLEANING:
                cleaned = asyncio.get_running_loop().time()
                await self._delete_old(inbox)
        log.warning("listener_lease_lost", inbox=inbox)


class StoredTries:
    """The attempt counts of one inbox, in the database (implements channels.base.Tries)."""

    def __init__(self, store: Store, inbox: str) -> None:
        self._store = store
        self._inbox = inbox

    async def count(self, place: str) -> int:
        """See the protocol."""
        try:
            return await tries.add_try(self._store.pool, self._inbox, place)
        except UNREACHABLE as error:
            raise _away(error) from None

    async def forget(self, place: str) -> None:
        """See the protocol."""
        try:
            await tries.delete_tries(self._store.pool, self._inbox, place)
        except UNREACHABLE as error:
            raise _away(error) from None


def _away(error: BaseException) -> RetryLater:
    return RetryLater(f"the database is away ({type(error).__name__})")
