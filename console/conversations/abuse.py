"""Warns, blocks and unblocks. Plain forms: POST, then a redirect."""

from collections.abc import Awaitable
from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.actions import Actions
from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from desk.model import Refused, WrongState
from desk.people.access import access_conversation
from desk.replies.abuse import Abuse


class AbuseActs:
    """POST /console/conversations/<id>/warn, block (`hours`) and unblock."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages, actions: Actions) -> None:
        self._deps = deps
        self._pages = pages
        self._actions = actions
        self._abuse = Abuse(deps.ownership, deps.clock)

    async def warn(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The citizen gets the desk's warning."""
        place = f"/console/conversations/{conversation_id}?notice=warned#latest"
        return await self._do(visit, conversation_id, self._abuse.warn(visit.actor, conversation_id), place)

    async def block(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """End the conversation and keep the citizen from the queue for a time."""
        given = visit.field("hours")
        hours = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else 0
        place = await self._actions.place_after(visit, conversation_id, "blocked")
        return await self._do(
            visit, conversation_id, self._abuse.block(visit.actor, conversation_id, hours), place
        )

    async def unblock(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The citizen reaches people again."""
        place = f"/console/conversations/{conversation_id}?notice=unblocked"
        return await self._do(
            visit, conversation_id, self._abuse.unblock(visit.actor, conversation_id), place
        )

    async def _do(
        self, visit: Visit, conversation_id: UUID, act: Awaitable[None], place: str
    ) -> HTTPResponse:
        try:
            await act
        except (Refused, WrongState) as error:
            conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
            problem = as_page_error(error)
            return await self._pages.render(
                visit, conversation, status=problem.status, alert=problem.sentence
            )
        return go_to(place)
