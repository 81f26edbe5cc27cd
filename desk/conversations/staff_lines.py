"""What staff wrote to a citizen in another app (Meta's own inbox): agents see it here, and the bot stays silent."""

from collections.abc import Mapping
from dataclasses import asdict

import structlog

from desk.model import Contact, Conversation, Event, Message
from desk.runtime.sanitize import sanitize_mapping
from desk.store.dialogue import messages
from desk.store.outbound import receipts
from desk.store.people import contacts
from desk.store.pool import Executor

log = structlog.get_logger("turns")


async def is_our_own(transaction: Executor, event: Event) -> bool:
    """Whether the other app only reports a message that we sent."""
    ref = event.received.ref
    return bool(ref) and await receipts.get_addressed(transaction, event.inbox, str(ref)) is not None


async def add_staff_line(
    transaction: Executor,
    contact: Contact,
    conversation: Conversation,
    event: Event,
    quoting: Mapping[str, object],
) -> Message:
    """Append the line and start the silence that the inbox asks for. The caller has locked the contact."""
    said = event.received
    content: dict[str, object] = {"elsewhere": True, **quoting}
    if said.location:
        content["location"] = asdict(said.location)
    if said.unshown:
        content["unshown"] = [asdict(one) for one in said.unshown]
    row = messages.NewRow(
        "agent",
        said.text or "",
        conversation.language,
        content=sanitize_mapping(content),
        event_id=event.id,
        status="sent",
    )
    message = await messages.add_message(transaction, conversation, row)
    if said.silence:
        await contacts.set_quiet(transaction, contact.id, event.received_at, said.silence)
    log.info("staff_answered_elsewhere", contact=str(contact.id), minutes=said.silence)
    return message
