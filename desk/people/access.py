"""Access: what an agent may see. A refusal is the same as "there is none", so that ids tell nothing."""

from uuid import UUID

from desk.model import Actor, Contact, Conversation, Media, NotFound
from desk.store import media
from desk.store.dialogue import conversations, listing
from desk.store.people import contacts
from desk.store.pool import Executor


async def access_conversation(executor: Executor, actor: Actor, conversation_id: UUID) -> Conversation:
    """Agents: their teams' conversations and their own. Supervisors: all. Raises NotFound."""
    if await listing.is_visible(executor, actor, conversation_id):
        found = await conversations.get_by_id(executor, conversation_id)
        if found is not None:
            return found
    raise NotFound("There is no such conversation, or it belongs to another team.")


async def access_contact(executor: Executor, actor: Actor, conversation_id: UUID) -> Contact:
    """The contact of a conversation that the actor may see. Raises NotFound."""
    conversation = await access_conversation(executor, actor, conversation_id)
    found = await contacts.get_by_id(executor, conversation.contact_id)
    if found is None:
        raise NotFound("There is no such contact.")
    return found


async def access_media(executor: Executor, actor: Actor, conversation_id: UUID, media_id: UUID) -> Media:
    """A file that the contact of this conversation sent. Raises NotFound."""
    conversation = await access_conversation(executor, actor, conversation_id)
    found = await media.get_of_contact(executor, conversation.contact_id, media_id)
    if found is None:
        raise NotFound("There is no such file in this conversation.")
    return found


def is_supervisor(actor: Actor) -> bool:
    """Supervisors see everything, the audit included, and may change a request's status."""
    return actor.role == "supervisor"
