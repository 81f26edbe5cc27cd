"""Who wants notices, about what and where, and since when they consented to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Subscription:
    """`scenario` and `district` are "" for all of them. `state`: asked (not confirmed yet), on or off."""

    scenario: str
    district: str
    state: str


async def list_of_contact(executor: Executor, contact_id: UUID) -> list[Subscription]:
    """What a contact wants now."""
    rows = await executor.fetch(
        """SELECT scenario, district, state FROM notice_subscriptions WHERE contact_id = $1 AND state <> 'off'
           ORDER BY scenario, district""",
        contact_id,
    )
    return [Subscription(**dict(row)) for row in rows]


async def add_subscription(
    executor: Executor,
    contact_id: UUID,
    scenario: str,
    district: str,
    at: datetime,
    *,
    source: str,
    confirmed: bool,
) -> None:
    """They want it; with `confirmed` from now on, else once they confirm. One that is on stays as it is."""
    await executor.execute(
        """INSERT INTO notice_subscriptions AS s (contact_id, scenario, district, state, source, asked_at, consented_at)
           VALUES ($1, $2, $3, CASE WHEN $6 THEN 'on' ELSE 'asked' END, $5, $4, CASE WHEN $6 THEN $4::timestamptz END)
           ON CONFLICT (contact_id, scenario, district) DO UPDATE
           SET state = excluded.state, source = excluded.source, asked_at = excluded.asked_at,
               consented_at = excluded.consented_at, ended_at = NULL WHERE s.state <> 'on'""",
        contact_id, scenario, district, at, source, confirmed,
    )  # fmt: skip


async def mark_confirmed(executor: Executor, contact_id: UUID, at: datetime, since: datetime) -> int:
    """They confirm what they asked for after `since`; returns how many subscriptions that are."""
    rows = await executor.fetch(
        """UPDATE notice_subscriptions SET state = 'on', consented_at = $2
           WHERE contact_id = $1 AND state = 'asked' AND asked_at > $3 RETURNING 1""",
        contact_id, at, since,
    )  # fmt: skip
    return len(rows)


async def mark_ended(
    executor: Executor, contact_id: UUID, at: datetime, scenarios: Sequence[str] = ()
) -> int:
    """They want no notices of these scenarios any more, or none at all; returns how many subscriptions ended."""
    rows = await executor.fetch(
        """UPDATE notice_subscriptions SET state = 'off', ended_at = $2 WHERE contact_id = $1 AND state <> 'off'
           AND (cardinality($3::text[]) = 0 OR scenario = ANY($3)) RETURNING 1""",
        contact_id, at, list(scenarios),
    )  # fmt: skip
    return len(rows)
