"""An agent requests a transfer to a partner desk: the citizen is asked for consent to share the conversation."""

from datetime import timedelta
from uuid import UUID, uuid5

from city import City
from desk.conversations.ownership import Ownership, check_holder
from desk.model import (
    Actor,
    Clock,
    Composed,
    Conversation,
    NewMessage,
    NotFound,
    OfferedButton,
    Refused,
    WrongState,
)
from desk.partners.consent import TRANSFER
from desk.runtime.sanitize import sanitize_text
from desk.store.people import contacts
from desk.store.routing import partners

LONGEST_NOTE = 2_000


class PartnerTransfers:
    """Built once by the console's composition root. The methods raise the same errors as those of Ownership."""

    def __init__(self, ownership: Ownership, city: City, clock: Clock) -> None:
        self._ownership = ownership
        self._city = city
        self._clock = clock

    async def ask(
        self, actor: Actor, conversation_id: UUID, name: str, note: str, client_id: str
    ) -> Conversation:
        """Ask the citizen. The conversation stays with its agent. The same `client_id` again asks nothing."""
        kept = sanitize_text(note).strip()
        if not kept:
            raise Refused("empty_note", "Tell the partner what it is about. The citizen was not asked yet.")
        if len(kept) > LONGEST_NOTE:
            raise Refused(
                "note_too_long",
                f"The note can have at most {LONGEST_NOTE} characters. Shorten it. The citizen was not asked.",
            )
        transfer_id = uuid5(conversation_id, f"partner:{client_id}")
        async with self._ownership.acting(
            actor, conversation_id, "partner_asked", partner=name, transfer=str(transfer_id)
        ) as (transaction, before):
            check_holder(actor, before)
            if before.state not in ("assigned", "waiting_on_contact"):
                raise WrongState(before.state, "Claim the conversation first. The citizen was not asked.")
            if await partners.get_transfer(transaction, transfer_id):
                return before
            partner = next(
                (one for one in self._city.partners_for(before.language, before.topic) if one.name == name),
                None,
            )
            if partner is None:
                raise NotFound(
                    "There is no such partner for this language and topic. The citizen was not asked."
                )
            latest = await partners.get_latest(transaction, conversation_id)
            if latest is not None and latest.is_open:
                raise Refused("partner_open", "A transfer to a partner is under way. Withdraw it first.")
            contact = await contacts.get_by_id(transaction, before.contact_id)
            if contact is None or contact.opted_out_at is not None:
                raise Refused(
                    "opted_out", "This person gets no messages from us, so we cannot ask for consent."
                )
            writer = self._ownership.writer
            language = writer.catalog.supported(before.language)
            values = {"partner": partner.title, "hours": partner.consent_hours}
            question = "partner_ask_mail" if partner.email else "partner_ask"
            asked = writer.catalog.system(question, language, values)
            composed = Composed(
                asked.text,
                tuple(
                    OfferedButton(one.title, one.intent, {TRANSFER: str(transfer_id)})
                    for one in asked.buttons
                ),
            )
            message = await writer.say(transaction, before, NewMessage("system", composed, language))
            now = self._clock()
            await partners.add_transfer(
                transaction,
                transfer_id,
                conversation_id,
                name,
                actor.agent_id,
                kept,
                message.seq,
                now,
                now + timedelta(hours=partner.consent_hours),
            )
            return before

    async def withdraw(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """End the transfer that is under way; the citizen is told. What was sent cannot be taken back."""
        async with self._ownership.acting(actor, conversation_id, "partner_withdrawn") as (
            transaction,
            before,
        ):
            check_holder(actor, before)
            latest = await partners.get_latest(transaction, conversation_id)
            if latest is None or not await partners.mark_closed(
                transaction, latest.id, "withdrawn", self._clock()
            ):
                raise WrongState(before.state, "This transfer has already ended.")
            config = self._city.partner(latest.partner)
            await self._ownership.writer.system(
                transaction,
                before,
                "partner_withdrawn",
                {"partner": config.title if config else latest.partner},
            )
            return before
