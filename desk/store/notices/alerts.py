"""Alerts of other services, what became of each, and where each source is at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Poll:
    """Where a source is at; `problem` is a sentence, or empty."""

    source: str
    polled_at: datetime | None
    read_at: datetime | None
    etag: str | None
    modified: str | None
    failures: int
    problem: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A message as it was read: `refs` as keys of earlier ones; `body` holds its info blocks. Without a sender it could not be
    read."""

    source: str
    digest: str
    received_at: datetime
    sender: str | None = None
    identifier: str | None = None
    sent: datetime | None = None
    status: str = ""
    kind: str = ""
    refs: Sequence[str] = ()
    signed: bool = False
    body: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert as the console lists it. `state`: draft, banner, ended, needs_person, ignored or unreadable; `why` is a sentence."""

    id: UUID
    source: str
    sender: str | None
    identifier: str | None
    sent: datetime | None
    status: str
    kind: str
    signed: bool
    body: Sequence[dict[str, Any]]
    state: str
    why: str
    notice_id: UUID | None
    received_at: datetime


_KEPT = "id, source, sender, identifier, sent, status, kind, signed, body, state, why, notice_id, received_at"
_POLL = "source, polled_at, read_at, etag, modified, failures, problem, due_at"


async def lease_poll(executor: Executor, source: str, url: str, seconds: int, lease: float) -> Poll | None:
    """Claim a source that is due, by the database's clock; None if it is not, or somebody else reads it. It is due again after
    `seconds`, even if this worker dies. With another address it begins anew."""
    row = await executor.fetchrow(
        f"""INSERT INTO alert_polls AS p (source, url, due_at, lease_until)
            VALUES ($1, $2, now() + make_interval(secs => $3), now() + make_interval(secs => $4))
            ON CONFLICT (source) DO UPDATE SET url = $2, due_at = excluded.due_at, lease_until = excluded.lease_until,
                etag = CASE WHEN p.url = $2 THEN p.etag END, modified = CASE WHEN p.url = $2 THEN p.modified END
            WHERE (p.due_at <= now() OR p.url <> $2) AND p.lease_until < now() RETURNING {_POLL}""",  # noqa: S608  (our own columns)
        source, url, float(seconds), lease,
    )  # fmt: skip
    return Poll(**dict(row)) if row else None


async def mark_read(
    executor: Executor, source: str, at: datetime, etag: str | None, modified: str | None, problem: str
) -> None:
    """The source was read; `problem` is what was wrong with some of it."""
    await executor.execute(
        """UPDATE alert_polls SET polled_at = $2, read_at = $2, etag = $3, modified = $4, failures = 0, problem = $5,
                  lease_until = '-infinity' WHERE source = $1""",
        source, at, etag, modified, problem,
    )  # fmt: skip


async def mark_failed(executor: Executor, source: str, at: datetime, problem: str, again: timedelta) -> None:
    """It could not be read; the next attempt is after `again`."""
    await executor.execute(
        """UPDATE alert_polls SET polled_at = $2, failures = failures + 1, problem = $3, due_at = now() + $4,
                  lease_until = '-infinity' WHERE source = $1""",
        source, at, problem, again,
    )  # fmt: skip


async def mark_due(executor: Executor, source: str) -> bool:
    """Read it as soon as possible; False if there is no such source."""
    tag = await executor.execute("UPDATE alert_polls SET due_at = now() WHERE source = $1", source)
    return tag == "UPDATE 1"


async def list_polls(executor: Executor) -> dict[str, Poll]:
    """Where each source is at, by name."""
    rows = await executor.fetch(f"SELECT {_POLL} FROM alert_polls")  # noqa: S608  (our own columns)
    return {row["source"]: Poll(**dict(row)) for row in rows}


async def mark_seen(executor: Executor, source: str, entries: Sequence[str]) -> set[str]:
    """Those of these entries that were read before; they are in the feed still."""
    rows = await executor.fetch(
        """UPDATE alert_entries SET seen_at = now() WHERE source = $1 AND entry = ANY($2) RETURNING entry""",
        source,
        list(entries),
    )
    return {row["entry"] for row in rows}


async def add_entry(executor: Executor, source: str, entry: str) -> bool:
    """Remember an entry; False if it was there already."""
    tag = await executor.execute(
        "INSERT INTO alert_entries (source, entry, seen_at) VALUES ($1, $2, now()) ON CONFLICT DO NOTHING",
        source,
        entry,
    )
    return tag == "INSERT 0 1"


async def delete_old(executor: Executor, older: timedelta) -> int:
    """Forget alerts that became nothing, and entries that are in no feed any more; returns how many alerts."""
    await executor.execute("DELETE FROM alert_entries WHERE seen_at < now() - $1::interval", older)
    tag = await executor.execute(
        """DELETE FROM alerts WHERE received_at < now() - $1::interval AND notice_id IS NULL
           AND NOT EXISTS (SELECT 1 FROM notice_versions v WHERE v.alert_id = alerts.id)""",
        older,
    )
    return int(tag.removeprefix("DELETE "))


async def lock(executor: Executor) -> None:
    """Until the end of the transaction nobody else takes an alert in."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('alerts', 0))")


async def add_alert(executor: Executor, new: NewAlert) -> UUID | None:
    """Keep an alert; None if this source had it before."""
    id: UUID | None = await executor.fetchval(
        """INSERT INTO alerts (source, digest, received_at, sender, identifier, sent, status, kind, refs, signed, body, state)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $4::text IS NULL THEN 'unreadable' ELSE 'ignored' END)
           ON CONFLICT DO NOTHING RETURNING id""",
        new.source, new.digest, new.received_at, new.sender, new.identifier, new.sent, new.status, new.kind, list(new.refs),
        new.signed, list(new.body),
    )  # fmt: skip
    return id


async def set_outcome(executor: Executor, id: UUID, state: str, why: str, notice_id: UUID | None) -> None:
    """What became of it."""
    await executor.execute(
        "UPDATE alerts SET state = $2, why = $3, notice_id = $4 WHERE id = $1", id, state, why, notice_id
    )


async def get_same(executor: Executor, new: NewAlert) -> str | None:
    """Another source that had the same alert, word for word."""
    source: str | None = await executor.fetchval(
        """SELECT source FROM alerts WHERE identifier = $1 AND sender = $2 AND sent = $3 AND digest = $4 AND source <> $5
           ORDER BY received_at LIMIT 1""",
        new.identifier, new.sender, new.sent, new.digest, new.source,
    )  # fmt: skip
    return source


async def is_replaced(executor: Executor, source: str, ref: str, sender: str) -> bool:
    """Whether this source had a later message of the same sender that refers to this one."""
    found = await executor.fetchval(
        """SELECT 1 FROM alerts WHERE source = $1 AND sender = $3 AND refs @> ARRAY[$2::text] AND status = 'Actual'
           AND kind IN ('Update', 'Cancel') LIMIT 1""",
        source, ref, sender,
    )  # fmt: skip
    return found is not None


async def get_notice_of(
    executor: Executor, source: str, sender: str, earlier: Sequence[tuple[str, datetime]]
) -> UUID | None:
    """The notice that came last of these messages (identifier, sent) of the same source and sender."""
    notice: UUID | None = await executor.fetchval(
        """SELECT a.notice_id FROM alerts a
           JOIN unnest($3::text[], $4::timestamptz[]) AS r (identifier, sent) ON a.identifier = r.identifier AND a.sent = r.sent
           WHERE a.source = $1 AND a.sender = $2 AND a.notice_id IS NOT NULL ORDER BY a.sent DESC, a.received_at DESC LIMIT 1""",
        source, sender, [one[0] for one in earlier], [one[1] for one in earlier],
    )  # fmt: skip
    return notice


async def list_newest(executor: Executor, limit: int) -> list[KeptAlert]:
    """The newest first; those that need a person before all."""
    rows = await executor.fetch(
        f"SELECT {_KEPT} FROM alerts ORDER BY (state = 'needs_person') DESC, received_at DESC, id LIMIT $1",  # noqa: S608  (our own constants)
        limit,
    )
    return [KeptAlert(**dict(row)) for row in rows]


async def count_waiting(executor: Executor) -> int:
    """How many need a person."""
    waiting: int = await executor.fetchval("SELECT count(*) FROM alerts WHERE state = 'needs_person'")
    return waiting


async def list_of_notice(executor: Executor, notice_id: UUID) -> list[KeptAlert]:
    """The alerts of a notice, the newest first."""
    rows = await executor.fetch(
        f"SELECT {_KEPT} FROM alerts WHERE notice_id = $1 ORDER BY received_at DESC, id",  # noqa: S608  (our own constants)
        notice_id,
    )
    return [KeptAlert(**dict(row)) for row in rows]


async def get(executor: Executor, id: UUID) -> KeptAlert | None:
    """One of them, locked until the end of the transaction."""
    row = await executor.fetchrow(f"SELECT {_KEPT} FROM alerts WHERE id = $1 FOR UPDATE", id)  # noqa: S608  (our own constants)
    return KeptAlert(**dict(row)) if row else None
