"""The page of one conversation: its messages, the bot's understanding, the contact and the actions taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console import words
from console.conversations.reach import reach_shown
from console.deps import ConsoleDeps
from console.guard import Visit
from console.knowledge.answers import offer
from console.queue.pane import Pane
from console.rendering import HEADERS, Pages
from desk.conversations.transfers import may_answer
from desk.knowledge.finder import AnswerFinder
from desk.model import Conversation, Message, NotAllowed, NotFound
from desk.people import audit
from desk.people.access import access_conversation, access_media
from desk.people.permissions import Permission, may
from desk.store.dialogue import (
    desk_rows,
    listing,
    messages,
    notes,
    quotes,
    standing,
    understanding,
)
from desk.store.outbound import dead_letters
from desk.store.people import agents, contacts, links

EARLIER = 40
"""How many of the latest messages are compared with what the page shows, as their status may have changed."""
OFFERED = 3
"""Approved answers shown beside a conversation."""
FEWEST_FOLDED = 3
"""Fewer messages of the bot's part are not worth folding."""
SHOWN_AS_IMAGE = ("image/jpeg", "image/png", "image/webp", "image/gif")


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of the reply box: `client_id` makes sending it twice idempotent."""

    client_id: str
    text: str = ""
    alt: str = ""
    choices: str = ""
    asks_location: bool = False
    takes_thread: bool = False
    passes_thread: bool = False


def bot_part(transcript: Sequence[Message], queued_at: datetime | None) -> int:
    """How many messages at the beginning are the bot's conversation and can be folded: all before the message
    that led to the handoff. 0 if they are few."""
    if queued_at is None:
        return 0
    before = [message for message in transcript if message.created_at <= queued_at]
    last = max((place for place, message in enumerate(before) if message.author == "contact"), default=0)
    return last if last >= FEWEST_FOLDED else 0


class ConversationPages:
    """GET /console/conversations/<id>, its fragment and its photos."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, pane: Pane, services: dict[str, str]) -> None:
        self._deps = deps
        self._pages = pages
        self._pane = pane
        self._services = services
        self._finder = AnswerFinder(deps.catalog.answers)

    async def show(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Show the page and record the access in the audit log."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        await audit.record(self._deps.store.pool, visit.actor.agent_id, "view", conversation_id, visit.now)
        notice = words.NOTICES.get(visit.request.args.get("notice", ""))
        return await self.render(visit, conversation, notice=notice)

    async def render(
        self,
        visit: Visit,
        conversation: Conversation,
        *,
        status: int = 200,
        alert: str | None = None,
        notice: str | None = None,
        draft: Draft | None = None,
    ) -> HTTPResponse:
        """Render the page in any situation; after a refusal the typed text is still in the box."""
        values = await self._values(visit, conversation) | await self._pane.values(visit, conversation.id)
        return self._pages.page(
            "conversation.html",
            session=visit.session,
            status=status,
            alert=alert,
            notice=notice,
            draft=draft or Draft(str(uuid4())),
            **values,
        )

    async def again(self, visit: Visit, before: Conversation) -> Conversation:
        """The conversation's current state; the earlier one, if this agent may no longer see it."""
        try:
            return await access_conversation(self._deps.store.pool, visit.actor, before.id)
        except (NotFound, NotAllowed):
            return before

    async def fragment(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """What may have changed: messages after `after`, state, actions, side panel. Access is recorded as
        for the page."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        await audit.record_read(
            self._deps.store.pool, visit.actor.agent_id, "live", conversation_id, visit.now
        )
        given = visit.request.args.get("after", "0")
        after = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
        values = await self._values(visit, conversation, after)
        return self._pages.fragment("_live.html", session=visit.session, draft=Draft(str(uuid4())), **values)

    async def photo(self, visit: Visit, conversation_id: UUID, media_id: UUID) -> HTTPResponse:
        """A photo that this conversation's contact sent or received; the access is recorded."""
        found = await access_media(self._deps.store.pool, visit.actor, conversation_id, media_id)
        await audit.record_read(
            self._deps.store.pool, visit.actor.agent_id, "media", conversation_id, visit.now,
            media=str(media_id),
        )  # fmt: skip
        data = await self._deps.media.read(found.file_name)
        if data is None:
            raise NotFound("The file is no longer there.")
        image = found.content_type in SHOWN_AS_IMAGE
        headers = HEADERS | {
            "content-security-policy": "default-src 'none'; sandbox",
            "content-disposition": "inline" if image else "attachment",
            "cache-control": "private, max-age=3600",
            "vary": "Cookie",
        }
        content_type = found.content_type if image else "application/octet-stream"
        return HTTPResponse(data, 200, headers, content_type=content_type)

    def _offers(
        self, transcript: Sequence[Message], conversation: Conversation, visit: Visit
    ) -> list[dict[str, object]]:
        """The approved answers that fit what the citizen wrote last, for the agent to send."""
        said = [one.text for one in transcript if one.author == "contact" and one.text]
        language = self._deps.catalog.supported(conversation.language)
        today = visit.now.astimezone(self._deps.city.zone).date()
        found = self._finder.find(said[-1] if said else "", language, OFFERED)
        return [offer(self._deps.catalog, one.answer.id, language, today) for one in found]

    async def _values(self, visit: Visit, conversation: Conversation, after: int = 0) -> dict[str, Any]:
        pool = self._deps.store.pool
        contact = await contacts.get_by_id(pool, conversation.contact_id)
        if contact is None:
            raise NotFound("There is no such contact.")
        transcript = await messages.list_of_conversation(pool, conversation.id)
        reads_audit = may(visit.actor, Permission.READ_AUDIT)
        return {
            "conversation": conversation,
            "contact": contact,
            "messages": [message for message in transcript if message.seq > after],
            "last_seq": transcript[-1].seq if transcript else 0,
            "quotes": await quotes.list_quoted(
                pool, contact.id, [message.quotes for message in transcript if message.quotes]
            ),
            "understood": await understanding.list_of_conversation(pool, conversation.id),
            "requests": await understanding.list_requests_of_contact(pool, contact.id),
            "services": self._services,
            "others": [
                other
                for other in await listing.list_others_of_contact(pool, visit.scope, contact.id)
                if other[0] != conversation.id
            ],
            "place": await standing.get_place(pool, conversation.id),
            "audit": await audit.of_conversation(pool, conversation.id) if reads_audit else [],
            "mine": conversation.agent_id == visit.actor.agent_id,
            "reads_audit": reads_audit,
            "answers_for_others": may(visit.actor, Permission.ANSWER_FOR_OTHERS),
            "counts": await desk_rows.count_desk(pool, visit.scope),
            "bot_part": bot_part(transcript, conversation.queued_at) if after == 0 else 0,
            "offers": self._offers(transcript, conversation, visit),
            "notes": await notes.list_of_conversation(pool, conversation.id),
            "teams": [one for one in self._deps.city.teams if one.name != conversation.team],
            "colleagues": [
                one
                for one in await agents.list_active(pool)
                if one.id not in (visit.actor.agent_id, conversation.agent_id)
                and may_answer(one, conversation)
            ],
            "images": SHOWN_AS_IMAGE,
            "shows": self._deps.capabilities.get(conversation.inbox),
            "linked": [
                (other, await listing.list_others_of_contact(pool, visit.scope, other.id))
                for other in await links.list_linked(pool, contact.id)
            ],
            "unsent": await dead_letters.list_unsent(pool, conversation.id),
            # A provider's report on a message arrives after the message was shown.
            "earlier": [
                message
                for message in transcript[-EARLIER:]
                if message.seq <= after and (message.author != "contact" or message.deleted_at)
            ],
            "reach": reach_shown(
                self._deps,
                self._deps.capabilities.get(conversation.inbox),
                contact,
                conversation.language,
                visit.now,
            ),
        }
