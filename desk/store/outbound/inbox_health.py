"""Health of inboxes: stopped, paused, probing; and which worker listens. No row means healthy."""

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor

NOT_YET = "not its turn yet"
"""The reason stored for messages held by a rate limit."""

_COLUMNS = "inbox, stopped_at, paused_until, probing, reason, code, changed_at, sent_at"


@dataclass(frozen=True, slots=True)
class Health:
    """`stopped_at`: until a person resumes it. `paused_until`: nothing is sent before then; `probing`: then
    one message goes first."""

    inbox: str
    stopped_at: datetime | None = None
    paused_until: datetime | None = None
    probing: bool = False
    reason: str | None = None
    code: str | None = None
    changed_at: datetime | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxLoad:
    """How many messages of an inbox are in each state that needs attention. Of the `pending` ones, `held`
    wait for a rate limit and `retried` have failed before. The last three were held back by the desk
    itself: dead, dead and pending."""

    pending: int = 0
    waiting: int = 0
    unknown: int = 0
    dead: int = 0
    held: int = 0
    retried: int = 0
    forbidden_number: int = 0
    over_contact_cap: int = 0
    over_inbox_cap: int = 0


async def list_health(executor: Executor) -> dict[str, Health]:
    """The known health, by inbox."""
    rows = await executor.fetch(f"SELECT {_COLUMNS} FROM inbox_health")  # noqa: S608  (our own columns)
    return {row["inbox"]: Health(**dict(row)) for row in rows}


async def is_probing(executor: Executor, inbox: str) -> bool:
    """Whether a single probe message has to go first."""
    found: bool | None = await executor.fetchval("SELECT probing FROM inbox_health WHERE inbox = $1", inbox)
    return bool(found)


async def list_loads(executor: Executor) -> dict[str, InboxLoad]:
    """What each inbox still has to deliver, or could not deliver."""
    rows = await executor.fetch(
        """SELECT inbox, count(*) FILTER (WHERE state IN ('pending', 'sending')) AS pending,
                  count(*) FILTER (WHERE state = 'waiting') AS waiting,
                  count(*) FILTER (WHERE state = 'unknown') AS unknown,
                  count(*) FILTER (WHERE state = 'dead') AS dead,
                  count(*) FILTER (WHERE state = 'pending' AND error = $1) AS held,
                  count(*) FILTER (WHERE state = 'pending' AND attempts > 0 AND error <> $1) AS retried,
                  count(*) FILTER (WHERE failure = 'forbidden_number') AS forbidden_number,
                  count(*) FILTER (WHERE failure = 'contact_cap') AS over_contact_cap,
                  count(*) FILTER (WHERE failure = 'inbox_cap') AS over_inbox_cap
           FROM outbox WHERE state <> 'sent' GROUP BY inbox""",
        NOT_YET,
    )
    names = [one.name for one in fields(InboxLoad)]
    return {row["inbox"]: InboxLoad(**{name: row[name] for name in names}) for row in rows}


async def mark_stopped(executor: Executor, inbox: str, reason: str, code: str | None) -> bool:
    """The provider refuses the account. True for the first call that reports it."""
    changed = await executor.fetchval(
        """INSERT INTO inbox_health (inbox, stopped_at, reason, code) VALUES ($1, now(), left($2, 500), $3)
           ON CONFLICT (inbox) DO UPDATE SET stopped_at = now(), reason = excluded.reason, code = excluded.code,
                                             changed_at = now()
           WHERE inbox_health.stopped_at IS NULL RETURNING true""",
        inbox,
        reason,
        code,
    )
    return changed is not None


async def mark_paused(executor: Executor, inbox: str, seconds: float, reason: str, *, probing: bool) -> None:
    """Send nothing for this long; a longer pause already in effect is kept."""
    await executor.execute(
        """INSERT INTO inbox_health (inbox, paused_until, probing, reason)
           VALUES ($1, now() + make_interval(secs => $2), $4, left($3, 500))
           ON CONFLICT (inbox) DO UPDATE SET
               paused_until = greatest(inbox_health.paused_until, excluded.paused_until),
               probing = inbox_health.probing OR excluded.probing, reason = excluded.reason, changed_at = now()""",
        inbox,
        seconds,
        reason,
        probing,
    )


async def take_probe(executor: Executor, inbox: str, seconds: float) -> bool:
    """After the circuit breaker's pause: True for the one message that may go first; the others wait for
    it."""
    taken = await executor.fetchval(
        """UPDATE inbox_health SET paused_until = now() + make_interval(secs => $2)
           WHERE inbox = $1 AND probing AND paused_until <= now() RETURNING true""",
        inbox,
        seconds,
    )
    return taken is not None


async def mark_working(executor: Executor, inbox: str) -> bool:
    """The provider accepted a message, so the circuit breaker closes. True if it was open."""
    row = await executor.fetchrow(
        """INSERT INTO inbox_health (inbox, sent_at) VALUES ($1, now())
           ON CONFLICT (inbox) DO UPDATE SET sent_at = now(), probing = false,
               -- A pause that the provider asked for stays; what was sent before it came proves nothing.
               paused_until = CASE WHEN inbox_health.probing THEN NULL ELSE inbox_health.paused_until END
           RETURNING (SELECT probing FROM inbox_health WHERE inbox = $1) AS was""",
        inbox,
    )
    return bool(row["was"])


async def mark_resumed(executor: Executor, inbox: str) -> bool:
    """A person reports the problem as fixed. False if there was none."""
    changed = await executor.fetchval(
        """UPDATE inbox_health SET stopped_at = NULL, paused_until = NULL, probing = false, reason = NULL, code = NULL,
           changed_at = now() WHERE inbox = $1 AND (stopped_at IS NOT NULL OR paused_until IS NOT NULL) RETURNING true""",
        inbox,
    )
    return changed is not None


async def claim_listener(executor: Executor, inbox: str, worker: UUID, seconds: float) -> bool:
    """Become, or remain, the one worker that listens to this inbox; False while another one does."""
    mine = await executor.fetchval(
        """INSERT INTO inbox_health (inbox, listener, listener_until)
           VALUES ($1, $2, now() + make_interval(secs => $3))
           ON CONFLICT (inbox) DO UPDATE SET listener = $2, listener_until = now() + make_interval(secs => $3)
           WHERE inbox_health.listener = $2 OR inbox_health.listener_until < now() RETURNING true""",
        inbox,
        worker,
        seconds,
    )
    return mine is not None


async def release_listener(executor: Executor, inbox: str, worker: UUID) -> None:
    """Let another worker listen immediately."""
    await executor.execute(
        "UPDATE inbox_health SET listener = NULL, listener_until = '-infinity' WHERE inbox = $1 AND listener = $2",
        inbox,
        worker,
    )
