"""Arrivals that did not become a message, for agents to read and accept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.inbound import KEPT_DAYS
from desk.store.pool import Executor

Kind = Literal["ignored", "unreadable"]


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One arrival. `takeable`: an agent can still make a message of it; `shown`: its beginning can be read."""

    id: int
    inbox: str
    kind: Kind
    reason: str
    sender: str
    subject: str
    headers: Mapping[str, str]
    arrived_at: datetime
    takeable: bool
    shown: bool


async def count_not_taken(executor: Executor) -> dict[str, int]:
    """How many there are, by inbox."""
    rows = await executor.fetch(
        """SELECT inbox, count(*) AS count FROM not_taken
           WHERE taken_at IS NULL AND arrived_at >= now() - make_interval(days => $1) GROUP BY inbox""",
        KEPT_DAYS,
    )
    return {row["inbox"]: row["count"] for row in rows}


async def list_not_taken(executor: Executor, inbox: str, limit: int = 200) -> list[NotTaken]:
    """The newest first."""
    rows = await executor.fetch(
        """SELECT id, inbox, kind, reason, sender, subject, headers, arrived_at, payload IS NOT NULL AS takeable,
                  raw IS NOT NULL AS shown
           FROM not_taken
           WHERE inbox = $1 AND taken_at IS NULL AND arrived_at >= now() - make_interval(days => $2)
           ORDER BY id DESC LIMIT $3""",
        inbox,
        KEPT_DAYS,
        limit,
    )
    return [NotTaken(**dict(row)) for row in rows]


async def get_raw(executor: Executor, arrival_id: int) -> tuple[str, str] | None:
    """The inbox, and how the arrival begins; None if there is nothing to show."""
    row = await executor.fetchrow(
        """SELECT inbox, raw FROM not_taken
           WHERE id = $1 AND raw IS NOT NULL AND arrived_at >= now() - make_interval(days => $2)""",
        arrival_id,
        KEPT_DAYS,
    )
    return None if row is None else (row["inbox"], row["raw"])


async def mark_taken(
    executor: Executor, arrival_id: int, agent_id: UUID
) -> tuple[str, Mapping[str, object]] | None:
    """An agent takes it: the inbox and the message. None if somebody has already taken it, or if it cannot be taken."""
    row = await executor.fetchrow(
        """UPDATE not_taken SET taken_at = now(), taken_by = $2
           WHERE id = $1 AND taken_at IS NULL AND payload IS NOT NULL
             AND arrived_at >= now() - make_interval(days => $3)
           RETURNING inbox, payload""",
        arrival_id,
        agent_id,
        KEPT_DAYS,
    )
    return None if row is None else (row["inbox"], row["payload"])
