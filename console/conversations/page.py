"""The page of one conversation: its messages, the bot's understanding, the contact and past actions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse

from city.services import CityService
from console import words
from console.conversations.matters import MattersShown
from console.conversations.reach import reach_shown
from console.conversations.transcript import bot_part, said_since
from console.conversations.whom import IdentityShown
from console.deps import ConsoleDeps
from console.guard import Visit
from console.knowledge.answers import offer
from console.notices import NOTICES
from console.queue.pane import Pane
from console.rendering import HEADERS, Pages
from console.replies.box import Draft, ReplyBox
from console.replies.helped import HelpShown
from console.replies.undo import undo_offered
from console.topics import topic_of, topic_titles
from desk.conversations.supervision import CRITERIA
from desk.conversations.transfers import may_answer
from desk.incidents.incidents import Incidents
from desk.knowledge.suggestions import Suggestions
from desk.media.documents import download_of
from desk.model import Conversation, Message, NotAllowed, NotFound
from desk.people import audit
from desk.people.access import access_conversation, access_media
from desk.people.contact_data import ContactEditing
from desk.people.permissions import Permission, may
from desk.routing.capacity import measure_of
from desk.routing.sla import Sla, SlaStanding
from desk.store import surveys
from desk.store.dialogue import (
    desk_rows,
    listing,
    messages,
    notes,
    quotes,
    standing,
    transitions,
    understanding,
    whispers,
)
from desk.store.dialogue.understanding import Understood
from desk.store.outbound import dead_letters
from desk.store.people import contacts, links, records
from desk.store.replies import reminders
from desk.store.reporting import reviews
from desk.store.routing import offers, partners, presence

EARLIER = 40
"""How many of the latest messages are compared with what the page shows, as their status may have changed."""
OFFERED = 3
"""Approved answers shown beside a conversation."""
SHOWN_AS_IMAGE = ("image/jpeg", "image/png", "image/webp", "image/gif")


class ConversationPages:
    """GET /console/conversations/<id>, its fragment and its photos."""

    def __init__(
        self, deps: ConsoleDeps, pages: Pages, pane: Pane, services: Mapping[str, CityService]
    ) -> None:
        self._deps = deps
        self._pages = pages
        self._pane = pane
        self._services = {code: service.called("en") for code, service in services.items()}
        self._whom = IdentityShown(deps, services)
        self._matters = MattersShown(deps)
        self._measure = measure_of(deps.city)
        self._suggestions = Suggestions(deps.catalog)
        self._box = ReplyBox(deps)
        self._help = HelpShown(deps)
        self._editing = ContactEditing(deps.store, deps.city, deps.clock)
        self._incidents = Incidents(
            deps.store, deps.city, frozenset(deps.catalog.answers), deps.ownership, deps.clock
        )

    async def show(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Show the page and record the access in the audit log."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        await audit.record(self._deps.store.pool, visit.actor.agent_id, "view", conversation_id, visit.now)
        await reminders.mark_seen(self._deps.store.pool, visit.actor.agent_id, conversation_id, visit.now)
        notice = NOTICES.get(visit.request.args.get("notice", ""))
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
        same_person: str = "",
        summary_draft: str | None = None,
    ) -> HTTPResponse:
        """Render the page in any situation; after a refusal the typed text is still in the box. `same_person`: words to
        look for among the contacts who may be the same person. `summary_draft`: a machine's text for a note."""
        values = await self._values(visit, conversation) | await self._pane.values(visit, conversation.id)
        values["summary_draft"] = summary_draft
        if same_person:
            pool = self._deps.store.pool
            values["candidates"] = await self._editing.candidates(
                pool, visit.actor, conversation.contact_id, same_person
            )
            values["searched"] = True
        draft = draft or await self._box.kept(visit, conversation.id)
        return self._pages.page(
            "conversation.html",
            session=visit.session,
            status=status,
            alert=alert,
            notice=notice,
            draft=draft,
            undo=await undo_offered(self._deps, visit),
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
        draft = await self._box.kept(visit, conversation.id)
        return self._pages.fragment("_live.html", session=visit.session, draft=draft, **values)

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
            "content-disposition": "inline" if image else download_of(found.content_type),
            "cache-control": "private, max-age=3600",
            "vary": "Cookie",
        }
        content_type = found.content_type if image else "application/octet-stream"
        return HTTPResponse(data, 200, headers, content_type=content_type)

    def _offers(
        self,
        transcript: Sequence[Message],
        understood: Mapping[UUID, Understood],
        conversation: Conversation,
        visit: Visit,
    ) -> list[dict[str, object]]:
        """The approved answers that fit what the citizen wrote last, for the agent to send."""
        language = self._deps.catalog.supported(conversation.language)
        today = visit.now.astimezone(self._deps.city.zone).date()
        names = self._suggestions.suggest(transcript, understood, language, OFFERED, today)
        return [offer(self._deps.catalog, name, language, today) for name in names]

    def _promise(
        self, conversation: Conversation, transcript: Sequence[Message], visit: Visit
    ) -> SlaStanding | None:
        """By when the response is promised that this conversation waits for."""
        answered = max((one.seq for one in transcript if one.author == "agent"), default=0)
        since = next(
            (one.created_at for one in transcript if one.author == "contact" and one.seq > answered), None
        )
        return Sla(self._deps.city, visit.now, teams=self._deps.teams.known).of_waiting(
            conversation.state,
            conversation.team,
            conversation.urgency is not None,
            conversation.queued_at,
            since,
        )

    async def _ending(self, conversation: Conversation) -> str | None:
        """The title of the reason for which it was resolved."""
        if conversation.state != "resolved":
            return None
        reason = await transitions.get_last_reason(self._deps.store.pool, conversation.id)
        known = self._deps.city.resolve_reason(reason) if reason else None
        return known.title if known else words.say(words.ENDINGS, reason)

    async def _values(self, visit: Visit, conversation: Conversation, after: int = 0) -> dict[str, Any]:
        pool = self._deps.store.pool
        contact = await contacts.get_by_id(pool, conversation.contact_id)
        if contact is None:
            raise NotFound("There is no such contact.")
        own = await messages.list_of_conversation(pool, conversation.id)
        matters = await self._matters.values(visit, conversation, own)
        transcript = own if after else self._matters.with_merged(own, matters)
        understood = await understanding.list_of_conversation(pool, conversation.id)
        reads_audit = may(visit.actor, Permission.READ_AUDIT)
        shown = await self._help.values(visit, conversation, own, understood)
        shown |= await self._box.values(visit, conversation)
        linked = await links.list_linked(pool, contact.id)
        alike = await self._editing.candidates(pool, visit.actor, contact.id)
        requests = await understanding.list_requests_of_contact(pool, contact.id)
        shown |= await self._whom.values(visit, conversation, linked, alike, requests)
        shown |= matters
        (
            shown["incident"],
            shown["attachment"],
            shown["open_incidents"],
        ) = await self._incidents.of_conversation(visit.actor, conversation.id)
        return shown | {
            "conversation": conversation,
            "contact": contact,
            "topic": topic_of(topic_titles(self._deps), conversation, own, understood),
            "messages": [message for message in transcript if message.seq > after],
            "last_seq": own[-1].seq if own else 0,
            "quotes": await quotes.list_quoted(
                pool, contact.id, [message.quotes for message in own if message.quotes]
            ),
            "understood": understood,
            "requests": requests,
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
            "hold": await records.get_hold(pool, contact.id),
            "redactions": await records.list_redactions(pool, conversation.id),
            "answers_for_others": may(visit.actor, Permission.ANSWER_FOR_OTHERS),
            "counts": await desk_rows.count_desk(pool, visit.scope),
            "bot_part": bot_part(own, conversation.queued_at)
            if not after and not matters["merged_messages"]
            else 0,
            "offers": self._offers(own, understood, conversation, visit),
            "said_since": said_since(own, understood, conversation.queued_at),
            "notes": await notes.list_of_conversation(pool, conversation.id),
            "survey": await surveys.get_survey(pool, conversation.id),
            "ending": await self._ending(conversation),
            "promise_here": self._promise(conversation, own, visit),
            "whispers": await whispers.list_for(pool, conversation.id, visit.actor.agent_id),
            "reviews": (
                await reviews.list_of_conversation(pool, conversation.id)
                if may(visit.actor, Permission.REVIEW_CONVERSATIONS)
                else None
            ),
            "criteria": CRITERIA,
            "teams": [one for one in self._deps.teams.known if one.name != conversation.team],
            "colleagues": [
                one
                for one in await presence.list_presences(pool, self._measure)
                if one.agent_id not in (visit.actor.agent_id, conversation.agent_id)
                and may_answer(one, conversation)
            ],
            "offer": await offers.get_open(pool, conversation.id),
            "transfer": await offers.get_last_transfer(pool, conversation.id),
            "partner_transfer": await partners.get_latest(pool, conversation.id),
            "assigns": may(visit.actor, Permission.ASSIGN_CONVERSATIONS),
            "images": SHOWN_AS_IMAGE,
            "shows": self._deps.capabilities.get(conversation.inbox),
            "linked": [
                (other, await listing.list_others_of_contact(pool, visit.scope, other.id)) for other in linked
            ],
            "candidates": alike,
            "searched": False,
            "unsent": await dead_letters.list_unsent(pool, conversation.id),
            # A provider's report on a message arrives after the message was shown.
            "earlier": [
                message
                for message in own[-EARLIER:]
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
