"""Events that were accepted but not yet answered."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from desk.model import Event, NotShown, ReceivedFile, ReceivedMessage
from desk.store.pool import Executor

_COLUMNS = "id, inbox, external_id, contact_id, payload, received_at, state, attempts, deaths, waiting_since, trace_id"


async def add_event(
    executor: Executor,
    inbox: str,
    external_id: str,
    contact_id: UUID,
    payload: Mapping[str, object],
    trace_id: str | None,
    *,
    done: bool = False,
) -> bool:
    """Keep an event; false when this inbox already has it. `done`: nothing is to be answered."""
    made = await executor.fetchval(
        """INSERT INTO events (inbox, external_id, contact_id, payload, trace_id, state)
           VALUES ($1, $2, $3, $4, $5, CASE WHEN $6 THEN 'done' ELSE 'received' END)
           ON CONFLICT (inbox, external_id) DO NOTHING RETURNING id""",
        inbox,
        external_id,
        contact_id,
        dict(payload),
        trace_id,
        done,
    )
    return made is not None


async def mark_repeated(executor: Executor, inbox: str, external_id: str) -> None:
    """Rewrite a repeated event unchanged, so that the commit waits for a standby as the first one did. The
    first write may have been cancelled while it waited, leaving the row on this server only; a repeat that
    merely found the row would then be acknowledged."""
    await executor.execute(
        "UPDATE events SET external_id = $2 WHERE inbox = $1 AND external_id = $2", inbox, external_id
    )


async def mark_worker_died(executor: Executor, contact_id: UUID) -> None:
    """A worker died while holding this contact's lease: count it against the event it was processing."""
    await executor.execute(
        """UPDATE events SET deaths = deaths + 1 WHERE id = (
               SELECT id FROM events WHERE contact_id = $1 AND state IN ('received', 'appended') ORDER BY id LIMIT 1)""",
        contact_id,
    )


async def get_next(executor: Executor, contact_id: UUID, *, due: bool = True) -> Event | None:
    """The contact's first open event, if it is due (or in any case, if not `due`); later ones wait behind
    it."""
    row = await executor.fetchrow(
        f"""SELECT {_COLUMNS}, available_at <= now() AS due FROM events
            WHERE contact_id = $1 AND state IN ('received', 'appended') ORDER BY id LIMIT 1""",  # noqa: S608  (our own columns)
        contact_id,
    )
    if row is None or (due and not row["due"]):
        return None
    return _event(row)


async def set_files(
    executor: Executor,
    event_id: int,
    files: Sequence[ReceivedFile],
    lost: int,
    unshown: Sequence[NotShown] = (),
    *,
    over_quota: bool,
) -> None:
    """Record that the event's files were fetched: our own ids, how many were lost, what cannot be shown, and
    whether too many were sent."""
    own = [{"id": one.id, "content_type": one.content_type} for one in files]
    others = [{"kind": one.kind, "name": one.name} for one in unshown]
    fetched = {"media": own, "lost": lost, "over_quota": over_quota, "unshown": others}
    await executor.execute("UPDATE events SET payload = payload || $2 WHERE id = $1", event_id, fetched)


async def mark_resting(executor: Executor, event_id: int, seconds: float) -> bool:
    """Postpone an event until `seconds` after its arrival; False if it is older than that."""
    resting = await executor.fetchval(
        """UPDATE events SET available_at = received_at + make_interval(secs => $2)
           WHERE id = $1 AND received_at > now() - make_interval(secs => $2) RETURNING true""",
        event_id,
        seconds,
    )
    return resting is not None


async def is_album_continued(executor: Executor, contact_id: UUID, event_id: int, album: str) -> bool:
    """Whether another event of the same album is queued behind this one."""
    found: bool = await executor.fetchval(
        """SELECT EXISTS (SELECT 1 FROM events WHERE contact_id = $1 AND id > $2
           AND state IN ('received', 'appended') AND payload->'thread'->>'album' = $3)""",
        contact_id,
        event_id,
        album,
    )
    return found


async def is_followed(executor: Executor, contact_id: UUID, event_id: int) -> bool:
    """Whether the contact has written again since."""
    found: bool = await executor.fetchval(
        """SELECT EXISTS (SELECT 1 FROM events WHERE contact_id = $1 AND id > $2
           AND state IN ('received', 'appended'))""",
        contact_id,
        event_id,
    )
    return found


async def mark_appended(executor: Executor, event_id: int) -> None:
    """Its message is in the log; counts the attempt. Merely checking whether the bot is up again does not
    count."""
    await executor.execute(
        """UPDATE events SET state = 'appended', attempts = attempts + (waiting_since IS NULL)::int
           WHERE id = $1""",
        event_id,
    )


async def mark_done(executor: Executor, event_id: int) -> None:
    """Answered, handed off, or left for a person to read."""
    await executor.execute("UPDATE events SET state = 'done', error = NULL WHERE id = $1", event_id)


async def mark_waiting(executor: Executor, event_id: int, seconds: float) -> None:
    """The bot is not up yet: check again in `seconds`."""
    await executor.execute(
        """UPDATE events SET available_at = now() + make_interval(secs => $2),
           waiting_since = coalesce(waiting_since, now()) WHERE id = $1""",
        event_id,
        seconds,
    )


async def get_seconds_waited(executor: Executor, event_id: int) -> float:
    """How many seconds this event has waited for the bot."""
    seconds: float = await executor.fetchval(
        "SELECT coalesce(extract(epoch FROM now() - waiting_since), 0)::float8 FROM events WHERE id = $1",
        event_id,
    )
    return seconds


async def mark_postponed(executor: Executor, event_id: int, error: str, seconds: float) -> None:
    """An error of our own occurred: store the reason and retry in `seconds`."""
    await executor.execute(
        """UPDATE events SET available_at = now() + make_interval(secs => $3), attempts = attempts + 1,
           error = left($2, 500) WHERE id = $1""",
        event_id,
        error,
        seconds,
    )


async def mark_dead(executor: Executor, event_id: int, error: str) -> None:
    """Dead: not even an apology could be sent. For the operator."""
    await executor.execute(
        "UPDATE events SET state = 'dead', error = left($2, 500) WHERE id = $1", event_id, error
    )


async def list_unanswered(executor: Executor, seconds: float, bot_wait: float, limit: int = 50) -> list[UUID]:
    """Contacts with an event that was tried and is older than `seconds`, and whose lease is free. One that
    waits for the bot is excluded for `bot_wait` seconds. Events that no worker has tried yet are excluded
    too: the bot answers them sooner than a person would, and `backlog.read` shows them."""
    rows = await executor.fetch(
        """
        SELECT DISTINCT e.contact_id FROM events e JOIN contacts c ON c.id = e.contact_id
        WHERE e.state IN ('received', 'appended') AND (e.attempts > 0 OR e.deaths > 0)
          AND (e.waiting_since IS NULL OR e.waiting_since < now() - make_interval(secs => $2))
          AND e.received_at < now() - make_interval(secs => $1) AND c.lease_until < now()
        LIMIT $3
        """,
        seconds,
        bot_wait,
        limit,
    )
    return [row["contact_id"] for row in rows]


async def is_pending(executor: Executor, contact_id: UUID) -> bool:
    """Whether any event of this contact is still unanswered."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT 1 FROM events WHERE contact_id = $1 AND state IN ('received', 'appended'))",
        contact_id,
    )
    return found


def _event(row: Any) -> Event:
    known = {name: row[name] for name in _COLUMNS.split(", ") if name != "payload"}
    try:
        return Event(**known, received=msgspec.convert(row["payload"], ReceivedMessage, strict=False))
    except msgspec.ValidationError:
        return Event(**known, received=ReceivedMessage(), readable=False)
