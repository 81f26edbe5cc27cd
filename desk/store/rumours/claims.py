"""Claims that citizens asked about: which messages, and in which rumour. Their texts stay in the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it was written, with the names that its author gave. `answered`: the assistant had an answer, too."""

    message_id: UUID
    text: str
    language: str
    asked_at: datetime
    answered: bool
    names: Sequence[str]


_CLAIMS = """SELECT q.message_id, q.rumour_id, m.text, q.language, q.asked_at, q.answered,
                    array_remove(array_append((SELECT array_agg(r.payload->>'name') FROM service_requests r
                                               WHERE r.contact_id = q.contact_id), c.name), NULL) AS names
             FROM rumour_claims q JOIN messages m ON m.id = q.message_id JOIN contacts c ON c.id = q.contact_id
             WHERE NOT m.content ? 'deleted'"""


async def add_claim(
    executor: Executor,
    message_id: UUID,
    rumour_id: int | None,
    at: datetime,
    language: str,
    *,
    answered: bool,
) -> None:
    """Somebody asked whether this is true; adding it again sets its rumour alone."""
    await executor.execute(
        """INSERT INTO rumour_claims (message_id, conversation_id, contact_id, rumour_id, asked_at, language, answered)
           SELECT id, conversation_id, contact_id, $2, $3, $4, $5 FROM messages WHERE id = $1
           ON CONFLICT (message_id) DO UPDATE SET rumour_id = coalesce(excluded.rumour_id, rumour_claims.rumour_id)""",
        message_id, rumour_id, at, language, answered,
    )  # fmt: skip


async def list_without_rumour(executor: Executor, limit: int) -> list[Claim]:
    """The oldest claims that are in no rumour yet, locked; other workers skip them."""
    rows = await executor.fetch(
        f"{_CLAIMS} AND q.rumour_id IS NULL ORDER BY q.asked_at, q.message_id LIMIT $1 FOR UPDATE OF q SKIP LOCKED",
        limit,
    )
    return [_claim(row) for row in rows]


async def list_claims(executor: Executor, rumour_ids: Sequence[int], each: int) -> dict[int, list[Claim]]:
    """The newest claims of these rumours."""
    rows = await executor.fetch(
        f"""SELECT * FROM (
                SELECT asked.*, row_number() OVER (PARTITION BY rumour_id ORDER BY asked_at DESC, message_id) AS place
                FROM ({_CLAIMS} AND q.rumour_id = ANY($1)) asked
            ) placed WHERE place <= $2 ORDER BY rumour_id, place""",  # noqa: S608  (our own constant)
        list(rumour_ids), each,
    )  # fmt: skip
    found: dict[int, list[Claim]] = {}
    for row in rows:
        found.setdefault(row["rumour_id"], []).append(_claim(row))
    return found


async def list_first_without_vector(executor: Executor, limit: int) -> list[tuple[int, Claim]]:
    """(rumour, its oldest claim) of rumours that nothing recognises: an editor took their claims out of another one."""
    rows = await executor.fetch(
        f"""SELECT DISTINCT ON (rumour_id) * FROM ({_CLAIMS} AND NOT EXISTS (
                SELECT FROM rumour_vectors e WHERE e.rumour_id = q.rumour_id) AND q.rumour_id IS NOT NULL) found
            ORDER BY rumour_id, asked_at, message_id LIMIT $1""",  # noqa: S608  (our own constant)
        limit,
    )
    return [(row["rumour_id"], _claim(row)) for row in rows]


async def set_rumour(executor: Executor, message_id: UUID, rumour_id: int) -> bool:
    """The claim belongs to this rumour; false if there is no such claim."""
    done = await executor.fetchval(
        "UPDATE rumour_claims SET rumour_id = $2 WHERE message_id = $1 RETURNING true", message_id, rumour_id
    )
    return bool(done)


async def move_all(executor: Executor, rumour_id: int, into: int) -> None:
    """All claims of a rumour belong to another one."""
    await executor.execute("UPDATE rumour_claims SET rumour_id = $2 WHERE rumour_id = $1", rumour_id, into)


async def delete_old(executor: Executor, before: datetime) -> None:
    """Claims that are too old, or whose messages were deleted or redacted; and what citizens' claims began that has none left
    and no verdict."""
    await executor.execute(
        """DELETE FROM rumour_claims q USING messages m
           WHERE m.id = q.message_id AND (q.asked_at < $1 OR m.content ? 'deleted'
                 OR EXISTS (SELECT FROM redactions r WHERE r.message_id = m.id))""",
        before,
    )
    await executor.execute(
        """DELETE FROM rumours u WHERE created_by IS NULL
             AND NOT EXISTS (SELECT FROM rumour_claims q WHERE q.rumour_id = u.id)
             AND NOT EXISTS (SELECT FROM rumour_versions v WHERE v.rumour_id = u.id)"""
    )


def _claim(row: Mapping[str, Any]) -> Claim:
    return Claim(**{name: row[name] for name in Claim.__slots__})
