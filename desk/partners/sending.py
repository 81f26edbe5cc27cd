"""Sends a transfer after the citizen's consent. The call is recorded before it is made; after a lost answer the same transfer is sent
again with the same key, so that the partner has it once.

    consented ── call ──> pending ──> sent ── call of the partner's ──> accepted, declined
        │          ├────> accepted, declined
        │          └────> refused for good ──> failed
        └── no usable answer ──> tried again until the partner's time is over ──> failed
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from random import SystemRandom

import structlog

from city import City
from desk.model import Clock
from desk.partners.answers import PartnerAnswer
from desk.partners.client import PartnerAway, PartnerClient, PartnerRefused
from desk.partners.mailing import PartnerMails
from desk.partners.outcomes import Outcomes
from desk.partners.registry import Partner
from desk.partners.transcript import transfer_body
from desk.people import audit
from desk.requests.claim_loop import ClaimLoop
from desk.runtime.error_place import where
from desk.runtime.timing import PartnerTiming
from desk.store.dialogue import conversations, messages
from desk.store.people import contacts
from desk.store.pool import UNREACHABLE, Store
from desk.store.routing import partners
from desk.store.routing.partners import PartnerTransfer

log = structlog.get_logger("partners")


class PartnerSender:
    """Run it in every worker."""

    def __init__(
        self,
        store: Store,
        city: City,
        known: Mapping[str, Partner],
        client: PartnerClient,
        mails: PartnerMails,
        outcomes: Outcomes,
        clock: Clock,
        timing: PartnerTiming | None = None,
        jitter: Callable[[float], float] | None = None,
    ) -> None:
        self._store = store
        self._city = city
        self._known = known
        self._client = client
        self._mails = mails
        self._outcomes = outcomes
        self._clock = clock
        self._timing = timing = timing or PartnerTiming()
        self._jitter = jitter or (lambda most: SystemRandom().uniform(0, most))
        self._loop = ClaimLoop(
            "partners",
            lambda: partners.claim(store.pool, clock(), timing.lease),
            self._process,
            lambda held: partners.renew(store.pool, held, timing.lease),
            beat=timing.beat,
            poll=timing.poll,
            at_once=4,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set. Without partners there is nothing to do but to wait for that."""
        if not self._known:
            await stop.wait()
            return
        await self._loop.run(stop)

    async def step(self) -> bool:
        """Send the next one that is due; False if there is none."""
        return await self._loop.step()

    async def _process(self, row: PartnerTransfer) -> None:
        try:
            await self._send(row)
        except UNREACHABLE as error:
            log.warning("partner_interrupted", transfer=str(row.id), error=type(error).__name__)
        except Exception as error:
            log.error("partner_broke", transfer=str(row.id), error=type(error).__name__, where=where(error))
            with suppress(*UNREACHABLE):
                await self._later(row)

    async def _send(self, row: PartnerTransfer) -> None:
        partner = self._known.get(row.partner)
        if partner is None:
            await self._outcomes.end(row.id, "failed")
            return
        prepared = await self._prepare(row, partner)
        if prepared is None:
            return
        sending, body = prepared
        try:
            answer = await self._call(partner, sending, body)
        except PartnerRefused as error:
            log.error("partner_refused", transfer=str(row.id), partner=row.partner, error=str(error))
            await self._outcomes.end(row.id, "failed")
            return
        except PartnerAway as error:
            log.warning("partner_away", transfer=str(row.id), partner=row.partner, error=str(error))
            await self._later(row)
            return
        await partners.mark_sent(self._store.pool, sending)
        await self._outcomes.take(row.partner, row.id, answer)

    async def _call(self, partner: Partner, row: PartnerTransfer, body: dict[str, object]) -> PartnerAnswer:
        if partner.config.email:
            return await self._mails.send(partner, row, body)
        return await self._client.send(partner, str(row.id), body)

    async def _prepare(
        self, row: PartnerTransfer, partner: Partner
    ) -> tuple[PartnerTransfer, dict[str, object]] | None:
        """Record that a call begins, and read what is sent as it is now: what was deleted meanwhile does not go."""
        now = self._clock()
        async with self._store.transaction() as transaction:
            contact_id = await conversations.get_contact_id(transaction, row.conversation_id)
            contact = await contacts.lock(transaction, contact_id) if contact_id else None
            conversation = await conversations.get_by_id(transaction, row.conversation_id)
            if contact is None or conversation is None or conversation.state in ("bot", "resolved"):
                return None
            if row.answer_by is not None and row.answer_by <= now:
                return None
            sending = await partners.mark_sending(
                transaction, row, now, now + timedelta(hours=self._city.terms_of(partner.config).answer_hours)
            )
            if sending is None:
                return None
            if row.sent_at is None:
                ids = {"transfer": str(row.id), "partner": row.partner}
                await audit.record(transaction, None, "partner_sent", row.conversation_id, now, **ids)
            written = await messages.list_of_conversation(transaction, row.conversation_id)
        return sending, transfer_body(sending, conversation, contact, written, self._city.name)

    async def _later(self, row: PartnerTransfer) -> None:
        most = min(self._timing.longest, self._timing.base * 2 ** min(row.attempts, 16))
        at = self._clock() + timedelta(seconds=self._jitter(most))
        await partners.mark_later(self._store.pool, row, at)
