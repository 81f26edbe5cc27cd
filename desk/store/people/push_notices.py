"""Notices to agents' devices: the events to report, once for each device, and the notices to send. Ids only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from city.hours import Hours
from desk.model import Role
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class DueNotice:
    """One notice that is to be sent. `tries` counts the attempts before; `over`: somebody has acted since."""

    id: UUID
    device_id: UUID
    endpoint: str
    p256dh: bytes
    auth: bytes
    kind: str
    conversation_id: UUID
    until: datetime
    tries: int
    over: bool


async def is_any_device(executor: Executor, key: str) -> bool:
    """Whether anybody wants notices."""
    return bool(await executor.fetchval("SELECT EXISTS (SELECT FROM push_devices WHERE key = $1)", key))


async def list_on_call(executor: Executor, key: str) -> list[tuple[UUID, Hours]]:
    """The people with a device on call whose hours on call are planned."""
    rows = await executor.fetch(
        """SELECT id, on_call FROM agents WHERE active AND on_call IS NOT NULL
           AND EXISTS (SELECT FROM push_devices d WHERE d.agent_id = agents.id AND d.key = $1 AND d.on_call)""",
        key,
    )
    return [(row["id"], msgspec.convert(row["on_call"], Hours)) for row in rows]


async def add_urgent(
    executor: Executor,
    key: str,
    roles: Sequence[Role],
    off_call: Sequence[UUID],
    since: datetime,
    now: datetime,
    until: datetime,
) -> int:
    """Urgent conversations that nobody has claimed, for those of their teams who are available or on call; `off_call` are
    outside their hours on call."""
    tag = await executor.execute(
        """INSERT INTO push_notices (device_id, conversation_id, kind, about, created_at, next_at, until)
           SELECT d.id, v.id, 'urgent', v.id || ' ' || v.queued_at, $4, $4, $5
           FROM conversations v CROSS JOIN push_devices d JOIN agents a ON a.id = d.agent_id
           LEFT JOIN agent_presence p ON p.agent_id = a.id
           WHERE v.state = 'queued' AND v.urgency IS NOT NULL AND v.queued_at > $3
             AND d.key = $1 AND 'urgent' = ANY(d.kinds) AND a.active AND a.role = ANY($2)
             AND (v.team IS NULL OR v.team = ANY(a.teams)) AND (p.state = 'available' OR (d.on_call AND a.id <> ALL($6)))
           ON CONFLICT DO NOTHING""",
        key, list(roles), since, now, until, list(off_call),
    )  # fmt: skip
    return _count(tag)


async def add_paged(
    executor: Executor, key: str, roles: Sequence[Role], since: datetime, now: datetime, until: datetime
) -> int:
    """Urgent conversations for which the supervisors were called, for those who may see them, wherever they are."""
    tag = await executor.execute(
        """INSERT INTO push_notices (device_id, conversation_id, kind, about, created_at, next_at, until)
           SELECT d.id, v.id, 'paged', v.id || ' ' || v.paged_at, $4, $4, $5
           FROM conversations v CROSS JOIN push_devices d JOIN agents a ON a.id = d.agent_id
           WHERE v.state = 'queued' AND v.paged_at > $3
             AND d.key = $1 AND 'urgent' = ANY(d.kinds) AND a.active AND a.role = ANY($2)
             AND (NOT a.only_own_teams OR v.team IS NULL OR v.team = ANY(a.teams))
           ON CONFLICT DO NOTHING""",
        key, list(roles), since, now, until,
    )  # fmt: skip
    return _count(tag)


async def add_mentions(
    executor: Executor, key: str, roles: Sequence[Role], since: datetime, now: datetime, until: datetime
) -> int:
    """Notes that name somebody who has not seen it yet."""
    tag = await executor.execute(
        """INSERT INTO push_notices (device_id, conversation_id, kind, about, created_at, next_at, until)
           SELECT d.id, n.conversation_id, 'mention', n.id::text, $4, $4, $5
           FROM note_mentions m JOIN conversation_notes n ON n.id = m.note_id
           JOIN push_devices d ON d.agent_id = m.agent_id JOIN agents a ON a.id = d.agent_id
           WHERE m.seen_at IS NULL AND n.created_at > $3
             AND d.key = $1 AND 'mention' = ANY(d.kinds) AND a.active AND a.role = ANY($2)
           ON CONFLICT DO NOTHING""",
        key, list(roles), since, now, until,
    )  # fmt: skip
    return _count(tag)


async def add_offers(executor: Executor, key: str, roles: Sequence[Role], now: datetime) -> int:
    """Conversations that are offered to somebody; worth nothing once the offer is over."""
    tag = await executor.execute(
        """INSERT INTO push_notices (device_id, conversation_id, kind, about, created_at, next_at, until)
           SELECT d.id, o.conversation_id, 'offer', o.id::text, $3, $3, o.expires_at
           FROM conversation_offers o JOIN push_devices d ON d.agent_id = o.agent_id JOIN agents a ON a.id = d.agent_id
           WHERE o.outcome IS NULL AND o.expires_at > $3
             AND d.key = $1 AND 'offer' = ANY(d.kinds) AND a.active AND a.role = ANY($2)
           ON CONFLICT DO NOTHING""",
        key, list(roles), now,
    )  # fmt: skip
    return _count(tag)


async def take_due(executor: Executor, now: datetime, again: timedelta, most: int) -> list[DueNotice]:
    """Notices that are due. Unless one is marked, it is due again after `again`, also if this worker dies."""
    rows = await executor.fetch(
        """UPDATE push_notices n SET next_at = $1::timestamptz + $2, tries = tries + 1
           FROM push_devices d, conversations v WHERE d.id = n.device_id AND v.id = n.conversation_id AND n.id IN (
               SELECT id FROM push_notices WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT $3
               FOR UPDATE SKIP LOCKED)
           RETURNING n.id, n.device_id, d.endpoint, d.p256dh, d.auth, n.kind, n.conversation_id, n.until,
               n.tries - 1 AS tries, CASE n.kind
                   WHEN 'offer' THEN NOT EXISTS (
                       SELECT FROM conversation_offers o WHERE o.id::text = n.about AND o.outcome IS NULL)
                   WHEN 'mention' THEN NOT EXISTS (
                       SELECT FROM note_mentions m WHERE m.note_id::text = n.about AND m.agent_id = d.agent_id
                       AND m.seen_at IS NULL)
                   ELSE v.state <> 'queued' END AS over""",
        now, again, most,
    )  # fmt: skip
    return [DueNotice(**dict(row)) for row in rows]


async def set_next(executor: Executor, id: UUID, at: datetime) -> None:
    """Try again at this time."""
    await executor.execute("UPDATE push_notices SET next_at = $2 WHERE id = $1", id, at)


async def mark_sent(executor: Executor, id: UUID) -> None:
    """The push service took it."""
    await executor.execute("UPDATE push_notices SET state = 'sent' WHERE id = $1", id)


async def mark_given_up(executor: Executor, id: UUID) -> None:
    """It was refused, or it is worth nothing any more."""
    await executor.execute("UPDATE push_notices SET state = 'given_up' WHERE id = $1", id)


async def delete_old(executor: Executor, before: datetime) -> None:
    """Older notices are obsolete."""
    await executor.execute("DELETE FROM push_notices WHERE created_at < $1", before)


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[-1])
