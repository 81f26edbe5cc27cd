"""Lets an agent who has verified it state that two contacts are one person, or that they are not."""

import re
from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to
from console.security_events import SecurityEvents
from desk.model import NotFound, Refused
from desk.people.access import access_conversation
from desk.people.linking import AgentLinks

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Links:
    """POST /console/conversations/<id>/link and /unlink."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages, events: SecurityEvents) -> None:
        self._events = events
        self._deps = deps
        self._pages = pages
        self._links = AgentLinks(deps.store, deps.clock)

    async def link(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """`other`: the address (or id) of a conversation with the same person."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            found = _ID.findall(visit.field("other"))
            if not found:
                raise PageError(
                    422,
                    "no_conversation",
                    "Which conversation?",
                    "Paste the address of the other conversation.",
                )
            await self._links.link(visit.actor, conversation_id, UUID(found[-1]))
        except (PageError, Refused, NotFound) as error:
            await self._events.record(visit.session, error)
            problem = as_page_error(error)
            sentence = problem.sentence if not isinstance(error, NotFound) else str(error)
            return await self._pages.render(visit, conversation, status=problem.status, alert=sentence)
        return go_to(f"/console/conversations/{conversation_id}?notice=linked")

    async def unlink(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """`contact`: the contact that is not the same person after all."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            found = _ID.fullmatch(visit.field("contact"))
            if not found:
                raise NotFound("This contact is not linked.")
            await self._links.unlink(visit.actor, conversation_id, UUID(found[0]))
        except NotFound as error:
            return await self._pages.render(visit, conversation, status=404, alert=str(error))
        return go_to(f"/console/conversations/{conversation_id}?notice=unlinked")
