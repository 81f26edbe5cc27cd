"""The audit log: who did what, when, to which conversation. Ids only, never the text of a message."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


async def add_line(
    executor: Executor,
    agent_id: UUID | None,
    action: str,
    conversation_id: UUID | None,
    detail: dict[str, str],
    at: datetime,
) -> None:
    """Append one line."""
    await executor.execute(
        "INSERT INTO audit (agent_id, action, conversation_id, detail, at) VALUES ($1, $2, $3, $4, $5)",
        agent_id, action, conversation_id, detail, at,
    )  # fmt: skip


async def add_line_once(
    executor: Executor,
    agent_id: UUID,
    action: str,
    conversation_id: UUID | None,
    detail: dict[str, str],
    at: datetime,
    *,
    since: datetime,
    same: Sequence[str] = (),
) -> bool:
    """Append one line, unless this agent already has one since then with the same detail and conversation,
    and this action or one of `same`. True if it was appended."""
    tag = await executor.execute(
        "INSERT INTO audit (agent_id, action, conversation_id, detail, at) SELECT $1, $2, $3, $4, $5 "
        "WHERE NOT EXISTS (SELECT 1 FROM audit WHERE agent_id = $1 AND at > $6 AND action = ANY($7) "
        "AND conversation_id IS NOT DISTINCT FROM $3 AND detail = $4)",
        agent_id, action, conversation_id, detail, at, since, [action, *same],
    )  # fmt: skip
    return tag == "INSERT 0 1"


async def list_of_conversation(executor: Executor, conversation_id: UUID, limit: int = 200) -> Sequence[Any]:
    """The latest lines about a conversation, newest first, with the agents' names."""
    return await executor.fetch(
        "SELECT u.at, u.action, a.name AS agent_name FROM audit u LEFT JOIN agents a ON a.id = u.agent_id "
        "WHERE u.conversation_id = $1 ORDER BY u.at DESC, u.id DESC LIMIT $2",
        conversation_id, limit,
    )  # fmt: skip
