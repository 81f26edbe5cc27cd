"""Tells a citizen the outcome of a change to one of their requests, or hands it to a person."""

from collections.abc import Mapping
from dataclasses import replace

import structlog

from city.services import CityService, in_language
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import By, Conversation, Handoff
from desk.store import request_changes
from desk.store.dialogue import conversations, summaries
from desk.store.people import contacts
from desk.store.pool import Executor
from desk.store.request_changes import RequestChangeRow
from desk.store.requests import ServiceRequestRow

log = structlog.get_logger("news")


CLOSED_REQUEST = "request"
"""Which request the buttons of "was it really fixed?" are about."""
_WISHES = {
    "withdraw": "Wants a filed report withdrawn",
    "complement": "Wants a filed report changed or added to",
    "reopen": "Says that a closed report is not solved; it goes on, and somebody should look",
}


class ChangeNews:
    """Called inside the transaction of the change. Erased contacts are not told."""

    def __init__(
        self,
        writer: MessageWriter,
        handoffs: Handoffs,
        announcer: Announcer,
        services: Mapping[str, CityService],
    ) -> None:
        self._writer = writer
        self._handoffs = handoffs
        self._announcer = announcer
        self._services = services

    async def tell(
        self, transaction: Executor, row: RequestChangeRow, request: ServiceRequestRow, name: str
    ) -> None:
        """One of the desk's `change_…` messages, which name the report."""
        conversation = await self._conversation(transaction, row)
        if conversation is not None:
            await self._say(transaction, conversation, request, name)
            self._announcer.added(conversation)

    async def hand_over(
        self, transaction: Executor, row: RequestChangeRow, request: ServiceRequestRow
    ) -> None:
        """Hand the change to a person, with everything that is known about the report."""
        conversation = await self._conversation(transaction, row, reopen=True)
        if conversation is None:
            return
        summary = self._summary(row, request, conversation)
        handoff = Handoff("asked", summary)
        by_bot = conversation.state == "bot"
        if by_bot and await self._handoffs.limit_reached(transaction, conversation, handoff):
            # Then no person can be promised; the change stays in the table for a person to carry out.
            await self._say(transaction, conversation, request, "change_needs_person_limited")
        else:
            await self._say(transaction, conversation, request, "change_needs_person")
            if by_bot:
                await self._handoffs.hand_off(transaction, conversation, handoff, By("bot", "asked"))
            else:
                await summaries.add_to_summary(transaction, conversation.id, summary)
        self._announcer.added(conversation)

    async def disputed(
        self, transaction: Executor, row: RequestChangeRow, request: ServiceRequestRow, name: str
    ) -> None:
        """Tell that a request goes on which its citizen says is not solved; a person looks in any case."""
        conversation = await self._conversation(transaction, row, reopen=True)
        if conversation is None:
            return
        await self._say(transaction, conversation, request, name)
        handoff = Handoff("asked", self._summary(row, request, conversation))
        limited = conversation.state != "bot" or await self._handoffs.limit_reached(
            transaction, conversation, handoff
        )
        if limited:
            await summaries.add_to_summary(transaction, conversation.id, handoff.summary)
        else:
            await self._handoffs.hand_off(transaction, conversation, handoff, By("contact", "not_solved"))
        self._announcer.added(conversation)

    async def _conversation(
        self, transaction: Executor, row: RequestChangeRow, *, reopen: bool = False
    ) -> Conversation | None:
        if row.contact_id is None:
            return None
        contact = await contacts.lock(transaction, row.contact_id)
        if contact is None:
            return None
        asked_in = row.conversation_id and await conversations.get_by_id(transaction, row.conversation_id)
        if asked_in and (asked_in.state != "resolved" or not reopen):
            return asked_in
        # Agents do not look at resolved conversations.
        return await conversations.get_open(transaction, contact.id) or await conversations.add_conversation(
            transaction, contact, self._writer.catalog.supported(contact.language), By("system", "opened")
        )

    async def _say(
        self, transaction: Executor, conversation: Conversation, request: ServiceRequestRow, name: str
    ) -> None:
        language = self._writer.catalog.supported(conversation.language)
        if place := await request_changes.get_corrected_address(transaction, request.id):
            request = replace(request, payload={**request.payload, "address": place})
        variables = {"report": report_in_words(request, self._services, language)}
        await self._writer.system(transaction, conversation, name, variables)

    def _summary(self, row: RequestChangeRow, request: ServiceRequestRow, conversation: Conversation) -> str:
        language = self._writer.catalog.supported(None)
        lines = [f"{_WISHES[row.kind]}: {report_in_words(request, self._services, language)}."]
        if text := str(row.payload.get("text") or ""):
            lines.append(f"The citizen wrote: {text[:600]}")
        if media := row.payload.get("media"):
            lines.append(f"Photos to add: {len(media)} (in the conversation)")
        lines.append(f"Back end: {request.backend}. Reference: {request.reference or 'none'}.")
        if description := str(request.payload.get("description") or ""):
            lines.append(f"The report says: {description[:600]}")
        return "\n".join(lines)


def report_in_words(request: ServiceRequestRow, services: Mapping[str, CityService], language: str) -> str:
    """SR-7K2P-Q9XM (Pothole, 12 Elm Street), as far as it is known."""
    service = services.get(request.service_code)
    about = [
        in_language(service.name, language)
        if service
        else str(request.payload.get("service_name") or request.service_code)[:120],
        str(request.payload.get("address") or "")[:120],
    ]
    details = ", ".join(one for one in about if one)
    return f"{request.reference} ({details})" if request.reference else details
