"""Whether, and until when, a contact can be written to, according to the provider."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Mark = Literal["opted_out_at", "unreachable_at", "routed_away_at", "window_shut_at", "human_shut_at"]


async def get_known(executor: Executor, inbox: str, external_id: str) -> UUID | None:
    """The contact with this external id, or None; its row is locked."""
    found: UUID | None = await executor.fetchval(
        "SELECT id FROM contacts WHERE inbox = $1 AND external_id = $2 FOR NO KEY UPDATE", inbox, external_id
    )
    return found


async def set_mark(executor: Executor, contact_id: UUID, what: Mark, at: datetime | None) -> None:
    """Set a mark, or clear it with None."""
    await executor.execute(f"UPDATE contacts SET {what} = $2 WHERE id = $1", contact_id, at)  # noqa: S608  (a column, as Mark names them)


async def mark_window_closed(executor: Executor, contact_id: UUID, *, human: bool) -> None:
    """The provider says that this contact's window is over, for an agent's messages (`human`) or for all.
    Marked with the time of the last message, which no clock of ours can precede; the next message reopens
    the window."""
    await executor.execute(
        """UPDATE contacts SET window_shut_at = coalesce(wrote_at, now()),
           human_shut_at = CASE WHEN $2 THEN coalesce(wrote_at, now()) ELSE human_shut_at END WHERE id = $1""",
        contact_id,
        human,
    )


async def set_external_id(executor: Executor, contact_id: UUID, inbox: str, external_id: str) -> bool:
    """The provider has given this contact a new id; False if another contact already has that id."""
    done = await executor.fetchval(
        """UPDATE contacts SET external_id = $3 WHERE id = $1
           AND NOT EXISTS (SELECT 1 FROM contacts WHERE inbox = $2 AND external_id = $3) RETURNING true""",
        contact_id,
        inbox,
        external_id,
    )
    return done is not None


async def mark_released(executor: Executor, contact_ids: Sequence[UUID]) -> int:
    """Release the messages waiting for these contacts. Returns how many."""
    moved = await executor.fetch(
        """UPDATE outbox SET state = 'pending', available_at = now(), error = NULL, failure = NULL
           WHERE state = 'waiting' AND contact_id = ANY($1) RETURNING id""",
        list(contact_ids),
    )
    return len(moved)


async def get_thread(executor: Executor, contact_id: UUID, before_seq: int) -> dict[str, str]:
    """What a reply needs in addition to the contact: the thread of the citizen's last message before ours."""
    found = await executor.fetchval(
        """SELECT content->'thread' FROM messages
           WHERE contact_id = $1 AND seq < $2 AND author = 'contact' AND content ? 'thread'
           ORDER BY seq DESC LIMIT 1""",
        contact_id,
        before_seq,
    )
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
