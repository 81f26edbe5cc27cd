"""Sent messages that an agent changes or withdraws at the provider.

waiting ──> done      the provider accepted it; the log shows the new text, or that it was withdrawn, and keeps the old one
   └──> refused       it could not be done; `error` says why, and the message stays as it was
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Kind = Literal["change", "withdraw"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction to make. `contact` is the provider's id of the contact, `external_ids` those of the message's parts."""

    id: UUID
    message_id: UUID
    conversation_id: UUID
    contact_id: UUID
    inbox: str
    contact: str
    kind: Kind
    text: str
    external_ids: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CorrectionState:
    """The latest correction of a message: `state` is waiting, done or refused."""

    kind: Kind
    state: str
    error: str | None


async def add_correction(
    executor: Executor, id: UUID, message_id: UUID, kind: Kind, text: str, agent_id: UUID, now: datetime
) -> bool:
    """Keep a correction for the worker. False if one of this message waits already."""
    tag = await executor.execute(
        """INSERT INTO corrections (id, message_id, kind, text, agent_id, created_at)
           SELECT $1, $2, $3, $4, $5, $6
           WHERE NOT EXISTS (SELECT 1 FROM corrections WHERE message_id = $2 AND state = 'waiting')
           ON CONFLICT (id) DO NOTHING""",
        id,
        message_id,
        kind,
        text,
        agent_id,
        now,
    )
    return tag == "INSERT 0 1"


async def list_waiting(executor: Executor, now: datetime, limit: int = 20) -> list[UUID]:
    """The corrections to make now, the oldest first."""
    rows = await executor.fetch(
        "SELECT id FROM corrections WHERE state = 'waiting' AND due_at <= $1 ORDER BY created_at, id LIMIT $2",
        now,
        limit,
    )
    return [row["id"] for row in rows]


async def lock_waiting(executor: Executor, id: UUID) -> Correction | None:
    """The correction, locked until the end of the transaction; None if another worker has it or it is done."""
    row = await executor.fetchrow(
        """SELECT k.id, k.message_id, m.conversation_id, m.contact_id, c.inbox, c.external_id AS contact, k.kind, k.text,
                  k.created_at,
                  coalesce((SELECT external_ids FROM outbox WHERE message_id = m.id AND state = 'sent'), '{}') AS external_ids
           FROM corrections k JOIN messages m ON m.id = k.message_id JOIN contacts c ON c.id = m.contact_id
           WHERE k.id = $1 AND k.state = 'waiting' FOR UPDATE OF k SKIP LOCKED""",
        id,
    )
    return Correction(**{**dict(row), "external_ids": tuple(row["external_ids"])}) if row else None


async def mark_done(executor: Executor, correction: Correction, now: datetime) -> None:
    """The provider took it. The message's earlier texts are kept with it, until the contact is erased."""
    await executor.execute("UPDATE corrections SET state = 'done' WHERE id = $1", correction.id)
    await executor.execute(
        """UPDATE messages SET text = $2, content = content || jsonb_build_object(
               'earlier', coalesce(content->'earlier', '[]'::jsonb) || jsonb_build_array(
                   jsonb_build_object('text', text, 'until', $3::timestamptz)),
               'withdrawn', $4::boolean)
           WHERE id = $1""",
        correction.message_id,
        correction.text,
        now,
        correction.kind == "withdraw",
    )


async def mark_refused(executor: Executor, id: UUID, error: str) -> None:
    """It could not be done; the message stays as it was."""
    await executor.execute(
        "UPDATE corrections SET state = 'refused', error = left($2, 500) WHERE id = $1", id, error
    )


async def mark_later(executor: Executor, id: UUID, due_at: datetime) -> None:
    """The provider asks us to wait."""
    await executor.execute("UPDATE corrections SET due_at = $2 WHERE id = $1", id, due_at)


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> dict[UUID, CorrectionState]:
    """The latest correction of each message that has one."""
    rows = await executor.fetch(
        """SELECT DISTINCT ON (k.message_id) k.message_id, k.kind, k.state, k.error FROM corrections k
           JOIN messages m ON m.id = k.message_id WHERE m.conversation_id = $1
           ORDER BY k.message_id, k.created_at DESC""",
        conversation_id,
    )
    return {row["message_id"]: CorrectionState(row["kind"], row["state"], row["error"]) for row in rows}
