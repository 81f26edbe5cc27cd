"""Receipts: what the provider reports about a message, and the status, which only moves forward."""

from typing import Any, Literal
from uuid import UUID

from desk.model import Status
from desk.store.pool import Executor

Told = Literal["sent", "delivered", "read", "failed"]

# A receipt only ever moves a status forward; `failed` is final for a message that had not been delivered.
_RANK = "array_position(ARRAY['accepted', 'sent', 'failed', 'delivered', 'read'], {0})"


async def set_status(
    executor: Executor, message_id: UUID, status: Status, external_id: str | None = None
) -> Status | None:
    """Move a status forward, never back, and return the current one; store the provider's id."""
    now: Status | None = await executor.fetchval(
        f"""UPDATE messages SET external_id = coalesce($3, external_id),
            status = CASE WHEN {_RANK.format("$2")} > {_RANK.format("status")} THEN $2 ELSE status END
            WHERE id = $1 RETURNING status""",  # noqa: S608  (_RANK is this file's own, with column and parameter names of ours)
        message_id,
        status,
        external_id,
    )
    return now


async def get_message_or_add(executor: Executor, inbox: str, external_id: str, status: Told) -> UUID | None:
    """The message that this receipt is for. The provider knows it as `external_id`: its own id, or our key
    "<message>:<part>". For the earlier parts of a long message, only a failure counts. A provider's receipt
    may arrive before we have stored its id; the receipt is then kept, and `early` finds it."""
    row = await _addressed(executor, inbox, external_id)
    if row is None:
        await _lock(executor, inbox, external_id)
        row = await _addressed(executor, inbox, external_id)
    if row is None:
        await executor.execute(
            "INSERT INTO early_receipts (inbox, external_id, status) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            inbox,
            external_id,
            status,
        )
        return None
    return row["id"] if status == "failed" or not row["earlier"] else None


async def get_addressed(executor: Executor, inbox: str, external_id: str) -> UUID | None:
    """The message that a provider knows by this id (its own, or our key); None if it is not ours, or not
    yet."""
    row = await _addressed(executor, inbox, external_id)
    return row["id"] if row else None


async def _addressed(executor: Executor, inbox: str, external_id: str) -> Any:
    return await executor.fetchrow(
        """SELECT m.id, $2 = ANY(o.external_ids) AND o.external_ids[cardinality(o.external_ids)] <> $2 AS earlier
           FROM outbox o JOIN messages m ON m.id = o.message_id
           WHERE o.inbox = $1 AND (o.external_ids @> ARRAY[$2] OR o.message_id = $3) LIMIT 1""",
        inbox,
        external_id,
        _message_of_key(external_id),
    )


def _message_of_key(external_id: str) -> UUID | None:
    message, _, part = external_id.partition(":")
    try:
        return UUID(message) if part.isascii() and part.isdigit() else None
    except ValueError:
        return None


async def take_early(executor: Executor, inbox: str, external_id: str) -> list[Told]:
    """Remove and return the receipts that came before `external_id` was stored, which must be done by now.
    Call it first in the transaction: the code that stores a receipt takes this lock before any row."""
    await _lock(executor, inbox, external_id)
    rows = await executor.fetch(
        "DELETE FROM early_receipts WHERE inbox = $1 AND external_id = $2 RETURNING status",
        inbox,
        external_id,
    )
    return [row["status"] for row in rows]


async def delete_old(executor: Executor) -> None:
    """Delete receipts older than a day, for messages that were never ours."""
    await executor.execute("DELETE FROM early_receipts WHERE received_at < now() - interval '1 day'")


async def _lock(executor: Executor, inbox: str, external_id: str) -> None:
    # Receipt and id may be written at the same moment, each unseen by the other: one must be forced to come
    # first.
    await executor.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"receipt:{inbox}:{external_id}"
    )
