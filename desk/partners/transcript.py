"""The transcript for a partner desk: the messages of citizen, assistant and agents. Pure.

Never included: notes, whispers, the assistant's summary, text that the citizen deleted or changed, withdrawn messages, photos, and
messages after the citizen was asked. Redacted words are no longer in the texts themselves.
"""

from collections.abc import Sequence
from typing import Any

from desk.model import Contact, Conversation, Message
from desk.store.routing.partners import PartnerTransfer

MESSAGES, LONGEST_TEXT, ALL_TEXT = 200, 4_000, 100_000
"""The latest messages, and characters of one and of all."""


def transfer_body(
    transfer: PartnerTransfer,
    conversation: Conversation,
    contact: Contact,
    log: Sequence[Message],
    city: str,
) -> dict[str, Any]:
    """As JSON holds it. `log` is the conversation's."""
    shown, left_out = _transcript(transfer, log)
    return {
        "transfer": str(transfer.id),
        "from": city,
        "note": transfer.note,
        "language": conversation.language,
        "topic": conversation.topic,
        "consented_at": transfer.consented_at.isoformat() if transfer.consented_at else None,
        "answer_by": transfer.answer_by.isoformat() if transfer.answer_by else None,
        "contact": {"name": contact.name, "email": contact.email, "phone": contact.phone},
        "messages": shown,
        "left_out": left_out,
    }


def _transcript(transfer: PartnerTransfer, log: Sequence[Message]) -> tuple[list[dict[str, Any]], int]:
    replaced = {one.quotes for one in log if one.edited and one.quotes}
    said = [
        one
        for one in log
        if one.seq < transfer.question_seq
        and not (one.deleted_at or one.withdrawn or one.identity_check)
        and one.id not in replaced
        and (one.text or one.attachments or one.location)
    ]
    shown: list[dict[str, Any]] = []
    left = ALL_TEXT
    for one in reversed(said[-MESSAGES:]):
        text = one.text[:LONGEST_TEXT]
        left -= len(text)
        if left < 0:
            break
        shown.append(
            {
                "at": one.created_at.isoformat(),
                "author": one.author,
                "text": text,
                "cut": len(text) < len(one.text),
                "photos": len(one.attachments),
                "place": {"latitude": one.location.latitude, "longitude": one.location.longitude}
                if one.location
                else None,
            }
        )
    return shown[::-1], len(said) - len(shown)
