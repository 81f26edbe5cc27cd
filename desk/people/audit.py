"""Audit: every sign-in, view, claim, reply, hand-back and resolve, by id."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.people import audit
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line as a supervisor reads it; `agent_name` is None for the system."""

    at: datetime
    action: str
    agent_name: str | None


async def record(
    executor: Executor,
    agent_id: UUID | None,
    action: str,
    conversation_id: UUID | None,
    at: datetime,
    **ids: str,
) -> None:
    """Append one line; `ids` may hold ids and states, never what somebody wrote."""
    await audit.add_line(executor, agent_id, action, conversation_id, dict(ids), at)


async def of_conversation(executor: Executor, conversation_id: UUID) -> list[AuditLine]:
    """What was done with this conversation, newest first."""
    rows = await audit.list_of_conversation(executor, conversation_id)
    return [AuditLine(row["at"], row["action"], row["agent_name"]) for row in rows]
