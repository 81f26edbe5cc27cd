"""A citizen takes a message back: it stays in the log as deleted, and its text is hidden from agents and from search."""

import structlog

from desk.model import Contact, Event
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import quotes
from desk.store.pool import Executor

log = structlog.get_logger("turns")


async def hide_deleted(transaction: Executor, contact: Contact, event: Event) -> None:
    """Carry out the deletion that the event reports. The caller has locked the contact."""
    ref = sanitize_text(event.received.deletes or "")
    hidden = await quotes.mark_deleted(transaction, contact.id, ref, event.received_at) if ref else []
    log.info(
        "message_deleted", event_id=event.id, contact=str(contact.id), messages=[str(one) for one in hidden]
    )
