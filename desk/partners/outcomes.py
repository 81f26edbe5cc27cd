"""The outcome of a transfer: the partner accepted, declined, did not answer in time, or could not be reached.

If declined, the conversation returns to its place in the queue; its page says why. Each outcome is sent to the
citizen, logged in the audit, and moves the conversation in the same transaction.
"""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import structlog

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Conversation
from desk.partners.answers import PartnerAnswer
from desk.people import audit
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Executor, Store
from desk.store.routing import partners
from desk.store.routing.partners import PartnerState, PartnerTransfer

log = structlog.get_logger("partners")

Taken = Literal["done", "again", "over", "unknown", "early"]
_TEXTS: Mapping[PartnerState, str] = {
    "declined": "partner_declined",
    "timed_out": "partner_silent",
    "failed": "partner_unreachable",
    "unanswered": "partner_unanswered",
    "withdrawn": "partner_withdrawn",
}
_BACK: tuple[PartnerState, ...] = ("declined", "timed_out", "failed")


class Outcomes:
    """Built once by the gateway and by the worker."""

    def __init__(
        self,
        store: Store,
        city: City,
        writer: MessageWriter,
        handoffs: Handoffs,
        announcer: Announcer,
        clock: Clock,
    ) -> None:
        self._store = store
        self._city = city
        self._writer = writer
        self._handoffs = handoffs
        self._announcer = announcer
        self._clock = clock

    async def take(self, partner: str, transfer_id: UUID, answer: PartnerAnswer) -> Taken:
        """Process the partner's answer. A repeated answer counts once; a different one is too late."""
        if answer.state == "pending":
            return "done"
        async with self._store.transaction() as transaction:
            transfer, conversation = await self._locked(transaction, transfer_id)
            if transfer is None or conversation is None or transfer.partner != partner:
                return "unknown"
            if not transfer.is_open:
                return "again" if transfer.state == answer.state else "over"
            if transfer.sent_at is None or transfer.answer_by is None:
                return "early"  # nothing has been sent yet, so there is nothing to accept
            if conversation.state in ("bot", "resolved") or transfer.answer_by <= self._clock():
                return "over"
            if answer.state == "accepted":
                await self._accepted(transaction, transfer, conversation, answer.reference)
            else:
                reason = sanitize_text(answer.reason or "").strip() or None
                await self._ended(transaction, transfer, conversation, "declined", reason)
            return "done"

    async def end(self, transfer_id: UUID, state: PartnerState) -> None:
        """It is over without an answer of the partner's. Nothing happens if it was over before."""
        async with self._store.transaction() as transaction:
            transfer, conversation = await self._locked(transaction, transfer_id)
            if transfer is not None and conversation is not None and transfer.is_open:
                await self._ended(transaction, transfer, conversation, state, None)

    async def end_due(self) -> None:
        """End those whose time is over, or whose conversation is resolved or the assistant's again."""
        for found in await partners.list_over(self._store.pool, self._clock()):
            async with self._store.transaction() as transaction:
                transfer, conversation = await self._locked(transaction, found.id)
                if transfer is None or conversation is None or transfer.state != found.state:
                    continue
                if conversation.state in ("bot", "resolved"):
                    state: PartnerState = "withdrawn"
                elif transfer.state == "asked":
                    state = "unanswered"
                else:
                    state = "timed_out" if transfer.state == "sent" else "failed"
                await self._ended(transaction, transfer, conversation, state, None)

    async def _locked(
        self, transaction: Executor, transfer_id: UUID
    ) -> tuple[PartnerTransfer | None, Conversation | None]:
        found = await partners.get_transfer(transaction, transfer_id)
        contact_id = await conversations.get_contact_id(transaction, found.conversation_id) if found else None
        if found is None or contact_id is None or await contacts.lock(transaction, contact_id) is None:
            return None, None
        transfer = await partners.get_transfer(transaction, transfer_id)
        return transfer, await conversations.get_by_id(transaction, found.conversation_id)

    async def _accepted(
        self,
        transaction: Executor,
        transfer: PartnerTransfer,
        conversation: Conversation,
        reference: str | None,
    ) -> None:
        await partners.mark_closed(transaction, transfer.id, "accepted", self._clock(), reference)
        moved = await conversations.resolve(transaction, conversation.id, By("system", "partner_took"))
        name = "partner_accepted_reference" if reference else "partner_accepted"
        values = self._values(transfer) | ({"reference": reference} if reference else {})
        await self._writer.system(transaction, moved or conversation, name, values)
        await self._noted(transaction, transfer, conversation, "accepted")

    async def _ended(
        self,
        transaction: Executor,
        transfer: PartnerTransfer,
        conversation: Conversation,
        state: PartnerState,
        reason: str | None,
    ) -> None:
        await partners.mark_closed(transaction, transfer.id, state, self._clock(), None, reason)
        if conversation.state != "resolved":
            await self._writer.system(transaction, conversation, _TEXTS[state], self._values(transfer))
        if state in _BACK:
            moved = await conversations.release(transaction, conversation.id, By("system", "partner_back"))
            if moved is not None:
                await self._handoffs.tell_place(transaction, moved)
        await self._noted(transaction, transfer, conversation, state)

    async def _noted(
        self, transaction: Executor, transfer: PartnerTransfer, conversation: Conversation, state: str
    ) -> None:
        await audit.record(
            transaction,
            None,
            f"partner_{state}",
            conversation.id,
            self._clock(),
            transfer=str(transfer.id),
            partner=transfer.partner,
        )
        self._announcer.added(conversation)
        self._announcer.moved(conversation)
        log.info("partner_transfer_over", transfer=str(transfer.id), state=state)

    def _values(self, transfer: PartnerTransfer) -> dict[str, object]:
        config = self._city.partner(transfer.partner)
        return {"partner": config.title if config else transfer.partner}
