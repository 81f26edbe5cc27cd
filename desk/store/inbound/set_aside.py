"""Records arrivals that did not become a message: ignored as automatic, or unreadable. Kept for 30 days."""

from collections.abc import Mapping
from typing import Literal

from desk.store.inbound import KEPT_DAYS
from desk.store.pool import Executor

MOST = 2_000
"""For each inbox: a flood of automatic mails must not fill the database. The oldest go first."""


async def add_not_taken(
    executor: Executor,
    inbox: str,
    external_id: str,
    kind: Literal["ignored", "unreadable"],
    reason: str,
    *,
    sender: str,
    subject: str,
    headers: Mapping[str, str],
    raw: str | None,
    payload: Mapping[str, object] | None,
) -> bool:
    """Store one; false if it is already stored. Those beyond MOST are deleted, the oldest first."""
    made = await executor.fetchval(
        """INSERT INTO not_taken (inbox, external_id, kind, reason, sender, subject, headers, raw, payload)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (inbox, external_id) DO NOTHING RETURNING id""",
        inbox,
        external_id,
        kind,
        reason,
        sender,
        subject,
        dict(headers),
        raw,
        None if payload is None else dict(payload),
    )
    if made is not None:
        await executor.execute(
            """DELETE FROM not_taken WHERE inbox = $1 AND id <= coalesce((
                   SELECT id FROM not_taken WHERE inbox = $1 ORDER BY id DESC OFFSET $2 LIMIT 1), 0)""",
            inbox,
            MOST,
        )
    return made is not None


async def delete_old(executor: Executor, inbox: str) -> None:
    """Delete what is older than 30 days."""
    await executor.execute(
        "DELETE FROM not_taken WHERE inbox = $1 AND arrived_at < now() - make_interval(days => $2)",
        inbox,
        KEPT_DAYS,
    )
