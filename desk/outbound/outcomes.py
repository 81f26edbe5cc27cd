"""Records the outcome of a delivery, counts it, and notifies every window that shows the conversation."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from desk.model import Failure, Message
from desk.outbound.undelivered import Undelivered
from desk.runtime.live import Live
from desk.runtime.metrics import LIMITS, Metrics
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import messages
from desk.store.outbound import outbox, receipts
from desk.store.outbound.outbox import OutboxItem
from desk.store.people import contacts
from desk.store.pool import Store, is_away

log = structlog.get_logger("delivery")

NOBODY_THERE: frozenset[Failure] = frozenset({"opted_out", "unreachable", "erased", "forbidden_number"})
"""With these, a person's message would not arrive either, so the conversation is not handed off."""


class DeliveryOutcomes:
    """`base` and `longest` (seconds) and `attempts` set the back-off; `jitter` picks a time up to its
    argument."""

    def __init__(
        self,
        store: Store,
        live: Live,
        metrics: Metrics,
        undelivered: Undelivered,
        base: float,
        longest: float,
        attempts: int,
        jitter: Callable[[float], float],
    ) -> None:
        self._store = store
        self._live = live
        self._metrics = metrics
        self._undelivered = undelivered
        self._base = base
        self._longest = longest
        self._attempts = attempts
        self._jitter = jitter

    async def sent(self, item: OutboxItem, message: Message) -> None:
        """The provider accepted all parts."""
        called = await outbox.list_external_ids(self._store.pool, item.id)
        last = called[-1] if called else None
        for external_id in called[:-1]:
            async with self._store.transaction() as transaction:
                # For an earlier part only a failure counts.
                if "failed" in await receipts.take_early(transaction, item.inbox, external_id):
                    await self._undelivered.hand_over(transaction, message)
                    await receipts.set_status(transaction, message.id, "failed")
        async with self._store.transaction() as transaction:
            told = await receipts.take_early(transaction, item.inbox, last) if last else []
            if "failed" in told and not {"delivered", "read"} & set(told):
                await self._undelivered.hand_over(transaction, message)
            await outbox.mark_sent(transaction, item.id)
            now = await receipts.set_status(transaction, message.id, "sent", last)
            for status in told:
                now = await receipts.set_status(transaction, message.id, status)
            if now == "failed":
                # The failure receipt came before we recorded the acceptance; a person must see it all the
                # same.
                await outbox.mark_failed_later(transaction, message.id, "the provider could not deliver it")
        self._metrics.delivery(item.inbox, "sent")
        log.info(
            "delivered",
            item=item.id,
            message=str(message.id),
            inbox=item.inbox,
            trace_id=item.trace_id,
        )
        await self._live.tell(message.contact_id, message.conversation_id, "status")

    async def joined(self, item: OutboxItem, message: Message) -> None:
        """It was sent as a part of another message of the same turn."""
        await insist(lambda: self.sent(item, message))

    def taken(self, item: OutboxItem, units: int) -> None:
        """The provider accepted one part and bills `units` for it."""
        self._metrics.taken(item.inbox, units)

    async def later(
        self, item: OutboxItem, error: str, after: float | None, tries: int | None = None
    ) -> None:
        """Retry after `after` seconds or a random delay, the longer one; dead once `tries`, or all attempts,
        are used up."""
        if item.attempts >= min(self._attempts, tries or self._attempts):
            message = await messages.get_by_id(self._store.pool, item.message_id)
            if message:
                await self.stopped(item, message, "gave_up", error)
            return
        self._metrics.delivery(item.inbox, "later")
        most = min(self._longest, self._base * 2 ** min(item.attempts, 30))
        await outbox.mark_later(
            self._store.pool, item, max(after or 0.0, self._jitter(most)), sanitize_text(error)
        )

    async def stopped(self, item: OutboxItem, message: Message, failure: Failure, error: str | None) -> None:
        """It is not retried: refused, or (`unknown`) perhaps accepted."""
        unknown = failure == "unknown"
        async with self._store.transaction() as transaction:
            if not unknown:
                await contacts.lock(transaction, message.contact_id)
            if not await outbox.mark_stopped(transaction, item, failure, error and sanitize_text(error)):
                log.warning("lease_lost", item=item.id)
                return
            if not unknown:
                if failure not in NOBODY_THERE:
                    await self._undelivered.hand_over(transaction, message)
                await receipts.set_status(transaction, message.id, "failed")
        self._metrics.delivery(item.inbox, "unknown" if unknown else "dead")
        if failure in LIMITS:
            self._metrics.held_back(item.inbox, failure)
        log.warning(
            "undelivered",
            item=item.id,
            message=str(message.id),
            failure=failure,
            trace_id=item.trace_id,
        )
        await self._live.tell(message.contact_id, message.conversation_id, "status")

    async def held_back(self, item: OutboxItem, failure: Failure, seconds: float) -> None:
        """One of our own limits delays the item; logged once for each message, however long it waits."""
        if await outbox.mark_held_back(self._store.pool, item, seconds, failure):
            self._metrics.held_back(item.inbox, failure)
            log.warning("held_back", item=item.id, inbox=item.inbox, failure=failure)


async def insist(record: Callable[[], Awaitable[None]]) -> None:
    """Record what the provider accepted, retrying until it succeeds: a database outage must not make us send
    twice."""
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
