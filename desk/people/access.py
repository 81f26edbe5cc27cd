"""The only way to fetch a record for an agent. A refusal reads like "there is none", so that ids reveal
nothing."""

from typing import Literal
from uuid import UUID

from desk.model import Actor, Contact, Conversation, Media, NotFound
from desk.people.permissions import scope_of
from desk.store import media
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Executor


class AccessDenied(NotFound):
    """The record does not exist, or the actor may not see it. The request handler records it as a security
    event. `conversation_id` is the requested conversation; `media_id` is also set if one of its files was
    requested."""

    def __init__(
        self,
        sentence: str,
        what: Literal["conversation", "contact", "media"],
        conversation_id: UUID,
        media_id: UUID | None = None,
    ) -> None:
        super().__init__(sentence)
        self.what = what
        self.conversation_id = conversation_id
        self.media_id = media_id


async def access_conversation(executor: Executor, actor: Actor, conversation_id: UUID) -> Conversation:
    """Agents: their teams' conversations and their own. Supervisors: all. Raises AccessDenied or NotAllowed."""
    found = await conversations.get_visible(executor, scope_of(actor), conversation_id)
    if found is not None:
        return found
    raise AccessDenied(
        "There is no such conversation, or it belongs to another team.", "conversation", conversation_id
    )


async def access_contact(executor: Executor, actor: Actor, conversation_id: UUID) -> Contact:
    """The contact of a conversation that the actor may see. Raises AccessDenied or NotAllowed."""
    conversation = await access_conversation(executor, actor, conversation_id)
    found = await contacts.get_by_id(executor, conversation.contact_id)
    if found is None:
        raise AccessDenied("There is no such contact.", "contact", conversation_id)
    return found


async def access_media(executor: Executor, actor: Actor, conversation_id: UUID, media_id: UUID) -> Media:
    """A file that the contact of this conversation sent or was sent. Raises AccessDenied or NotAllowed."""
    conversation = await access_conversation(executor, actor, conversation_id)
    found = await media.get_of_contact(executor, conversation.contact_id, media_id)
    if found is None or await media.is_deleted_by_contact(executor, conversation.contact_id, media_id):
        raise AccessDenied("There is no such file in this conversation.", "media", conversation_id, media_id)
    return found
