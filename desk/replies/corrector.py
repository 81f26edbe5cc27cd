"""Applies corrections at the providers. Runs in every worker; a row lock ensures that only one of them does."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import structlog

from channels.base import Changes, Channel, ChannelError, RetryLater, Undeliverable
from desk.model import Clock
from desk.runtime.live import Live
from desk.runtime.periodic import repeat
from desk.runtime.timing import CorrectionTiming
from desk.store.pool import Store
from desk.store.replies import corrections, translations

log = structlog.get_logger("corrector")

GIVEN_UP = "the provider could not be reached"


class Corrector:
    """Built once by the worker's composition root. `channels` are keyed by inbox."""

    def __init__(
        self,
        store: Store,
        live: Live,
        channels: Mapping[str, Channel],
        clock: Clock,
        timing: CorrectionTiming | None = None,
    ) -> None:
        self._store = store
        self._live = live
        self._channels = channels
        self._clock = clock
        self._timing = timing or CorrectionTiming()

    async def run(self, stop: asyncio.Event) -> None:
        """Make what is due until `stop` is set."""
        await repeat(self.make_due, stop, log, "corrector_broke", every=self._timing.every)

    async def make_due(self) -> None:
        """Make what is due now."""
        for id in await corrections.list_waiting(self._store.pool, self._clock()):
            await self._make(id)

    async def _make(self, id: UUID) -> None:
        # The lock is held over the call: changing a message twice to the same text is harmless, so a worker that dies here
        # leaves it to the next.
        async with self._store.transaction() as transaction:
            one = await corrections.lock_waiting(transaction, id)
            if one is None:
                return
            able: object = self._channels.get(one.inbox)
            try:
                if not isinstance(able, Changes):
                    raise Undeliverable("this channel cannot change messages")
                requests = (
                    able.withdrawn(one.contact, one.external_ids)
                    if one.kind == "withdraw"
                    else able.changed(one.contact, one.external_ids, one.text)
                )
                for place, request in enumerate(requests):
                    await self._channels[one.inbox].send(request, f"{one.id}:{place}")
            except RetryLater as error:
                now = self._clock()
                age = (now - one.created_at).total_seconds()
                if age < self._timing.patience:
                    own = min(max(self._timing.base, age), self._timing.longest)
                    await corrections.mark_later(transaction, id, now + timedelta(seconds=error.after or own))
                    return
                await corrections.mark_refused(transaction, id, GIVEN_UP)
            except ChannelError as error:
                await corrections.mark_refused(transaction, id, str(error))
            else:
                await corrections.mark_done(transaction, one, self._clock())
                await translations.delete_machine_made(transaction, [one.message_id])
            self._store.after_commit(lambda: self._live.tell(one.contact_id, one.conversation_id, "status"))
