"""Cancels a scheduled message."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from desk.model import NotFound
from desk.people.access import access_conversation
from desk.replies.scheduling import Scheduling


class Later:
    """POST /console/conversations/<id>/scheduled/<message>/cancel."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        self._scheduling = Scheduling(deps.ownership, deps.clock)

    async def cancel(self, visit: Visit, conversation_id: UUID, scheduled_id: UUID) -> HTTPResponse:
        """It does not go; the text is the agent's draft again."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            await self._scheduling.cancel(visit.actor, conversation_id, scheduled_id)
        except NotFound as error:
            return await self._pages.render(visit, conversation, status=409, alert=str(error))
        return go_to(f"/console/conversations/{conversation_id}?notice=unscheduled")
