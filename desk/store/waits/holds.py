"""People in the queue who asked to be contacted later, and where."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Hold:
    """`address`: an e-mail address given for this. Messages of agents up to the number `carried` were sent there."""

    conversation_id: UUID
    asked_at: datetime
    address: str | None
    carried: int


async def add_hold(executor: Executor, conversation_id: UUID, at: datetime) -> bool:
    """Somebody asked to be written to; False if they had asked before, and still wait for it."""
    added = await executor.fetchval(
        """INSERT INTO conversation_holds (conversation_id, asked_at, carried)
           SELECT v.id, $2, c.last_seq FROM conversations v JOIN contacts c ON c.id = v.contact_id WHERE v.id = $1
           ON CONFLICT (conversation_id) DO UPDATE SET asked_at = excluded.asked_at, carried = excluded.carried,
               over_at = NULL WHERE conversation_holds.over_at IS NOT NULL
           RETURNING true""",
        conversation_id,
        at,
    )
    return bool(added)


async def get_hold(executor: Executor, conversation_id: UUID) -> Hold | None:
    """The open request of a contact to be contacted later."""
    row = await executor.fetchrow(
        """SELECT conversation_id, asked_at, address, carried FROM conversation_holds
           WHERE conversation_id = $1 AND over_at IS NULL""",
        conversation_id,
    )
    return Hold(**dict(row)) if row else None


async def set_address(executor: Executor, conversation_id: UUID, address: str) -> None:
    """Keep where to write to."""
    await executor.execute(
        "UPDATE conversation_holds SET address = $2 WHERE conversation_id = $1", conversation_id, address
    )


async def list_due(executor: Executor, limit: int = 50) -> list[UUID]:
    """Conversations with messages of agents that were not carried, or that nobody need carry any longer."""
    rows = await executor.fetch(
        """SELECT h.conversation_id FROM conversation_holds h JOIN conversations v ON v.id = h.conversation_id
           WHERE h.over_at IS NULL AND (v.state IN ('bot', 'resolved') OR EXISTS (
               SELECT FROM messages m WHERE m.conversation_id = v.id AND m.author = 'agent' AND m.seq > h.carried))
           ORDER BY h.asked_at LIMIT $1""",
        limit,
    )
    return [row["conversation_id"] for row in rows]


async def is_back(executor: Executor, conversation_id: UUID, since: datetime | None) -> bool:
    """Whether the citizen has written in this conversation since an agent has had it: then they are there."""
    found: bool = await executor.fetchval(
        """SELECT EXISTS (SELECT FROM messages WHERE conversation_id = $1 AND author = 'contact' AND created_at > $2)""",
        conversation_id,
        since,
    )
    return found


async def set_carried(executor: Executor, conversation_id: UUID, seq: int) -> None:
    """Messages up to this number need not be carried again."""
    await executor.execute(
        "UPDATE conversation_holds SET carried = greatest(carried, $2) WHERE conversation_id = $1",
        conversation_id,
        seq,
    )


async def mark_over(executor: Executor, conversation_id: UUID, at: datetime) -> None:
    """Nobody has to be written to any longer; the address is forgotten."""
    await executor.execute(
        "UPDATE conversation_holds SET over_at = $2, address = NULL WHERE conversation_id = $1",
        conversation_id,
        at,
    )
