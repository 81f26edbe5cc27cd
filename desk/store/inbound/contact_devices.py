"""The browsers that notify citizens of an agent's reply, and the pending notice for each. Ids only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class NewContactDevice:
    """What a browser's subscription gives. `key` is our public key that it was made for."""

    token_hash: bytes
    contact_id: UUID
    endpoint: str
    p256dh: bytes
    auth: bytes
    key: str


@dataclass(frozen=True, slots=True)
class DueReply:
    """A device that is to be told of the message `seq`. `tries` counts the attempts before."""

    device_id: UUID
    endpoint: str
    p256dh: bytes
    auth: bytes
    language: str | None
    seq: int
    until: datetime
    tries: int


async def add_device(executor: Executor, new: NewContactDevice, most: int, now: datetime) -> bool:
    """Tell it of what is written from now on. A browser has one subscription: one that is known belongs to this session
    from now on. False if the contact has `most` others."""
    await executor.execute("SELECT id FROM contacts WHERE id = $1 FOR NO KEY UPDATE", new.contact_id)
    found = await executor.fetchval(
        """INSERT INTO contact_devices (token_hash, contact_id, endpoint, p256dh, auth, key, created_at, looked_seq, due_seq,
               told_seq, until, next_at)
           SELECT $1, c.id, $3, $4, $5, $6, $7, c.last_seq, c.last_seq, c.last_seq, $7, $7 FROM contacts c
           WHERE c.id = $2 AND (SELECT count(*) FROM contact_devices WHERE contact_id = $2 AND endpoint <> $3) < $8
           ON CONFLICT (endpoint) DO UPDATE SET token_hash = $1, contact_id = $2, p256dh = $4, auth = $5, key = $6,
               created_at = $7, looked_seq = excluded.looked_seq, due_seq = excluded.due_seq, told_seq = excluded.told_seq,
               tries = 0
           RETURNING id""",
        new.token_hash, new.contact_id, new.endpoint, new.p256dh, new.auth, new.key, now, most,
    )  # fmt: skip
    return found is not None


async def delete_device(executor: Executor, contact_id: UUID, endpoint: str) -> None:
    """Send nothing there any more."""
    await executor.execute(
        "DELETE FROM contact_devices WHERE contact_id = $1 AND endpoint = $2", contact_id, endpoint
    )


async def is_any_device(executor: Executor, key: str) -> bool:
    """Whether any citizen wants notices."""
    return bool(await executor.fetchval("SELECT EXISTS (SELECT FROM contact_devices WHERE key = $1)", key))


async def mark_due(
    executor: Executor, key: str, since: datetime, now: datetime, until: datetime, most: int
) -> int:
    """Look at what was written since the last look; replies by people since `since` are due. How many devices are to be
    told."""
    rows = await executor.fetch(
        """WITH found AS (
               SELECT d.id, c.last_seq, (
                   SELECT max(m.seq) FROM messages m WHERE m.contact_id = d.contact_id AND m.seq > d.looked_seq
                   AND m.seq <= c.last_seq AND m.author = 'agent' AND m.created_at > $2) AS seq
               FROM contact_devices d JOIN contacts c ON c.id = d.contact_id AND c.last_seq > d.looked_seq
               WHERE d.key = $1 ORDER BY d.id LIMIT $5 FOR UPDATE OF d SKIP LOCKED)
           UPDATE contact_devices d SET looked_seq = found.last_seq, due_seq = coalesce(found.seq, d.due_seq),
               until = CASE WHEN found.seq IS NULL THEN d.until ELSE $4 END,
               tries = CASE WHEN found.seq IS NULL THEN d.tries ELSE 0 END,
               next_at = CASE WHEN found.seq IS NULL THEN d.next_at ELSE $3 END
           FROM found WHERE d.id = found.id RETURNING found.seq""",
        key, since, now, until, most,
    )  # fmt: skip
    return sum(row["seq"] is not None for row in rows)


async def take_due(executor: Executor, now: datetime, again: timedelta, most: int) -> list[DueReply]:
    """Devices that are due. Unless one is marked, it is due again after `again`, also if this worker dies."""
    rows = await executor.fetch(
        """UPDATE contact_devices d SET next_at = $1::timestamptz + $2, tries = tries + 1
           FROM contacts c WHERE c.id = d.contact_id AND d.id IN (
               SELECT id FROM contact_devices WHERE due_seq > told_seq AND next_at <= $1 ORDER BY next_at LIMIT $3
               FOR UPDATE SKIP LOCKED)
           RETURNING d.id AS device_id, d.endpoint, d.p256dh, d.auth, c.language, d.due_seq AS seq, d.until,
               d.tries - 1 AS tries""",
        now, again, most,
    )  # fmt: skip
    return [DueReply(**dict(row)) for row in rows]


async def set_next(executor: Executor, device_id: UUID, at: datetime) -> None:
    """Try again at this time."""
    await executor.execute("UPDATE contact_devices SET next_at = $2 WHERE id = $1", device_id, at)


async def mark_told(executor: Executor, device_id: UUID, seq: int) -> None:
    """The push service took it, or it is given up."""
    await executor.execute(
        "UPDATE contact_devices SET told_seq = greatest(told_seq, $2) WHERE id = $1", device_id, seq
    )


async def delete_gone(executor: Executor, device_id: UUID) -> None:
    """The push service no longer knows it."""
    await executor.execute("DELETE FROM contact_devices WHERE id = $1", device_id)
