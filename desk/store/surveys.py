"""How satisfied citizens are: one question per conversation, and the answer. Erased with the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Expects = Literal["rating", "more", "comment"]


@dataclass(frozen=True, slots=True)
class Survey:
    """`expects`: what the contact's next message may be; None when it is over."""

    conversation_id: UUID
    asked_at: datetime
    expects: Expects | None
    rating: int | None
    comment: str | None
    not_solved_at: datetime | None


_SELECT = "SELECT conversation_id, asked_at, expects, rating, comment, not_solved_at FROM surveys"


async def list_due(
    executor: Executor,
    reasons: Sequence[str],
    *,
    after: float,
    only: UUID | None = None,
    limit: int = 50,
) -> list[tuple[UUID, UUID]]:
    """(conversation, contact) of those to ask now: resolved by an agent for one of `reasons`, `after` seconds ago and
    within the last hour, never asked, no contact who was asked in the last day, or who has written since."""
    rows = await executor.fetch(
        """SELECT v.id, v.contact_id FROM conversations v
           CROSS JOIN LATERAL (SELECT actor_kind, why, reason FROM conversation_transitions
                               WHERE conversation_id = v.id ORDER BY id DESC LIMIT 1) t
           WHERE v.state = 'resolved' AND ($4::uuid IS NULL OR v.id = $4)
             AND v.resolved_at > now() - interval '1 hour'
             AND v.resolved_at < now() - make_interval(secs => $2)
             AND t.actor_kind = 'agent' AND t.why = 'resolved' AND t.reason = ANY($1)
             AND NOT EXISTS (SELECT FROM surveys s WHERE s.conversation_id = v.id)
             AND NOT EXISTS (SELECT FROM surveys s WHERE s.contact_id = v.contact_id
                             AND s.asked_at > now() - interval '1 day')
             AND NOT EXISTS (SELECT FROM conversations o WHERE o.contact_id = v.contact_id AND o.state <> 'resolved')
             AND NOT EXISTS (SELECT FROM events e WHERE e.contact_id = v.contact_id
                             AND e.state IN ('received', 'appended'))
           ORDER BY v.resolved_at LIMIT $3""",
        list(reasons),
        after,
        limit,
        only,
    )
    return [(row["id"], row["contact_id"]) for row in rows]


async def add_survey(
    executor: Executor, conversation_id: UUID, contact_id: UUID, message_id: UUID, now: datetime
) -> None:
    """Record that the question was asked; a second time for the same conversation is an error."""
    await executor.execute(
        """INSERT INTO surveys (conversation_id, contact_id, message_id, expects, asked_at)
           VALUES ($1, $2, $3, 'rating', $4)""",
        conversation_id,
        contact_id,
        message_id,
        now,
    )


async def get_survey(executor: Executor, conversation_id: UUID) -> Survey | None:
    """The question that was asked about this conversation."""
    row = await executor.fetchrow(f"{_SELECT} WHERE conversation_id = $1", conversation_id)
    return Survey(**dict(row)) if row else None


async def get_waiting(executor: Executor, contact_id: UUID, since: datetime) -> Survey | None:
    """The question that this contact's next message may answer: asked or continued since then, and nothing else was
    said to them after it."""
    row = await executor.fetchrow(
        f"""{_SELECT} s WHERE s.contact_id = $1 AND s.expects IS NOT NULL AND s.asked_at > $2
            AND s.conversation_id = (SELECT conversation_id FROM messages WHERE contact_id = $1
                                     ORDER BY seq DESC LIMIT 1)""",  # noqa: S608  (our own columns)
        contact_id,
        since,
    )
    return Survey(**dict(row)) if row else None


async def set_rating(executor: Executor, conversation_id: UUID, rating: int, now: datetime) -> None:
    """Store the rating; a later one replaces it."""
    await executor.execute(
        "UPDATE surveys SET rating = $2, rated_at = $3, expects = 'more' WHERE conversation_id = $1",
        conversation_id,
        rating,
        now,
    )


async def set_comment(executor: Executor, conversation_id: UUID, comment: str) -> None:
    """Store the comment, which ends the survey."""
    await executor.execute(
        "UPDATE surveys SET comment = $2, expects = NULL WHERE conversation_id = $1", conversation_id, comment
    )


async def set_expects(executor: Executor, conversation_id: UUID, expects: Expects | None) -> None:
    """What the contact's next message may be."""
    await executor.execute(
        "UPDATE surveys SET expects = $2 WHERE conversation_id = $1", conversation_id, expects
    )


async def mark_not_solved(executor: Executor, conversation_id: UUID, now: datetime) -> None:
    """The contact said that it is not solved, which ends the survey."""
    await executor.execute(
        """UPDATE surveys SET not_solved_at = coalesce(not_solved_at, $2), expects = NULL
           WHERE conversation_id = $1""",
        conversation_id,
        now,
    )
