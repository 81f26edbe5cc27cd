"""Replies that agents wrote themselves although approved answers were suggested: proposals for an editor."""

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
    """One proposal. `question` is the citizen's message before it; `suggested` are ids of approved answers."""

    message_id: UUID
    conversation_id: UUID
    question: str
    sent: str
    language: str
    agent_name: str | None
    suggested: tuple[str, ...]
    created_at: datetime


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


async def list_open(executor: Executor, scope: Scope, limit: int = 200) -> list[Proposal]:
    """The proposals of conversations within the scope that nobody has decided on, the newest first."""
    rows = await executor.fetch(
        f"""SELECT p.message_id, m.conversation_id, coalesce(q.text, '') AS question, m.text AS sent, m.language,
                  a.name AS agent_name, p.suggested, p.created_at
           FROM answer_proposals p JOIN messages m ON m.id = p.message_id
           JOIN conversations v ON v.id = m.conversation_id LEFT JOIN messages q ON q.id = p.question_id
           LEFT JOIN agents a ON a.id = m.agent_id
           WHERE p.state = 'open' AND {VISIBLE} ORDER BY p.created_at DESC, p.message_id LIMIT $4""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        limit,
    )
    return [Proposal(**{**dict(row), "suggested": tuple(row["suggested"])}) for row in rows]


async def set_decision(executor: Executor, scope: Scope, message_id: UUID, decision: Decision) -> bool:
    """The person of this scope has decided. False if it was decided before, or is of a conversation outside of it."""
    tag = await executor.execute(
        f"""UPDATE answer_proposals p SET state = $5, decided_by = $3
            FROM messages m JOIN conversations v ON v.id = m.conversation_id
            WHERE p.message_id = $4 AND m.id = p.message_id AND {VISIBLE} AND p.state = 'open'""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        message_id,
        decision,
    )
    return tag == "UPDATE 1"
