"""Who filed a request shows it with a code: it goes to the contact given at filing, and is entered in any conversation.

The same code confirms the address to which news of the request then go (ADR 89). It runs in the transaction that appends the
citizen's message, which has locked the citizen. What is answered does not tell whether there is such a request or contact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import structlog

from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Contact, Conversation, NewMessage
from desk.people.identity.codes import MASK, IdentityCodes, code_in, masked
from desk.requests.telling.reaching import GivenContact, Reaching
from desk.store import requests
from desk.store.dialogue import conversations
from desk.store.following import request_proofs
from desk.store.following.request_proofs import Purpose, RequestProof
from desk.store.people import contacts
from desk.store.pool import Executor

log = structlog.get_logger("desk.requests")

PROVE, NEWS, NO_NEWS = "prove_request", "request_news", "request_news_off"
"""The intents of our buttons."""
LIFE = timedelta(minutes=10)
TRIES = 5
BY_CONTACT, FOR_REQUEST, TO_ADDRESS = 3, 5, 5
"""Codes in an hour: of one citizen, for one number, and to one address."""


@dataclass(frozen=True, slots=True)
class PossessionSaid:
    """The desk's answer; `text` is the message as it is kept."""

    text: str
    said: str
    variables: Mapping[str, object] = field(default_factory=dict)


class Possession:
    """Built once by the worker."""

    def __init__(self, codes: IdentityCodes, reaching: Reaching, writer: MessageWriter, clock: Clock) -> None:
        self._codes = codes
        self._reaching = reaching
        self._writer = writer
        self._clock = clock

    async def take(
        self,
        transaction: Executor,
        conversation: Conversation,
        intent: str | None,
        entities: Mapping[str, object],
        text: str,
        *,
        proven: bool,
    ) -> PossessionSaid | None:
        """None if the message is about something else. `proven`: the contact certainly wrote it."""
        if intent == PROVE:
            return await self._ask(transaction, conversation, entities, text)
        if intent in (NEWS, NO_NEWS):
            return await self._news(transaction, conversation, intent, entities, text)
        given = code_in(text)
        open_one = await request_proofs.get_open(transaction, conversation.id) if given else None
        if given is None or open_one is None:
            return None
        return await self._enter(transaction, open_one, given, masked(text), proven=proven)

    async def _ask(
        self,
        transaction: Executor,
        conversation: Conversation,
        entities: Mapping[str, object],
        text: str,
    ) -> PossessionSaid:
        named = str(entities.get("reference") or "")[:100].upper()
        backend = str(entities["backend"]) if entities.get("backend") else None
        id = await request_proofs.get_request_id(transaction, backend, named)
        return await self._code(transaction, conversation, id, named, "open", text)

    async def _news(
        self,
        transaction: Executor,
        conversation: Conversation,
        intent: str,
        entities: Mapping[str, object],
        text: str,
    ) -> PossessionSaid | None:
        """Only buttons of our own messages come here: news is asked for where it was filed, and ended where it is sent."""
        try:
            id = UUID(str(entities.get("request")))
        except ValueError:
            return None
        row = await requests.get_request(transaction, id)
        if row is None:
            return None
        variables = {"reference": row.reference or ""}
        if intent == NO_NEWS:
            if await request_proofs.get_news_contact(transaction, id) == conversation.contact_id:
                await request_proofs.set_news_contact(transaction, id, None)
            return PossessionSaid(text, "request_news_ended", variables)
        if row.contact_id != conversation.contact_id:
            return None
        return await self._code(transaction, conversation, id, str(id), "news", text)

    async def _code(
        self,
        transaction: Executor,
        conversation: Conversation,
        id: UUID | None,
        named: str,
        purpose: Purpose,
        text: str,
    ) -> PossessionSaid:
        row = await requests.get_request(transaction, id) if id else None
        given = self._reaching.of(row.payload) if row else None
        target = await self._target(transaction, given, conversation) if given else None
        now = self._clock()
        sent_to = target.id if target else None
        asked = await request_proofs.count_asked(transaction, conversation.contact_id, named, sent_to, now)
        if asked.by_contact >= BY_CONTACT or asked.for_request >= FOR_REQUEST:
            return PossessionSaid(text, "proof_too_often")
        if asked.to_address >= TO_ADDRESS:
            target = None  # as if there were none: the answer tells a stranger nothing
        proof = RequestProof(
            uuid4(),
            conversation.id,
            conversation.contact_id,
            row.id if row and target else None,
            target.id if target else None,
            named,
            purpose,
            now + LIFE,
        )
        await request_proofs.add_proof(transaction, proof, now)
        if row is not None and target is not None:
            await self._send(transaction, target, proof.id, row.reference or "", conversation.language)
        log.info("proof_asked", proof=str(proof.id), purpose=purpose, sent=target is not None)
        if purpose == "open":  # perhaps a stranger: nothing of the contact goes into the answer
            return PossessionSaid(text, "proof_asked", {**_MINUTES, "reference": named})
        variables = {
            **_MINUTES,
            "reference": row.reference if row else "",
            "address": given.shown if given else "",
        }
        return PossessionSaid(text, "news_code_asked", variables)

    async def _target(
        self, transaction: Executor, given: GivenContact, conversation: Conversation
    ) -> Contact | None:
        """The contact with this address. Not somebody whose log another transaction writes now: to wait while the citizen is
        locked could be a deadlock."""
        id = await contacts.get_id(transaction, given.inbox, given.external_id)
        if id is None:
            id = await contacts.get_or_add(
                transaction, given.inbox, given.external_id, None, conversation.language
            )
        return await contacts.lock_free(transaction, id)

    async def _send(
        self, transaction: Executor, target: Contact, proof: UUID, reference: str, language: str | None
    ) -> None:
        """The message with the code, into the log of the contact: the digits are put in when it is sent."""
        there = await conversations.get_open(transaction, target.id)
        if there is None:
            spoken = self._writer.catalog.supported(target.language or language)
            there = await conversations.add_conversation(transaction, target, spoken, By("system", "opened"))
        spoken = self._writer.catalog.supported(there.language)
        values = {"code": MASK, "reference": reference, **_MINUTES}
        composed = self._writer.catalog.system("proof_code", spoken, values)
        extra = {"identity_check": str(proof)}
        await self._writer.say(transaction, there, NewMessage("system", composed, spoken, extra=extra))

    async def _enter(
        self, transaction: Executor, proof: RequestProof, given: str, kept: str, *, proven: bool
    ) -> PossessionSaid:
        if proof.expires_at <= self._clock():
            await request_proofs.mark_over(transaction, proof.id, "expired")
            return PossessionSaid(kept, "proof_over")
        right = self._codes.is_right(proof.id, given)
        if right and proven and proof.request_id is not None:
            await request_proofs.mark_over(transaction, proof.id, "confirmed")
            row = await requests.get_request(transaction, proof.request_id)
            variables = {"reference": (row.reference if row else "") or ""}
            log.info("proof_given", proof=str(proof.id), purpose=proof.purpose)
            if proof.purpose == "news":
                await request_proofs.set_news_contact(transaction, proof.request_id, proof.sent_to)
                return PossessionSaid(kept, "request_news_on", variables)
            return PossessionSaid(kept, "proof_confirmed", variables)
        left = TRIES - await request_proofs.add_try(transaction, proof.id)
        if left > 0:
            return PossessionSaid(kept, "identity_wrong", {"left": left})
        await request_proofs.mark_over(transaction, proof.id, "failed")
        return PossessionSaid(kept, "proof_over")


_MINUTES: dict[str, object] = {"minutes": int(LIFE.total_seconds() // 60)}
