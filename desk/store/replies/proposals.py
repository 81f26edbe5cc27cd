"""Replies that agents wrote themselves, although approved answers were suggested or because there was none: proposals for an editor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.model import Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor

Decision = Literal["taken", "set_aside"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `question` is the citizen's message before it; `suggested` are ids of approved answers, none if the assistant had
    no answer to it. `names` are those that the citizen gave."""

    message_id: UUID
    conversation_id: UUID
    question: str
    sent: str
    language: str
    agent_name: str | None
    suggested: tuple[str, ...]
    created_at: datetime
    names: tuple[str, ...] = ()


async def add_proposal(
    executor: Executor, message_id: UUID, conversation_id: UUID, suggested: tuple[str, ...], now: datetime
) -> None:
    """The agent looked at these answers and sent this message."""
    await executor.execute(
        """INSERT INTO answer_proposals (message_id, question_id, suggested, created_at)
           SELECT $1, (SELECT id FROM messages WHERE conversation_id = $2 AND author = 'contact' AND text <> ''
                       ORDER BY seq DESC LIMIT 1), $3, $4
           ON CONFLICT (message_id) DO NOTHING""",
        message_id,
        conversation_id,
        list(suggested),
        now,
    )


async def add_unanswered(executor: Executor, since: datetime, shortest: int) -> int:
    """What agents wrote to questions since then that were not answered: once the conversation is resolved, the longest reply after the
    question, of `shortest` characters at least and not from an approved answer. Returns how many are new."""
    tag = await executor.execute(
        """INSERT INTO answer_proposals (message_id, question_id, suggested, created_at)
           SELECT DISTINCT ON (r.id) r.id, m.id, '{}'::text[], r.created_at
           FROM unanswered_questions q JOIN messages m ON m.id = q.message_id
           JOIN conversations v ON v.id = q.conversation_id AND v.state = 'resolved'
           JOIN LATERAL (SELECT id, created_at FROM messages
                         WHERE conversation_id = q.conversation_id AND author = 'agent' AND seq > m.seq
                           AND length(text) >= $2 AND NOT content ? 'deleted' AND NOT content ? 'answers'
                         ORDER BY length(text) DESC, seq LIMIT 1) r ON true
           WHERE q.asked_at >= $1 AND NOT m.content ? 'deleted' ORDER BY r.id, m.seq DESC
           ON CONFLICT (message_id) DO NOTHING""",
        since, shortest,
    )  # fmt: skip
    return int(tag.rpartition(" ")[2])


async def list_open(
    executor: Executor, scope: Scope, limit: int = 200, only: UUID | None = None
) -> list[Proposal]:
    """The proposals of conversations within the scope that nobody has decided on, the newest first; `only` the one of this message."""
    rows = await executor.fetch(
        f"""SELECT p.message_id, m.conversation_id, coalesce(q.text, '') AS question, m.text AS sent, m.language,
                  a.name AS agent_name, p.suggested, p.created_at,
                  array_remove(array_append((SELECT array_agg(r.payload->>'name') FROM service_requests r
                                             WHERE r.contact_id = v.contact_id), c.name), NULL) AS names
           FROM answer_proposals p JOIN messages m ON m.id = p.message_id
           JOIN conversations v ON v.id = m.conversation_id JOIN contacts c ON c.id = v.contact_id
           LEFT JOIN messages q ON q.id = p.question_id AND NOT q.content ? 'deleted'
           LEFT JOIN agents a ON a.id = m.agent_id
           WHERE p.state = 'open' AND NOT m.content ? 'deleted' AND ($5::uuid IS NULL OR p.message_id = $5)
             AND {VISIBLE} ORDER BY p.created_at DESC, p.message_id LIMIT $4""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        limit,
        only,
    )
    return [
        Proposal(**{**dict(row), "suggested": tuple(row["suggested"]), "names": tuple(row["names"] or ())})
        for row in rows
    ]


async def set_decision(
    executor: Executor, scope: Scope, message_id: UUID, decision: Decision, answer_id: str | None = None
) -> bool:
    """The person of this scope has decided; `answer_id` is what became of it. False if it was decided before, or is of a conversation
    outside of it."""
    tag = await executor.execute(
        f"""UPDATE answer_proposals p SET state = $5, decided_by = $3, answer_id = $6
            FROM messages m JOIN conversations v ON v.id = m.conversation_id
            WHERE p.message_id = $4 AND m.id = p.message_id AND {VISIBLE} AND p.state = 'open'""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        message_id,
        decision,
        answer_id,
    )
    return tag == "UPDATE 1"
