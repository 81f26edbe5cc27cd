"""Outcomes: what became of a parcel, recorded for good, counted, and told to whoever looks at the conversation."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from desk.metrics import Metrics
from desk.model import Failure, Message
from desk.road.live import Live
from desk.road.scrub import scrub_text
from desk.road.unheard import Unheard
from desk.store import contacts, messages, outbox, receipts
from desk.store.outbox import Parcel
from desk.store.pool import Store, is_away

log = structlog.get_logger("delivery")

NOBODY_THERE: frozenset[Failure] = frozenset({"opted_out", "unreachable", "erased"})
"""With these nothing that a person writes would get there either, so that nobody is given the conversation."""


class Outcomes:
    """`base`, `longest` (seconds) and `attempts` are the backoff's; `jitter` picks a time up to the given one."""

    def __init__(
        self,
        store: Store,
        live: Live,
        metrics: Metrics,
        unheard: Unheard,
        base: float,
        longest: float,
        attempts: int,
        jitter: Callable[[float], float],
    ) -> None:
        self._store = store
        self._live = live
        self._metrics = metrics
        self._unheard = unheard
        self._base = base
        self._longest = longest
        self._attempts = attempts
        self._jitter = jitter

    async def sent(self, parcel: Parcel, message: Message) -> None:
        """The provider took all of it."""
        called = await outbox.external_ids(self._store.pool, parcel.id)
        last = called[-1] if called else None
        for external_id in called[:-1]:
            async with self._store.transaction() as transaction:
                # Of an earlier part nothing but its failure counts.
                if "failed" in await receipts.early(transaction, parcel.inbox, external_id):
                    await self._unheard.hand_over(transaction, message)
                    await receipts.advance(transaction, message.id, "failed")
        async with self._store.transaction() as transaction:
            told = await receipts.early(transaction, parcel.inbox, last) if last else []
            if "failed" in told and not {"delivered", "read"} & set(told):
                await self._unheard.hand_over(transaction, message)
            await outbox.sent(transaction, parcel.id)
            now = await receipts.advance(transaction, message.id, "sent", last)
            for status in told:
                now = await receipts.advance(transaction, message.id, status)
            if now == "failed":
                # Told before we knew that it was taken: for a person to see all the same.
                await outbox.failed_later(transaction, message.id, "the provider could not deliver it")
        self._metrics.delivery(parcel.inbox, "sent")
        log.info(
            "delivered",
            parcel=parcel.id,
            message=str(message.id),
            inbox=parcel.inbox,
            trace_id=parcel.trace_id,
        )
        await self._live.tell(message.contact_id, message.conversation_id, "status")

    def taken(self, parcel: Parcel, units: int) -> None:
        """The provider took one part, and bills so many of it."""
        self._metrics.taken(parcel.inbox, units)

    async def later(self, parcel: Parcel, error: str, after: float | None, tries: int | None = None) -> None:
        """Again after `after` seconds or a random while; dead once `tries`, or all attempts, are used up."""
        if parcel.attempts >= min(self._attempts, tries or self._attempts):
            message = await messages.get(self._store.pool, parcel.message_id)
            if message:
                await self.stopped(parcel, message, "gave_up", error)
            return
        self._metrics.delivery(parcel.inbox, "later")
        most = min(self._longest, self._base * 2 ** min(parcel.attempts, 30))
        await outbox.later(self._store.pool, parcel, max(after or 0.0, self._jitter(most)), scrub_text(error))

    async def stopped(self, parcel: Parcel, message: Message, failure: Failure, error: str | None) -> None:
        """It goes no further by itself: refused, or (`unknown`) perhaps taken."""
        unknown = failure == "unknown"
        async with self._store.transaction() as transaction:
            if not unknown:
                await contacts.lock(transaction, message.contact_id)
            if not await outbox.stopped(transaction, parcel, failure, error and scrub_text(error)):
                log.warning("lease_lost", parcel=parcel.id)
                return
            if not unknown:
                if failure not in NOBODY_THERE:
                    await self._unheard.hand_over(transaction, message)
                await receipts.advance(transaction, message.id, "failed")
        self._metrics.delivery(parcel.inbox, "unknown" if unknown else "dead")
        log.warning(
            "undelivered",
            parcel=parcel.id,
            message=str(message.id),
            failure=failure,
            trace_id=parcel.trace_id,
        )
        await self._live.tell(message.contact_id, message.conversation_id, "status")


async def insist(record: Callable[[], Awaitable[None]]) -> None:
    """Record what the provider took, for as long as it takes: a database that is away must not make us send twice."""
    pause = 0.1
    while True:
        try:
            return await record()
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("database_away", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)
