""" "Did this answer your question?": asked once in a conversation. What was missing stays in its message, erased with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class ToRate:
    """An answer that was given last in a conversation."""

    conversation_id: UUID
    contact_id: UUID
    answer_id: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Missing:
    """What somebody missed in an answer."""

    text: str
    language: str | None
    version: int | None
    at: datetime


async def list_due(
    executor: Executor, *, quiet: float, one_in: int, only: UUID | None = None, limit: int = 50
) -> list[ToRate]:
    """Answers to ask about now: given by the bot `quiet` seconds ago and within the last ten minutes, with nothing said since, in
    one of `one_in` conversations, to a contact who was not asked in the last day."""
    rows = await executor.fetch(
        """SELECT v.id AS conversation_id, v.contact_id, m.content->'source'->>'answer' AS answer_id,
                  (m.content->'source'->>'version')::int AS version
           FROM messages m JOIN conversations v ON v.id = m.conversation_id
           WHERE m.content->'source' ? 'answer' AND m.author = 'bot' AND v.state = 'bot'
             AND m.created_at > now() - interval '10 minutes' AND m.created_at < now() - make_interval(secs => $1)
             AND hashtext(v.id::text) % $2 = 0 AND ($3::uuid IS NULL OR v.id = $3)
             AND NOT EXISTS (SELECT FROM messages o WHERE o.contact_id = m.contact_id AND o.seq > m.seq)
             AND NOT EXISTS (SELECT FROM answer_ratings r WHERE r.conversation_id = v.id)
             AND NOT EXISTS (SELECT FROM answer_ratings r WHERE r.contact_id = v.contact_id
                             AND r.asked_at > now() - interval '1 day')
             AND NOT EXISTS (SELECT FROM events e WHERE e.contact_id = v.contact_id
                             AND e.state IN ('received', 'appended'))
           ORDER BY m.created_at LIMIT $4""",
        quiet, one_in, only, limit,
    )  # fmt: skip
    return [ToRate(**dict(row)) for row in rows]


async def add_asked(executor: Executor, asked: ToRate) -> None:
    """Record that it is asked; a second time for the same conversation is an error."""
    await executor.execute(
        """INSERT INTO answer_ratings (conversation_id, contact_id, answer_id, version, asked_at)
           VALUES ($1, $2, $3, $4, now())""",
        asked.conversation_id, asked.contact_id, asked.answer_id, asked.version,
    )  # fmt: skip


async def set_helpful(executor: Executor, conversation_id: UUID, *, helpful: bool) -> bool:
    """What the contact said, the last word counts. False if they were not asked."""
    tag = await executor.execute(
        "UPDATE answer_ratings SET helpful = $2, rated_at = now() WHERE conversation_id = $1",
        conversation_id, helpful,
    )  # fmt: skip
    return tag == "UPDATE 1"


async def set_missing(executor: Executor, conversation_id: UUID, event_id: int) -> bool:
    """The message of this event says what was missing. False if that is not asked, or was said before."""
    tag = await executor.execute(
        """UPDATE answer_ratings SET missing_event_id = $2
           WHERE conversation_id = $1 AND helpful = false AND missing_event_id IS NULL""",
        conversation_id, event_id,
    )  # fmt: skip
    return tag == "UPDATE 1"


async def list_missing(executor: Executor, answer_id: str, limit: int = 20) -> list[Missing]:
    """What people missed in an answer, the latest first; deleted messages say nothing."""
    rows = await executor.fetch(
        """SELECT m.text, m.language, r.version, m.created_at AS at
           FROM answer_ratings r JOIN messages m ON m.event_id = r.missing_event_id
           WHERE r.answer_id = $1 AND m.conversation_id = r.conversation_id AND m.text <> ''
           ORDER BY r.rated_at DESC LIMIT $2""",
        answer_id, limit,
    )  # fmt: skip
    return [Missing(**dict(row)) for row in rows]
