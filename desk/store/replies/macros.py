"""Macros: a canned text, tags, and an action on the conversation, in one click."""

from dataclasses import dataclass
from typing import Any, Literal

from desk.store.pool import Executor

Act = Literal["", "resolve", "transfer"]


@dataclass(frozen=True, slots=True)
class Macro:
    """One macro. `canned` is the id of a canned text, `team` where a transfer goes."""

    id: str
    title: str
    canned: str | None
    tags: tuple[str, ...]
    act: Act
    team: str | None
    active: bool = True


async def add_missing(executor: Executor, macro: Macro) -> None:
    """A macro of the seed: only if there is none with this id, retired or not."""
    await executor.execute(
        """INSERT INTO macros (id, title, canned, tags, act, team) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (id) DO NOTHING""",
        macro.id,
        macro.title,
        macro.canned,
        list(macro.tags),
        macro.act,
        macro.team,
    )


async def set_macro(executor: Executor, macro: Macro) -> None:
    """Add or replace a macro."""
    await executor.execute(
        """INSERT INTO macros (id, title, canned, tags, act, team, active) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (id) DO UPDATE SET title = $2, canned = $3, tags = $4, act = $5, team = $6, active = $7""",
        macro.id,
        macro.title,
        macro.canned,
        list(macro.tags),
        macro.act,
        macro.team,
        macro.active,
    )


async def list_macros(executor: Executor) -> list[Macro]:
    """All macros by title, retired ones too."""
    rows = await executor.fetch(
        "SELECT id, title, canned, tags, act, team, active FROM macros ORDER BY lower(title), id"
    )
    return [_macro(row) for row in rows]


async def get_macro(executor: Executor, id: str) -> Macro | None:
    """The macro with this id, retired or not."""
    row = await executor.fetchrow(
        "SELECT id, title, canned, tags, act, team, active FROM macros WHERE id = $1", id
    )
    return _macro(row) if row else None


def _macro(row: Any) -> Macro:
    return Macro(**{**dict(row), "tags": tuple(row["tags"])})
