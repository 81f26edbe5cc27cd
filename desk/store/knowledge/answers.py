"""Answers, with all their versions and states. Versions and states are only ever added.

A process learns of a published version from the number of the last state; `lock` keeps these numbers in the order of commits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from desk.store.pool import Executor

Body = dict[str, Any]
State = Literal["draft", "in_review", "approved", "published", "withdrawn"]
"""Of a version. `withdrawn`: it was published, and citizens do not get it any more."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """`state` is that of the version `newest`, which `author_id` wrote; citizens get version `published`, if any. `base` is what
    the file said when the two were last compared, `file` what it says now; None without a file."""

    id: str
    newest: int
    state: State
    published: int | None
    body: Body
    author_id: UUID | None
    changed_at: datetime
    base: Body | None
    file: Body | None

    @property
    def in_conflict(self) -> bool:
        """Whether the file was edited too, and says something else."""
        return self.file not in (self.base, self.body)


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One version; nobody's name means that it came from the file."""

    version: int
    body: Body
    at: datetime
    agent_name: str | None


@dataclass(frozen=True, slots=True)
class AnswerState:
    """A version got this state, from whom and why."""

    version: int
    state: State
    why: str
    at: datetime
    agent_id: UUID | None
    agent_name: str | None


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a process needs: the published version, or the newest one if none is (`published` is None)."""

    id: str
    published: int | None
    state: State
    body: Body


_KEPT = """SELECT a.id, a.newest, a.state, a.published, v.body, v.agent_id AS author_id, v.at AS changed_at, a.base, a.file
           FROM answers a JOIN answer_versions v ON v.answer_id = a.id AND v.version = a.newest"""


async def lock(executor: Executor) -> None:
    """Until the end of the transaction nobody else changes an answer."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('answers', 0))")


async def list_kept(executor: Executor) -> list[KeptAnswer]:
    """All answers, by id."""
    return [KeptAnswer(**dict(row)) for row in await executor.fetch(f"{_KEPT} ORDER BY a.id")]


async def get_kept(executor: Executor, id: str) -> KeptAnswer | None:
    """One answer."""
    row = await executor.fetchrow(f"{_KEPT} WHERE a.id = $1", id)
    return KeptAnswer(**dict(row)) if row else None


async def list_given(executor: Executor) -> list[GivenAnswer]:
    """The versions that processes use."""
    rows = await executor.fetch(
        """SELECT a.id, a.published, a.state, v.body FROM answers a
           JOIN answer_versions v ON v.answer_id = a.id AND v.version = coalesce(a.published, a.newest)"""
    )
    return [GivenAnswer(**dict(row)) for row in rows]


async def get_last_states(executor: Executor) -> tuple[int, int]:
    """The numbers of the last state of an answer and of a fact; other numbers mean that something was changed."""
    row = await executor.fetchrow(
        """SELECT coalesce((SELECT max(id) FROM answer_states), 0) AS answer,
                  coalesce((SELECT max(id) FROM fact_states), 0) AS fact"""
    )
    assert row is not None
    return row["answer"], row["fact"]


async def list_versions(executor: Executor, id: str, limit: int = 100) -> list[AnswerVersion]:
    """The versions of an answer, the newest first."""
    rows = await executor.fetch(
        """SELECT v.version, v.body, v.at, a.name AS agent_name
           FROM answer_versions v LEFT JOIN agents a ON a.id = v.agent_id
           WHERE v.answer_id = $1 ORDER BY v.version DESC LIMIT $2""",
        id, limit,
    )  # fmt: skip
    return [AnswerVersion(**dict(row)) for row in rows]


async def list_states(executor: Executor, id: str, limit: int = 400) -> list[AnswerState]:
    """The state changes of an answer's versions, the latest first."""
    rows = await executor.fetch(
        """SELECT s.version, s.state, s.why, s.at, s.agent_id, a.name AS agent_name
           FROM answer_states s LEFT JOIN agents a ON a.id = s.agent_id
           WHERE s.answer_id = $1 ORDER BY s.id DESC LIMIT $2""",
        id, limit,
    )  # fmt: skip
    return [AnswerState(**dict(row)) for row in rows]


async def get_version(executor: Executor, id: str, version: int) -> Body | None:
    """This version of an answer."""
    body: Body | None = await executor.fetchval(
        "SELECT body FROM answer_versions WHERE answer_id = $1 AND version = $2", id, version
    )
    return body


async def add_answer(executor: Executor, id: str, body: Body, file_text: str, at: datetime) -> None:
    """An answer that a file has: published, as version 1."""
    await executor.execute(
        """INSERT INTO answers (id, newest, state, published, base, file, file_text)
           VALUES ($1, 1, 'published', 1, $2, $2, $3)""",
        id, body, file_text,
    )  # fmt: skip
    await add_version(executor, id, 1, body, at, None)
    await add_state(executor, id, 1, "published", "", at, None)


async def add_shared(executor: Executor, id: str, body: Body, why: str, at: datetime) -> None:
    """An answer that another jurisdiction shares: published, as version 1, without a file."""
    await executor.execute(
        "INSERT INTO answers (id, newest, state, published, file_text) VALUES ($1, 1, 'published', 1, '')", id
    )
    await add_version(executor, id, 1, body, at, None)
    await add_state(executor, id, 1, "published", why, at, None)


async def add_draft(
    executor: Executor, id: str, body: Body, at: datetime, agent_id: UUID, why: str = ""
) -> None:
    """An answer that somebody begins in the console: version 1, which nobody is given yet."""
    await executor.execute(
        "INSERT INTO answers (id, newest, state, published, file_text) VALUES ($1, 1, 'draft', NULL, '')", id
    )
    await add_version(executor, id, 1, body, at, agent_id)
    await add_state(executor, id, 1, "draft", why, at, agent_id)


async def add_version(
    executor: Executor, id: str, version: int, body: Body, at: datetime, agent_id: UUID | None
) -> None:
    """A version is kept for ever."""
    await executor.execute(
        "INSERT INTO answer_versions (answer_id, version, body, at, agent_id) VALUES ($1, $2, $3, $4, $5)",
        id, version, body, at, agent_id,
    )  # fmt: skip


async def add_state(
    executor: Executor, id: str, version: int, state: State, why: str, at: datetime, agent_id: UUID | None
) -> None:
    """One line of an answer's history."""
    await executor.execute(
        """INSERT INTO answer_states (answer_id, version, state, why, at, agent_id)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        id, version, state, why, at, agent_id,
    )  # fmt: skip


async def set_newest(executor: Executor, id: str, version: int, state: State) -> None:
    """The newest version and its state."""
    await executor.execute("UPDATE answers SET newest = $2, state = $3 WHERE id = $1", id, version, state)


async def set_published(executor: Executor, id: str, version: int | None) -> None:
    """Set the version that citizens get from now on."""
    await executor.execute("UPDATE answers SET published = $2 WHERE id = $1", id, version)


async def set_file(executor: Executor, id: str, file: Body, file_text: str, base: Body | None) -> None:
    """What the file says now, and what both were compared with."""
    await executor.execute(
        "UPDATE answers SET file = $2, file_text = $3, base = $4 WHERE id = $1", id, file, file_text, base
    )


async def set_base(executor: Executor, id: str, base: Body | None) -> None:
    """What both were compared with."""
    await executor.execute("UPDATE answers SET base = $2 WHERE id = $1", id, base)


async def list_files(executor: Executor) -> Mapping[str, tuple[Body, Body | None, str]]:
    """For each answer that is given: its body, what its file says, and the file byte for byte."""
    rows = await executor.fetch(
        """SELECT a.id, v.body, a.file, a.file_text FROM answers a
           JOIN answer_versions v ON v.answer_id = a.id AND v.version = a.published"""
    )
    return {row["id"]: (row["body"], row["file"], row["file_text"]) for row in rows}


async def list_areas(executor: Executor) -> Mapping[str, bool]:
    """Whether somebody else has to approve, by area; yes in an area that is not among them."""
    return {
        row["area"]: row["two_people"]
        for row in await executor.fetch("SELECT area, two_people FROM answer_areas")
    }


async def set_area(executor: Executor, area: str, two_people: bool) -> None:
    """Whether somebody else has to approve the answers of this area."""
    await executor.execute(
        """INSERT INTO answer_areas (area, two_people) VALUES ($1, $2)
           ON CONFLICT (area) DO UPDATE SET two_people = excluded.two_people""",
        area, two_people,
    )  # fmt: skip
