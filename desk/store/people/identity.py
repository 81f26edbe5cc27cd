"""Identity checks of a conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """A code that went to `sent_to` (masked). `tries` counts wrong codes."""

    id: UUID
    contact_id: UUID
    agent_name: str
    sent_to: str
    inbox: str
    state: str
    tries: int
    created_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None


async def add_check(
    executor: Executor,
    id: UUID,
    conversation_id: UUID,
    contact_id: UUID,
    agent_id: UUID,
    sent_to: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Record a check before its code is sent; an open one of the conversation is over."""
    await executor.execute(
        "UPDATE identity_checks SET state = 'replaced' WHERE conversation_id = $1 AND state = 'sent'",
        conversation_id,
    )
    await executor.execute(
        """INSERT INTO identity_checks (id, conversation_id, contact_id, agent_id, sent_to, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        id,
        conversation_id,
        contact_id,
        agent_id,
        sent_to,
        now,
        expires_at,
    )


async def get_latest(executor: Executor, conversation_id: UUID) -> IdentityCheck | None:
    """The conversation's last check: the open one, if any."""
    row = await executor.fetchrow(
        """SELECT i.id, i.contact_id, a.name AS agent_name, i.sent_to, c.inbox, i.state, i.tries, i.created_at,
                  i.expires_at, i.confirmed_at
           FROM identity_checks i JOIN agents a ON a.id = i.agent_id JOIN contacts c ON c.id = i.contact_id
           WHERE i.conversation_id = $1 ORDER BY i.state = 'sent' DESC, i.created_at DESC LIMIT 1""",
        conversation_id,
    )
    return IdentityCheck(**dict(row)) if row else None


async def is_confirmed(executor: Executor, conversation_id: UUID) -> bool:
    """Whether the citizen of this conversation gave a right code in it."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT FROM identity_checks WHERE conversation_id = $1 AND state = 'confirmed')",
        conversation_id,
    )
    return found


async def add_try(executor: Executor, id: UUID) -> int:
    """Count a wrong code; returns how many there were."""
    tries: int = await executor.fetchval(
        "UPDATE identity_checks SET tries = tries + 1 WHERE id = $1 RETURNING tries", id
    )
    return tries


async def mark_over(executor: Executor, id: UUID, state: Literal["expired", "failed"]) -> None:
    """No code ends this check any more."""
    await executor.execute("UPDATE identity_checks SET state = $2 WHERE id = $1", id, state)


async def mark_confirmed(executor: Executor, id: UUID, now: datetime) -> None:
    """The right code was given."""
    await executor.execute(
        "UPDATE identity_checks SET state = 'confirmed', confirmed_at = $2 WHERE id = $1", id, now
    )
