"""Posts updates on a service request in its conversation."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from uuid import UUID

import structlog

from backends.base import RequestStatus
from city.services import CityService
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Composed, Conversation, Handoff, Message, NewMessage
from desk.requests.change_news import CLOSED_REQUEST, report_in_words
from desk.requests.learned import propose
from desk.requests.rerouting import Rerouting
from desk.requests.telling.news_elsewhere import NewsElsewhere
from desk.requests.telling.notes import news_of, note_of
from desk.runtime.clock import utc_now
from desk.store import requests
from desk.store.dialogue import conversations
from desk.store.following import closures, followed_requests
from desk.store.following.request_followers import FollowerRow
from desk.store.people import contacts
from desk.store.pool import Executor
from desk.store.requests import ServiceRequestRow

log = structlog.get_logger("news")
_NOTICE = 500
_NOT_OURS = Handoff(
    "failed",
    "The back end says that this person's report is not its own. See the request; find out who looks after it.",
)
_REFUSED = Handoff("failed", "The back end refused this person's report. See the request for its reasons.")

StatusPage = Callable[[str, str, str], str | None]
"""The address of a public page about a request, from back end, number and language; None if there is none."""


def no_page(_backend: str, _reference: str, _language: str) -> str | None:
    """No back end has one."""
    return None


class RequestNews:
    """The filer calls `tell` inside the transaction of the change, the follower `tell_status`."""

    def __init__(
        self,
        writer: MessageWriter,
        handoffs: Handoffs,
        announcer: Announcer,
        services: Mapping[str, CityService] | None = None,
        page: StatusPage = no_page,
        rerouting: Rerouting | None = None,
        elsewhere: NewsElsewhere | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._writer = writer
        self._handoffs = handoffs
        self._announcer = announcer
        self._services = services or {}
        self._page = page
        self._rerouting = rerouting or Rerouting()
        self._elsewhere = elsewhere
        self._clock = clock

    async def tell(
        self, transaction: Executor, row: ServiceRequestRow, news: str, variables: Mapping[str, object]
    ) -> None:
        """Tell `filed` (reference, notice), `filing_delayed` or `filing_refused`. Erased contacts are not
        told."""
        if row.contact_id is None or row.conversation_id is None:
            return
        contact = await contacts.lock(transaction, row.contact_id)
        conversation = await conversations.get_by_id(transaction, row.conversation_id)
        if contact is None or conversation is None:
            return
        if news == "filing_refused" and conversation.state == "resolved":
            # The citizen is promised a person, and agents do not look at resolved conversations.
            conversation = await self._open_again(transaction, conversation)
        reference = str(variables.get("reference") or "")
        if news == "filed" and reference:
            language = self._writer.catalog.supported(conversation.language)
            variables = {**variables, "page": self._page(row.backend, reference, language)}
        needs_person = news == "filing_refused" and conversation.state == "bot"
        if needs_person and await self._handoffs.limit_reached(transaction, conversation, _REFUSED):
            # No person can be promised then; the request book still shows the refusal.
            needs_person, news = False, "filing_refused_limited"
        offer = None
        if news == "filed" and self._elsewhere is not None and reference:
            language = self._writer.catalog.supported(conversation.language)
            offer = self._elsewhere.offer(row, conversation.inbox, language)
        await self._say(transaction, conversation, news, variables, offer, row=row)
        if needs_person:
            # The citizen was promised a person.
            await self._handoffs.hand_off(transaction, conversation, _REFUSED, By("system", "filing_refused"))
        self._announcer.added(conversation)

    async def tell_status(self, transaction: Executor, id: UUID, status: RequestStatus) -> None:
        """Tell that a request is open or closed now, or what is said of an open one, if the citizen is to be told and does
        not know it yet."""
        if status.status not in ("open", "closed") or not status.understood:
            return
        note = note_of(status)
        noted = note is not None and await followed_requests.mark_note_told(transaction, id, note)
        changed = not status.unchanged and await followed_requests.mark_status_told(
            transaction, id, status.status
        )
        if not changed and not noted:
            return
        row = await requests.get_request(transaction, id)
        if row is None or row.contact_id is None or row.conversation_id is None:
            return
        contact = await contacts.lock(transaction, row.contact_id)
        conversation = await conversations.get_by_id(transaction, row.conversation_id)
        if contact is None or conversation is None:
            return
        language = self._writer.catalog.supported(conversation.language)
        variables = {
            "report": report_in_words(row, self._services, language),
            "reference": row.reference,
            "notice": status.notes,
        }
        if status.not_ours:
            await self._tell_not_ours(transaction, row, conversation, variables)
            return
        if not changed or (status.stage and status.status == "open"):
            await self._say(transaction, conversation, news_of(status), variables, row=row)
            self._announcer.added(conversation)
            return
        variables["photo"] = status.photo
        asks = status.status == "closed" and not await closures.is_asked(transaction, id)
        ask = _question(self._writer, language, id) if asks else None
        message = await self._say(
            transaction, conversation, f"request_{status.status}", variables, ask, row=row
        )
        if asks:
            await closures.add_check(transaction, id, contact.id, message.id, message.created_at)
        self._announcer.added(conversation)

    async def _tell_not_ours(
        self,
        transaction: Executor,
        row: ServiceRequestRow,
        conversation: Conversation,
        variables: Mapping[str, object],
    ) -> None:
        """The back end says that it is not its own: it is filed again with whom the catalogue names, or a person looks."""
        other = await self._rerouting.file_again(transaction, row)
        await propose(transaction, row, other.code if other else "", self._clock())
        if other:
            language = self._writer.catalog.supported(conversation.language)
            named = {**variables, "service": other.called(language)}
            await self._say(transaction, conversation, "request_rerouted", named, row=row)
            self._announcer.added(conversation)
            return
        if conversation.state == "resolved":
            conversation = await self._open_again(transaction, conversation)
        news, needs_person = "request_not_ours", conversation.state == "bot"
        if needs_person and await self._handoffs.limit_reached(transaction, conversation, _NOT_OURS):
            needs_person, news = False, "request_not_ours_limited"
        await self._say(transaction, conversation, news, variables, row=row)
        if needs_person:
            await self._handoffs.hand_off(
                transaction, conversation, _NOT_OURS, By("system", "filing_refused")
            )
        self._announcer.added(conversation)

    async def _open_again(self, transaction: Executor, conversation: Conversation) -> Conversation:
        """A conversation in which agents look: the open one of this contact, or a new one."""
        contact = await contacts.lock(transaction, conversation.contact_id)
        if contact is None:
            return conversation
        return await conversations.get_open(transaction, contact.id) or await conversations.add_conversation(
            transaction, contact, conversation.language, By("system", "opened")
        )

    async def tell_follower(
        self, transaction: Executor, follower: FollowerRow, status: RequestStatus
    ) -> None:
        """Tell somebody who follows another citizen's request that it is open or closed now."""
        if status.status not in ("open", "closed"):
            return
        contact = await contacts.lock(transaction, follower.contact_id)
        conversation = await conversations.get_by_id(transaction, follower.conversation_id)
        if contact is None or conversation is None:
            return
        language = self._writer.catalog.supported(conversation.language)
        service = self._services.get(follower.service_code)
        name = service.called(language) if service else follower.service_code
        report = f"{follower.reference} ({name})"
        variables = {
            "report": report,
            "reference": follower.reference,
            "notice": status.notes,
            "photo": status.photo,
        }
        await self._say(transaction, conversation, f"request_{status.status}_followed", variables)
        self._announcer.added(conversation)

    async def _say(
        self,
        transaction: Executor,
        conversation: Conversation,
        news: str,
        variables: Mapping[str, object],
        ask: Composed | None = None,
        *,
        row: ServiceRequestRow | None = None,
    ) -> Message:
        """Into the conversation, and with `row` also where its citizen wants news of it."""
        name = {"filing_refused": "refused", "filing_refused_limited": "refused_limited"}.get(news, news)
        if news == "filed" and not variables.get("reference"):
            name = "filed_without_reference"
        language = self._writer.catalog.supported(conversation.language)
        composed = self._writer.catalog.system(name, language, variables)
        if variables.get("page"):
            page = self._writer.catalog.system("filed_page", language, variables).text
            composed = Composed(f"{composed.text} {page}", composed.buttons)
        if notice := str(variables.get("notice") or "").strip():
            composed = Composed(f"{composed.text}\n\n{notice[:_NOTICE]}", composed.buttons)
        if variables.get("photo"):
            photo = self._writer.catalog.system("closure_photo", language, variables).text
            composed = Composed(f"{composed.text}\n\n{photo}", composed.buttons)
        # Values for a provider's template (one line of plain text), in case the reply window is over by then.
        values = {"reference": str(variables.get("reference") or ""), "news": composed.text}
        told = composed
        if ask is not None:
            composed = Composed(f"{composed.text}\n\n{ask.text}", ask.buttons)
        new = NewMessage("system", composed, language, extra={"news": values})
        message = await self._writer.say(transaction, conversation, new)
        if row is not None and self._elsewhere is not None:
            await self._elsewhere.send(transaction, row, told, told.text)
        return message


def _question(writer: MessageWriter, language: str, id: UUID) -> Composed:
    """ "Was it really fixed?", with the request in its buttons."""
    asked = writer.catalog.system("closure_ask", language)
    buttons = tuple(replace(one, entities={CLOSED_REQUEST: str(id)}) for one in asked.buttons)
    return Composed(asked.text, buttons)
