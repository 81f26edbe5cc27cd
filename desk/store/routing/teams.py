"""Teams. A process reads them through desk/routing/team_directory.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from city import Team
from city.hours import Hours
from desk.store.pool import Executor

_COLUMNS = "name, title, languages, topics, inboxes, skills, mode, return_minutes, offer_seconds, urgent_seconds, hours"


async def list_teams(executor: Executor) -> tuple[Team, ...]:
    """The teams that are not retired, the first first."""
    rows = await executor.fetch(f"SELECT {_COLUMNS} FROM teams WHERE NOT retired ORDER BY place, name")  # noqa: S608  (our own columns)
    return tuple(_team(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Kept:
    """A team as an administrator sees it. `version` counts its changes; `open`: its conversations that are open;
    `agents`: the active ones who belong to it and answer citizens."""

    team: Team
    version: int
    retired: bool
    open: int
    agents: int


async def list_kept(executor: Executor, *, name: str | None = None) -> list[Kept]:
    """All teams, or the one of this name: the retired ones last."""
    rows = await executor.fetch(
        f"""SELECT {_COLUMNS}, version, retired,
                   (SELECT count(*) FROM conversations v WHERE v.team = t.name AND v.state <> 'resolved') AS open,
                   (SELECT count(*) FROM agents a WHERE a.active AND a.role IN ('agent', 'supervisor')
                      AND t.name = ANY(a.teams)) AS agents
            FROM teams t WHERE $1::text IS NULL OR name = $1 ORDER BY retired, place, name""",  # noqa: S608  (our own columns)
        name,
    )
    extra = ("version", "retired", "open", "agents")
    return [
        Kept(_team({key: row[key] for key in row.keys() if key not in extra}), *(row[key] for key in extra))  # noqa: SIM118  (iterating a record gives its values)
        for row in rows
    ]


async def list_names(executor: Executor) -> set[str]:
    """The names of all teams, also of retired ones."""
    return {row["name"] for row in await executor.fetch("SELECT name FROM teams")}


async def list_hours(executor: Executor, name: str) -> list[Hours | None]:
    """The hours of this team, None inside the list for the office's; empty if there is no such team."""
    rows = await executor.fetch("SELECT hours FROM teams WHERE name = $1", name)
    return [_hours(row["hours"]) for row in rows]


async def add_team(executor: Executor, team: Team) -> bool:
    """Add a team after the others; False if the name is taken, also by a retired one."""
    tag = await executor.execute(
        f"""INSERT INTO teams ({_COLUMNS}, place)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (SELECT coalesce(max(place), 0) + 1 FROM teams))
            ON CONFLICT (name) DO NOTHING""",  # noqa: S608  (our own columns)
        *_values(team),
    )
    return tag == "INSERT 0 1"


async def set_team(executor: Executor, team: Team, version: int | None = None) -> bool:
    """Replace everything but the name and the place; False if there is no such team, or not in this version."""
    tag = await executor.execute(
        """UPDATE teams SET title = $2, languages = $3, topics = $4, inboxes = $5, skills = $6, mode = $7,
               return_minutes = $8, offer_seconds = $9, urgent_seconds = $10, hours = $11, version = version + 1
           WHERE name = $1 AND ($12::integer IS NULL OR version = $12)""",
        *_values(team), version,
    )  # fmt: skip
    return tag == "UPDATE 1"


async def set_earlier(executor: Executor, name: str) -> bool:
    """Change places with the team before it; False for the first. The caller holds the lock."""
    other = await executor.fetchrow(
        """SELECT o.name, o.place, t.place AS own FROM teams t JOIN teams o ON NOT o.retired
               AND (o.place, o.name) < (t.place, t.name)
           WHERE t.name = $1 ORDER BY o.place DESC, o.name DESC LIMIT 1""",
        name,
    )
    if other is None:
        return False
    await executor.execute(
        """UPDATE teams SET place = CASE WHEN name = $1 THEN $3::integer ELSE $4::integer END,
               version = version + CASE WHEN name = $1 THEN 1 ELSE 0 END WHERE name IN ($1, $2)""",
        name, other["name"], other["place"], max(other["own"], other["place"] + 1),
    )  # fmt: skip
    return True


async def lock(executor: Executor) -> None:
    """Until the end of the transaction nobody else adds, changes or retires a team."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('teams', 0))")


async def set_retired(executor: Executor, name: str, retired: bool) -> None:
    """A retired team gets no conversations. Its name stays taken, so that city.yml does not bring it back."""
    await executor.execute(
        "UPDATE teams SET retired = $2, version = version + 1 WHERE name = $1", name, retired
    )


def _values(team: Team) -> Sequence[object]:
    return (
        team.name,
        team.title,
        list(team.languages),
        list(team.topics),
        list(team.inboxes),
        list(team.skills),
        team.mode,
        team.return_minutes,
        team.offer_seconds,
        team.urgent_seconds,
        msgspec.to_builtins(team.hours) if team.hours else None,
    )


def _team(row: Mapping[str, Any]) -> Team:
    return msgspec.convert({**row, "hours": _hours(row["hours"])}, Team)


def _hours(kept: object) -> Hours | None:
    return msgspec.convert(kept, Hours) if kept else None
