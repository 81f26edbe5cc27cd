"""PDFs in a citizen's message: stored for people. The bot cannot read them; an unfinished report gets a link to them."""

import re
from dataclasses import replace
from uuid import UUID

from desk.media.documents import PDF
from desk.model import Contact, Conversation, ReceivedMessage
from desk.store import media
from desk.store.dialogue import messages
from desk.store.pool import Executor

KEPT, FOR_REPORT = "kept_document", "report_document"
"""What becomes of it, outside a report and during one; its author is told."""
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # one of our ids, not a provider's


async def with_kinds(executor: Executor, contact: Contact, received: ReceivedMessage) -> ReceivedMessage:
    """With the content types of the files: the web chat names them by their ids alone."""
    ids = [UUID(one.id) for one in received.media if not one.content_type and _OURS.fullmatch(one.id)]
    if not ids:
        return received
    kinds = {str(one.id): one.content_type for one in await media.list_of_contact(executor, contact.id, ids)}
    typed = (replace(one, content_type=one.content_type or kinds.get(one.id, "")) for one in received.media)
    return replace(received, media=tuple(typed))


def without_documents(received: ReceivedMessage) -> ReceivedMessage:
    """What the bot is given of it. Pure."""
    return replace(received, media=tuple(one for one in received.media if one.content_type != PDF))


async def kept_as(executor: Executor, conversation: Conversation) -> str:
    """KEPT or FOR_REPORT."""
    return FOR_REPORT if await messages.is_report_open(executor, conversation.id) else KEPT
