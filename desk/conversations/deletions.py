"""A citizen deletes a message: it stays in the log, marked as deleted, and its text is hidden from agents, from search and from
the summaries that quote it."""

from collections.abc import Mapping
from uuid import UUID

import structlog

from desk.conversations.redaction import without_deleted
from desk.model import Contact, Event
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import quotes, summaries
from desk.store.pool import Executor
from desk.store.replies import translations

log = structlog.get_logger("turns")


async def hide_deleted(transaction: Executor, contact: Contact, event: Event) -> Mapping[UUID, UUID]:
    """Carry out the deletion that the event reports; returns the messages that are hidden now, each with its
    conversation. The caller has locked the contact."""
    ref = sanitize_text(event.received.deletes or "")
    hidden = await quotes.mark_deleted(transaction, contact.id, ref, event.received_at) if ref else {}
    if hidden:
        await translations.delete_machine_made(transaction, list(hidden))
        await _redact_summaries(transaction, contact)
    log.info(
        "message_deleted", event_id=event.id, contact=str(contact.id), messages=[str(one) for one in hidden]
    )
    return hidden


async def _redact_summaries(transaction: Executor, contact: Contact) -> None:
    deleted = await quotes.list_deleted_texts(transaction, contact.id)
    for conversation_id, summary in await summaries.list_summaries(transaction, contact.id):
        redacted = without_deleted(summary, deleted)
        if redacted != summary:
            await summaries.set_summary(transaction, conversation_id, redacted)
