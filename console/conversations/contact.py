"""The contact of a conversation: data that agents can correct, and the search for the same person."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from desk.model import Refused
from desk.people.access import access_conversation
from desk.people.contact_data import ContactData, ContactEditing


class ContactActs:
    """POST /console/conversations/<id>/contact (`name`, `email`, `phone`, `language`) and find-contact (`query`)."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages) -> None:
        self._deps = deps
        self._pages = pages
        self._editing = ContactEditing(deps.store, deps.city, deps.clock)

    async def change(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Replace what is known of the contact."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        data = ContactData(*(visit.field(name) for name in ("name", "email", "phone", "language")))
        try:
            await self._editing.change(visit.actor, conversation_id, data)
        except Refused as error:
            problem = as_page_error(error)
            return await self._pages.render(
                visit, conversation, status=problem.status, alert=problem.sentence
            )
        return go_to(f"/console/conversations/{conversation_id}?notice=contact-changed")

    async def find(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """The page with contacts that fit the words. A POST: names must not be in addresses and logs."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        return await self._pages.render(visit, conversation, same_person=visit.field("query"))
