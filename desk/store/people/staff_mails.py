"""Mails to supervisors about their desk: subscriptions, and the mails to send."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from desk.model import Actor, Role
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class StaffMail:
    """One mail that is to be sent. `tries` counts the attempts before."""

    id: UUID
    email: str
    subject: str
    text: str
    tries: int


async def list_wanting(executor: Executor, kind: str, roles: list[Role]) -> list[Actor]:
    """The active people of these roles who want this kind."""
    rows = await executor.fetch(
        """SELECT id, name, role, teams, only_own_teams FROM agents
           WHERE active AND role = ANY($2) AND $1 = ANY(mails) ORDER BY id""",
        kind, roles,
    )  # fmt: skip
    return [
        Actor(row["id"], row["name"], row["role"], tuple(row["teams"]), row["only_own_teams"]) for row in rows
    ]


async def list_active(executor: Executor, roles: list[Role]) -> list[Actor]:
    """The active people of these roles."""
    rows = await executor.fetch(
        "SELECT id, name, role, teams, only_own_teams FROM agents WHERE active AND role = ANY($1) ORDER BY id",
        roles,
    )
    return [
        Actor(row["id"], row["name"], row["role"], tuple(row["teams"]), row["only_own_teams"]) for row in rows
    ]


async def list_called(
    executor: Executor, everything: bool, teams: list[str], since: datetime
) -> list[tuple[UUID, datetime]]:
    """(conversation, when supervisors were called for it) of urgent ones that still wait unclaimed, of these teams."""
    rows = await executor.fetch(
        """SELECT id, paged_at FROM conversations WHERE state = 'queued' AND paged_at > $3
           AND ($1 OR team = ANY($2) OR team IS NULL) ORDER BY paged_at, id LIMIT 100""",
        everything, teams, since,
    )  # fmt: skip
    return [(row["id"], row["paged_at"]) for row in rows]


async def add_mail(
    executor: Executor, agent_id: UUID, kind: str, about: str, subject: str, text: str, now: datetime
) -> bool:
    """Keep a mail for sending; False if this person was told of it before."""
    tag = await executor.execute(
        """INSERT INTO staff_mails (agent_id, kind, about, subject, text, created_at, next_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6) ON CONFLICT (agent_id, kind, about) DO NOTHING""",
        agent_id, kind, about, subject, text, now,
    )  # fmt: skip
    return tag == "INSERT 0 1"


async def is_told(executor: Executor, agent_id: UUID, kind: str, about: str) -> bool:
    """Whether this person was told of it, or will be."""
    found = await executor.fetchval(
        "SELECT true FROM staff_mails WHERE agent_id = $1 AND kind = $2 AND about = $3", agent_id, kind, about
    )
    return bool(found)


async def take_due(executor: Executor, now: datetime, again: timedelta) -> StaffMail | None:
    """The next mail that is due. Unless it is marked, it is due again after `again`, also if this worker dies."""
    row = await executor.fetchrow(
        """UPDATE staff_mails m SET next_at = $1::timestamptz + $2, tries = tries + 1
           FROM agents a WHERE a.id = m.agent_id AND m.id = (
               SELECT id FROM staff_mails WHERE state = 'waiting' AND next_at <= $1 ORDER BY next_at LIMIT 1
               FOR UPDATE SKIP LOCKED)
           RETURNING m.id, a.email, m.subject, m.text, m.tries - 1 AS tries""",
        now, again,
    )  # fmt: skip
    return StaffMail(**dict(row)) if row else None


async def mark_sent(executor: Executor, id: UUID) -> None:
    """It was sent."""
    await executor.execute("UPDATE staff_mails SET state = 'sent' WHERE id = $1", id)


async def mark_given_up(executor: Executor, id: UUID) -> None:
    """It could not be sent."""
    await executor.execute("UPDATE staff_mails SET state = 'given_up' WHERE id = $1", id)


async def delete_old(executor: Executor, before: datetime) -> None:
    """Older mails are obsolete."""
    await executor.execute("DELETE FROM staff_mails WHERE created_at < $1", before)
