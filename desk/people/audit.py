"""The audit log: every sign-in, view, photo, denied read, claim, reply, hand-back and resolve, by id. Never
any text."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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


AGAIN = timedelta(minutes=10)
"""An open page polls every few seconds: it is recorded once in this time."""


async def record_read(
    executor: Executor,
    agent_id: UUID,
    action: str,
    conversation_id: UUID | None,
    at: datetime,
    **ids: str,
) -> None:
    """One line for what an agent has on screen, at most once in ten minutes for the same thing."""
    # Opening the page has already been recorded.
    same = ("view",) if action == "live" else ()
    await audit.add_line_once(
        executor, agent_id, action, conversation_id, dict(ids), at, since=at - AGAIN, same=same
    )


async def record_denied(
    executor: Executor, agent_id: UUID, conversation_id: UUID | None, at: datetime, **ids: str
) -> None:
    """An agent asked for something it may not see or do: one line in ten minutes for each agent and thing."""
    await audit.add_line_once(executor, agent_id, "denied", conversation_id, dict(ids), at, since=at - AGAIN)


async def of_conversation(executor: Executor, conversation_id: UUID) -> list[AuditLine]:
    """The actions on this conversation, newest first."""
    rows = await audit.list_of_conversation(executor, conversation_id)
    return [AuditLine(row["at"], row["action"], row["agent_name"]) for row in rows]
