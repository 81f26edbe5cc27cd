"""Starts an identity check. A plain form: POST, then a redirect."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.conversations.whom import identity_checks
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from desk.model import Refused, WrongState
from desk.people.access import access_conversation


class IdentityActs:
    """POST /console/conversations/<id>/identity (`contact`)."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        self._checks = identity_checks(deps)

    async def ask(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Send a code to the address of this contact."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            try:
                target = UUID(visit.field("contact"))
            except ValueError:
                raise Refused("no_address", "Choose where the code goes. Nothing was sent.") from None
            await self._checks.ask(visit.actor, conversation_id, target)
        except (Refused, WrongState) as error:
            problem = as_page_error(error)
            return await self._pages.render(
                visit, conversation, status=problem.status, alert=problem.sentence
            )
        return go_to(f"/console/conversations/{conversation_id}?notice=identity-asked#latest")
