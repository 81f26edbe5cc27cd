"""Whether agents are at work. `chosen` is the status that the person set; `state` is the effective one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from city.hours import Hours
from desk.model import Role
from desk.store.pool import Executor
from desk.store.routing.loads import LOADS, WHOLE, Measure

PresenceState = Literal["available", "break", "wrap_up", "away", "offline"]

_TRUE = """CASE WHEN {row}alive_until <= {now}::timestamptz OR {row}chosen = 'offline' THEN 'offline'
    WHEN {row}chosen = 'available' AND {row}input_at <= {now}::timestamptz - {idle}::interval THEN 'away' ELSE {row}chosen END"""

_COLUMNS = f"""a.id AS agent_id, a.name, a.role, a.teams, coalesce(p.state, 'offline') AS state,
    coalesce(p.chosen, 'offline') AS chosen, p.since, p.input_at, p.alive_until,
    coalesce(l.load, 0)::int AS load, a.capacity * {WHOLE} AS capacity"""
"""In the order of Presence's fields."""


@dataclass(frozen=True, slots=True)
class Presence:
    """An agent at work. `load` and `capacity` are in hundredths of a web chat."""

    agent_id: UUID
    name: str
    role: Role
    teams: tuple[str, ...]
    state: PresenceState
    chosen: PresenceState
    since: datetime | None
    input_at: datetime | None
    alive_until: datetime | None
    load: int
    capacity: int

    @property
    def full(self) -> bool:
        """Whether nothing more should be taken on."""
        return self.load >= self.capacity

    @property
    def shown(self) -> str:
        """Load and capacity in web chats: "3/5", "0.3/5"."""
        return f"{self.load / WHOLE:g}/{self.capacity // WHOLE}"


async def get_presence(executor: Executor, agent_id: UUID, measure: Measure) -> Presence | None:
    """One agent's; None if there is no such agent. Who was never here is offline, without `since`."""
    found = await _list(executor, measure, "a.id = $4", agent_id)
    return found[0] if found else None


async def mark_input(
    executor: Executor,
    agent_id: UUID,
    now: datetime,
    idle: timedelta,
    every: timedelta,
    measure: Measure,
    alive_until: datetime | None,
) -> tuple[Presence, bool] | None:
    """As `get_presence`, and as `mark_seen` with input if the last input is `every` old or the state is not the one chosen:
    one statement, as it goes before everything that agents do. Who is offline by choice, or was never here, stays so. Also
    whether the state is another one now."""
    row = await executor.fetchrow(
        f"""WITH seen AS (
                UPDATE agent_presence p SET input_at = n.input_at, alive_until = n.alive_until, state = s.state,
                    since = CASE WHEN p.state = s.state THEN p.since ELSE $5 END
                FROM (SELECT agent_id, chosen, $5::timestamptz AS input_at, coalesce($8, alive_until) AS alive_until
                      FROM agent_presence WHERE agent_id = $4 AND chosen <> 'offline' AND input_at IS NOT NULL
                        AND (state <> chosen OR input_at <= $5::timestamptz - $7::interval) FOR UPDATE) n
                CROSS JOIN LATERAL (SELECT {_TRUE.format(row="n.", now="$5", idle="$6")} AS state) s
                WHERE p.agent_id = n.agent_id RETURNING p.*)
            SELECT {_COLUMNS}, s.state <> o.state AS moved FROM agents a
            LEFT JOIN agent_presence o ON o.agent_id = a.id LEFT JOIN seen s ON s.agent_id = a.id
            CROSS JOIN LATERAL (SELECT coalesce(s.state, o.state) AS state, coalesce(s.chosen, o.chosen) AS chosen,
                coalesce(s.since, o.since) AS since, coalesce(s.input_at, o.input_at) AS input_at,
                coalesce(s.alive_until, o.alive_until) AS alive_until) p
            LEFT JOIN ({LOADS}) l ON l.agent_id = a.id WHERE a.id = $4""",  # noqa: S608  (SQL of this file; the values are parameters)
        *measure.values,
        agent_id,
        now,
        idle,
        every,
        alive_until,
    )
    return (_presence(row), bool(row["moved"])) if row else None


async def list_of_agents(
    executor: Executor, agent_ids: Iterable[UUID], measure: Measure
) -> dict[UUID, Presence]:
    """As `get_presence`, of several."""
    found = await _list(executor, measure, "a.id = ANY($4)", list(agent_ids))
    return {one.agent_id: one for one in found}


async def list_presences(executor: Executor, measure: Measure) -> list[Presence]:
    """Those of all active agents, by name."""
    return await _list(executor, measure, "a.active")


async def set_chosen(
    executor: Executor, agent_id: UUID, chosen: PresenceState, now: datetime, alive_until: datetime
) -> None:
    """The status set by the person, or by the desk on their behalf. It counts as input and as activity."""
    await executor.execute(
        """INSERT INTO agent_presence AS p (agent_id, state, chosen, chosen_at, since, input_at, alive_until)
           VALUES ($1, $2, $2, $3, $3, $3, $4)
           ON CONFLICT (agent_id) DO UPDATE SET state = $2, chosen = $2, chosen_at = $3, input_at = $3, alive_until = $4,
               since = CASE WHEN p.state = $2 THEN p.since ELSE $3 END""",
        agent_id,
        chosen,
        now,
        alive_until,
    )


@dataclass(frozen=True, slots=True)
class OnShift:
    """Somebody with planned shifts who said that they are available; when they said so."""

    agent_id: UUID
    chosen_at: datetime | None
    shifts: Hours


async def list_on_shift(executor: Executor) -> list[OnShift]:
    """Those who say that they are available, and whose shifts are planned."""
    rows = await executor.fetch(
        """SELECT p.agent_id, p.chosen_at, a.shifts FROM agent_presence p JOIN agents a ON a.id = p.agent_id
           WHERE p.chosen = 'available' AND p.state <> 'offline' AND a.active AND a.shifts IS NOT NULL"""
    )
    return [OnShift(row["agent_id"], row["chosen_at"], msgspec.convert(row["shifts"], Hours)) for row in rows]


async def mark_shift_over(executor: Executor, agent_id: UUID, ended_at: datetime, now: datetime) -> bool:
    """Away from now on, unless they have said after the shift's end that they are available."""
    tag = await executor.execute(
        """UPDATE agent_presence SET state = 'away', chosen = 'away',
               since = CASE WHEN state = 'away' THEN since ELSE $3 END
           WHERE agent_id = $1 AND chosen = 'available' AND state <> 'offline'
             AND (chosen_at IS NULL OR chosen_at < $2)""",
        agent_id,
        ended_at,
        now,
    )
    return tag == "UPDATE 1"


async def mark_missed(executor: Executor, agent_id: UUID, now: datetime) -> None:
    """An offer was missed: an available agent counts as away until they change it."""
    await executor.execute(
        """UPDATE agent_presence SET state = 'away', chosen = 'away', since = $2
           WHERE agent_id = $1 AND state = 'available'""",
        agent_id,
        now,
    )


async def mark_seen(
    executor: Executor,
    agent_id: UUID,
    now: datetime,
    idle: timedelta,
    *,
    input_at: datetime | None = None,
    alive_until: datetime | None = None,
) -> None:
    """A sign of life: a key or a click, a page that is open, or both. What is None stays as it is."""
    await mark_many_seen(executor, [agent_id], now, idle, input_at=input_at, alive_until=alive_until)


async def mark_many_seen(
    executor: Executor,
    agent_ids: Iterable[UUID],
    now: datetime,
    idle: timedelta,
    *,
    input_at: datetime | None = None,
    alive_until: datetime | None = None,
) -> None:
    """As `mark_seen`, of several. In the order of their ids, so that two gateways do not wait for each other."""
    await executor.execute(
        f"""UPDATE agent_presence p SET input_at = n.input_at, alive_until = n.alive_until, state = s.state,
                since = CASE WHEN p.state = s.state THEN p.since ELSE $2 END
            FROM (SELECT agent_id, chosen, coalesce($4, input_at) AS input_at, coalesce($5, alive_until) AS alive_until
                  FROM agent_presence WHERE agent_id = ANY($1) ORDER BY agent_id FOR UPDATE) n
            CROSS JOIN LATERAL (SELECT {_TRUE.format(row="n.", now="$2", idle="$3")} AS state) s
            WHERE p.agent_id = n.agent_id""",  # noqa: S608  (our own constants)
        list(agent_ids),
        now,
        idle,
        input_at,
        alive_until,
    )


async def mark_corrected(executor: Executor, now: datetime, idle: timedelta) -> list[UUID]:
    """Correct everybody whose state is no longer true; whose were. In the order of `mark_many_seen`; a row that somebody else
    is changing is left for the next look."""
    true = _TRUE.format(row="", now="$1", idle="$2")
    rows = await executor.fetch(
        f"""WITH wrong AS (SELECT agent_id FROM agent_presence WHERE state <> {true} ORDER BY agent_id FOR UPDATE SKIP LOCKED)
            UPDATE agent_presence p SET state = {_TRUE.format(row="p.", now="$1", idle="$2")}, since = $1
            FROM wrong WHERE p.agent_id = wrong.agent_id RETURNING p.agent_id""",  # noqa: S608  (our own constants)
        now,
        idle,
    )
    return [row["agent_id"] for row in rows]


async def _list(executor: Executor, measure: Measure, which: str, *values: object) -> list[Presence]:
    rows = await executor.fetch(
        f"""SELECT {_COLUMNS}
            FROM agents a LEFT JOIN agent_presence p ON p.agent_id = a.id
            LEFT JOIN ({LOADS}) l ON l.agent_id = a.id WHERE {which} ORDER BY a.name, a.id""",  # noqa: S608  (SQL of this file; the values are parameters)
        *measure.values,
        *values,
    )
    return [_presence(row) for row in rows]


def _presence(row: Any) -> Presence:
    return Presence(row["agent_id"], row["name"], row["role"], tuple(row["teams"]), *tuple(row)[4:11])
