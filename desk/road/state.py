"""State of a contact: who owns the conversation, the place in the queue, the office's hours."""

from datetime import datetime
from uuid import UUID

from city import City
from desk.model import ContactState, Conversation
from desk.routing.hours import is_open, next_opening
from desk.store import contacts, conversations, events
from desk.store.pool import Executor

_OWNERS = {"bot": "bot", "queued": "queued", "assigned": "agent", "waiting_on_contact": "agent"}


async def contact_state(executor: Executor, city: City, contact_id: UUID, now: datetime) -> ContactState:
    """What the widget's State shows (store.pool will do as executor). `typing` is true while the bot owes an answer."""
    conversation = await conversations.open_of(executor, contact_id)
    queued = conversation is not None and conversation.state == "queued"
    ours = conversation is None or conversation.state == "bot"
    return ContactState(
        owner=_OWNERS[conversation.state] if conversation else "none",  # type: ignore[arg-type]
        position=await conversations.place(executor, conversation.id) if conversation and queued else None,
        agent_name=conversation.agent_name if conversation else None,
        office_open=is_open(city, now),
        opens_at=next_opening(city, now),
        language=await _language(executor, city, contact_id, conversation),
        typing=ours and await events.pending(executor, contact_id),
    )


async def _language(
    executor: Executor, city: City, contact_id: UUID, conversation: Conversation | None
) -> str:
    if conversation is not None:
        return conversation.language
    contact = await contacts.get(executor, contact_id)
    known = contact.language if contact else None
    return known if known in city.languages and known else city.language
