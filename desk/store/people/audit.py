"""Audit: who did what, when, to which conversation. Ids only, never a word of a message."""

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


async def list_of_conversation(executor: Executor, conversation_id: UUID, limit: int = 200) -> Sequence[Any]:
    """The latest lines about a conversation, newest first, with the agents' names."""
    return await executor.fetch(
        "SELECT u.at, u.action, a.name AS agent_name FROM audit u LEFT JOIN agents a ON a.id = u.agent_id "
        "WHERE u.conversation_id = $1 ORDER BY u.at DESC, u.id DESC LIMIT $2",
        conversation_id, limit,
    )  # fmt: skip
