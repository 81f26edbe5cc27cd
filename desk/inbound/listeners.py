"""Listeners: channels that post nothing to us (IMAP). One listener for an inbox over all workers, by a lease."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from uuid import uuid4

import structlog

from channels.base import Channel, InboxBroken, Listens, RetryLater, Webhook
from desk.inbound.intake import Intake
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.runtime.error_place import where
from desk.store.inbound import tries
from desk.store.outbound import inbox_health as health
from desk.store.pool import UNREACHABLE, Store

log = structlog.get_logger("listener")

LEASE = 30.0
RENEW = 8.0
LONGEST_PAUSE = 60.0


class Listeners:
    """Run it in every worker. Times are in seconds."""

    def __init__(
        self,
        store: Store,
        intake: Intake,
        breaker: CircuitBreaker,
        channels: Mapping[str, Channel],
        *,
        lease: float = LEASE,
        renew: float = RENEW,
    ) -> None:
        self._store = store
        self._intake = intake
        self._breaker = breaker
        self._channels = channels
        self._worker = uuid4()
        self._lease = lease
        self._renew = renew

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set."""
        # `object`: a channel is known by what it can do.
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
        pause = 1.0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                if await health.claim_listener(self._store.pool, inbox, self._worker, self._lease):
                    await self._listen(inbox, channel)
            except asyncio.CancelledError:
                # The lease may just have been given to us: the next worker must not wait for its end.
                with suppress(*UNREACHABLE):
                    await health.release_listener(self._store.pool, inbox, self._worker)
                raise
            except UNREACHABLE as error:
                log.warning("database_or_server_away", inbox=inbox, error=type(error).__name__)
            except InboxBroken as error:
                # While the database is away it cannot be kept: the next look at the mailbox finds it again.
                with suppress(*UNREACHABLE):
                    await self._breaker.broken(inbox, error)
            except Exception as error:
                log.error("listener_broke", inbox=inbox, error=type(error).__name__, where=where(error))
            if asyncio.get_running_loop().time() - began > LONGEST_PAUSE:
                pause = 1.0
            await asyncio.sleep(min(pause, self._renew))
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self, inbox: str, channel: Listens) -> None:
        """Listen while the lease is ours; whoever ends first ends both."""
        both = self._channels[inbox]

        async def take(arrival: Webhook) -> None:
            # What is refused here the channel sets aside: it would come again for ever, and must not pass for read.
            both.verify(arrival)
            try:
                await self._intake.receive(inbox, both.parse(arrival))
            except UNREACHABLE as error:
                raise _away(error) from None

        with suppress(*UNREACHABLE):
            await tries.delete_old(self._store.pool, inbox)
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

    async def _hold(self, inbox: str) -> None:
        while await health.claim_listener(self._store.pool, inbox, self._worker, self._lease):  # noqa: ASYNC110  (it prolongs, and does not wait)
            await asyncio.sleep(self._renew)
        log.warning("listener_lease_lost", inbox=inbox)


class StoredTries:
    """The tries of one inbox, in the database (channels.base.Tries)."""

    def __init__(self, store: Store, inbox: str) -> None:
        self._store = store
        self._inbox = inbox

    async def count(self, place: str) -> int:
        """As the protocol says."""
        try:
            return await tries.add_try(self._store.pool, self._inbox, place)
        except UNREACHABLE as error:
            raise _away(error) from None

    async def forget(self, place: str) -> None:
        """As the protocol says."""
        try:
            await tries.delete_tries(self._store.pool, self._inbox, place)
        except UNREACHABLE as error:
            raise _away(error) from None


def _away(error: BaseException) -> RetryLater:
    return RetryLater(f"the database is away ({type(error).__name__})")
