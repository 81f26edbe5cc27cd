"""Parts of what was said: the bot's conversation, and what the citizen wrote after it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from desk.model import Message
from desk.store.dialogue.understanding import Understood

FEWEST_FOLDED = 3
"""Fewer messages of the bot's part are not worth folding."""
SAID = 2
"""How many of the latest messages stand for a summary."""
PLAIN = ("talk_to_person", "greet", "thanks", "affirm", "deny")
"""What says nothing of the matter, as in `desk_rows`."""


def bot_part(transcript: Sequence[Message], queued_at: datetime | None) -> int:
    """How many messages at the beginning are the bot's conversation and can be folded: all before the message
    that led to the handoff. 0 if they are few."""
    if queued_at is None:
        return 0
    before = [message for message in transcript if message.created_at <= queued_at]
    last = max((place for place, message in enumerate(before) if message.author == "contact"), default=0)
    return last if last >= FEWEST_FOLDED else 0


def said_since(
    transcript: Sequence[Message], understood: Mapping[UUID, Understood], queued_at: datetime | None
) -> list[str]:
    """What the citizen wrote of the matter after the handoff: the latest messages, cut at 300 characters."""
    texts = [
        message.text[:300]
        for message in transcript
        if queued_at and message.author == "contact" and message.text and message.created_at > queued_at
        if (turn := understood.get(message.id)) is None or turn.intent not in PLAIN
    ]
    return texts[-SAID:]
