"""Changes and withdraws sent messages. Plain forms: POST, then a redirect."""

from collections.abc import Awaitable
from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from desk.model import NotFound, Refused
from desk.people.access import access_conversation
from desk.replies.correcting import Correcting


class Corrections:
    """POST /console/conversations/<id>/messages/<message>/change (`text`) and withdraw."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        self._correcting = Correcting(deps.ownership, deps.capabilities, deps.clock)

    async def change(self, visit: Visit, conversation_id: UUID, message_id: UUID) -> HTTPResponse:
        """Replace the text."""
        text = visit.field("text")
        return await self._do(
            visit,
            conversation_id,
            self._correcting.change(visit.actor, conversation_id, message_id, text),
        )

    async def withdraw(self, visit: Visit, conversation_id: UUID, message_id: UUID) -> HTTPResponse:
        """Take it back."""
        return await self._do(
            visit, conversation_id, self._correcting.withdraw(visit.actor, conversation_id, message_id)
        )

    async def _do(self, visit: Visit, conversation_id: UUID, act: Awaitable[None]) -> HTTPResponse:
        try:
            await act
        except (Refused, NotFound) as error:
            conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
            status = as_page_error(error).status
            return await self._pages.render(visit, conversation, status=status, alert=str(error))
        return go_to(f"/console/conversations/{conversation_id}?notice=correcting#latest")
