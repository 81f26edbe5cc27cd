"""Each agent's skills and capacity, and their planned shifts."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from city.hours import Hours
from desk.model import Role
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Work:
    """One agent. `shifts` and `on_call` are planned like a team's hours; None: nothing is planned."""

    id: UUID
    name: str
    role: Role
    teams: tuple[str, ...]
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    shifts: Hours | None
    on_call: Hours | None
    version: int


async def list_work(executor: Executor, roles: list[Role], teams: list[str] | None) -> list[Work]:
    """The active people of these roles; with `teams`, those who are in one of them."""
    rows = await executor.fetch(
        """SELECT id, name, role, teams, languages, skills, capacity, shifts, on_call, version FROM agents
           WHERE active AND role = ANY($1) AND ($2::text[] IS NULL OR teams && $2) ORDER BY name, id""",
        roles, teams,
    )  # fmt: skip
    lists = ("teams", "languages", "skills")
    return [
        Work(
            **(
                dict(row)
                | {name: tuple(row[name]) for name in lists}
                | {name: hours_of(row[name]) for name in ("shifts", "on_call")}
            )
        )
        for row in rows
    ]


async def set_work(
    executor: Executor,
    agent_id: UUID,
    languages: list[str],
    skills: list[str],
    capacity: int,
    shifts: Hours | None,
    version: int,
    on_call: Hours | None = None,
) -> bool:
    """Replace all of it; False if the account is no longer of this version."""
    tag = await executor.execute(
        """UPDATE agents SET languages = $2, skills = $3, capacity = $4, shifts = $5, on_call = $7,
               version = version + 1
           WHERE id = $1 AND version = $6""",
        agent_id, languages, skills, capacity, msgspec.to_builtins(shifts) if shifts else None, version,
        msgspec.to_builtins(on_call) if on_call else None,
    )  # fmt: skip
    return tag == "UPDATE 1"


def hours_of(kept: object) -> Hours | None:
    """Hours from a JSON column."""
    return msgspec.convert(kept, Hours) if kept else None
