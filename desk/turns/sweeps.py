"""Periodic recovery of abandoned work. Any number of workers may sweep at the same time."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from desk.conversations.holds import HoldDelivery
from desk.conversations.idle import IdleConversations
from desk.conversations.silences import Silences
from desk.model import Clock
from desk.partners.outcomes import Outcomes
from desk.routing.wait_scoring import WaitScoring
from desk.runtime.error_place import where
from desk.runtime.periodic import repeat
from desk.store import leases
from desk.store.dialogue import handoffs
from desk.store.inbound import events, web_sessions
from desk.store.outbound import billed_units, outbox_leases, receipts
from desk.store.people import erasures
from desk.store.pool import Store, is_away
from desk.store.replies import drafts
from desk.surveys.answer_ratings import AnswerRatings
from desk.surveys.sending import Surveys
from desk.turns.leases import LeaseLost
from desk.turns.loop import Turns

log = structlog.get_logger("sweeps")

UNANSWERED = 60.0  # seconds after which a message that was attempted but not answered goes to a person
BOT_WAIT = 180.0  # the same while the message waits for the bot: a live worker gives up after 120
LONGEST_LEASE = 60.0  # no lease is this long: if one is, the database's clock was set back
EVERY = 5.0
DEATHS = 5  # worker deaths after which an outbox item is marked unknown
DRAFTS = timedelta(days=90)  # what an agent has typed and not touched for this long is deleted
SETTLE = 8.0  # seconds to wait after a database outage, so that live workers can renew their leases


class Sweeps:
    """Run it in every worker."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        clock: Clock,
        *,
        unanswered: float = UNANSWERED,
        every: float = EVERY,
        settle: float = SETTLE,
        silences: Silences | None = None,
        waits: WaitScoring | None = None,
        holds: HoldDelivery | None = None,
        idle: IdleConversations | None = None,
        surveys: Surveys | None = None,
        ratings: AnswerRatings | None = None,
        partners: Outcomes | None = None,
    ) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock
        self._unanswered = unanswered
        self._every = every
        self._settle = settle
        self._silences = silences
        self._waits = waits
        self._holds = holds
        self._idle = idle
        self._surveys = surveys
        self._ratings = ratings
        self._partners = partners
        self._lapsed: dict[int, datetime] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Sweep periodically until `stop` is set."""
        # During an outage no lease could be renewed: live workers get time to do so.
        await repeat(self.sweep, stop, log, "sweep_broke", every=self._every, settle=self._settle)

    async def sweep(self) -> None:
        """Sweep once: hand off unanswered messages, end silences and idle conversations, ask for ratings, end transfers to partners, requeue what a dead worker was sending, delete old
        records."""
        for contact_id in await leases.release_impossible(self._store.pool, LONGEST_LEASE):
            log.warning("lease_freed", contact=str(contact_id))
        for contact_id in await events.list_unanswered(self._store.pool, self._unanswered, BOT_WAIT):
            await self._hand_over(contact_id)
        if self._silences is not None:
            await self._silences.end()
        if self._holds is not None:
            await self._holds.carry()
        if self._idle is not None:
            await self._idle.resolve()
        if self._surveys is not None:
            await self._surveys.ask()
        if self._ratings is not None:
            await self._ratings.ask()
        if self._partners is not None:
            await self._partners.end_due()
        await self._recover_abandoned_items()
        await receipts.delete_old(self._store.pool)
        await web_sessions.delete_expired(self._store.pool, self._clock())
        await handoffs.delete_old(self._store.pool)
        await billed_units.delete_old(self._store.pool)
        await drafts.delete_old(self._store.pool, self._clock() - DRAFTS)
        for contact_id in await erasures.delete_asked(self._store.pool):
            log.info("contact_erased", contact=str(contact_id))
        if self._waits is not None:
            await self._waits.keep()

    async def _hand_over(self, contact_id: UUID) -> None:
        try:
            if await self._turns.hand_over(contact_id):
                log.warning("handed_over_unanswered", contact=str(contact_id))
        except LeaseLost:
            return  # another worker is processing it after all
        except Exception as error:
            if is_away(error):
                raise
            # One failing handoff must not block the others: its turns count the failures and mark it dead.
            log.error(
                "hand_over_broke", contact=str(contact_id), error=type(error).__name__, where=where(error)
            )

    async def _recover_abandoned_items(self) -> None:
        # A lease that had expired at two sweeps and was not renewed in between belongs to a dead worker. One
        # sweep is not enough: if the database's clock jumps, every lease looks expired, and resending would
        # send twice.
        pool = self._store.pool
        before, self._lapsed = self._lapsed, await outbox_leases.list_lapsed(pool, LONGEST_LEASE)
        dead = {item: until for item, until in self._lapsed.items() if before.get(item) == until}
        for item, state in await outbox_leases.mark_abandoned(pool, dead, DEATHS) if dead else ():
            log.warning("delivery_taken_over", item=item, state=state)
