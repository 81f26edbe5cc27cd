"""Named facts, with all their versions. Versions and states are only ever added, under the lock of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.knowledge.answers import Body
from desk.store.pool import Executor

State = Literal["draft", "published"]


@dataclass(frozen=True, slots=True)
class KeptFact:
    """`body` is that of the version `newest`, which `author_id` wrote; answers use version `published`, if any. `base` is what the
    file said when the two were last compared, `file` what it says now; None without a file."""

    name: str
    newest: int
    published: int | None
    body: Body
    published_body: Body | None
    author_id: UUID | None
    changed_at: datetime
    base: Body | None
    file: Body | None

    @property
    def in_conflict(self) -> bool:
        """Whether the file was edited too, and says something else."""
        return self.file not in (self.base, self.body)


@dataclass(frozen=True, slots=True)
class FactState:
    """A version was written or published, by whom; nobody's name means that it came from the file."""

    version: int
    state: State
    at: datetime
    body: Body
    agent_name: str | None


_KEPT = """SELECT f.name, f.newest, f.published, v.body, p.body AS published_body, v.agent_id AS author_id,
                  v.at AS changed_at, f.base, f.file
           FROM facts f JOIN fact_versions v ON v.fact = f.name AND v.version = f.newest
           LEFT JOIN fact_versions p ON p.fact = f.name AND p.version = f.published"""


async def list_kept(executor: Executor) -> list[KeptFact]:
    """All facts, by name."""
    return [KeptFact(**dict(row)) for row in await executor.fetch(f"{_KEPT} ORDER BY f.name")]


async def get_kept(executor: Executor, name: str) -> KeptFact | None:
    """One fact."""
    row = await executor.fetchrow(f"{_KEPT} WHERE f.name = $1", name)
    return KeptFact(**dict(row)) if row else None


async def list_published(executor: Executor) -> Mapping[str, Body]:
    """The published facts, by name."""
    rows = await executor.fetch(
        "SELECT f.name, v.body FROM facts f JOIN fact_versions v ON v.fact = f.name AND v.version = f.published"
    )
    return {row["name"]: row["body"] for row in rows}


async def list_states(executor: Executor, name: str, limit: int = 200) -> list[FactState]:
    """The state changes of a fact's versions, the latest first."""
    rows = await executor.fetch(
        """SELECT s.version, s.state, s.at, v.body, a.name AS agent_name
           FROM fact_states s JOIN fact_versions v ON v.fact = s.fact AND v.version = s.version
           LEFT JOIN agents a ON a.id = s.agent_id
           WHERE s.fact = $1 ORDER BY s.id DESC LIMIT $2""",
        name, limit,
    )  # fmt: skip
    return [FactState(**dict(row)) for row in rows]


async def add_fact(
    executor: Executor, name: str, body: Body, at: datetime, agent_id: UUID | None, file_text: str | None
) -> None:
    """A new fact: a draft of somebody, or what a file has, which is published."""
    published = file_text is not None
    await executor.execute(
        "INSERT INTO facts (name, newest, published, base, file, file_text) VALUES ($1, 1, $2, $3, $3, $4)",
        name, 1 if published else None, body if published else None, file_text or "",
    )  # fmt: skip
    await add_version(executor, name, 1, body, at, agent_id)
    if published:
        await add_state(executor, name, 1, "published", at, agent_id)


async def add_version(
    executor: Executor, name: str, version: int, body: Body, at: datetime, agent_id: UUID | None
) -> None:
    """The newest version: a draft."""
    await executor.execute(
        "INSERT INTO fact_versions (fact, version, body, at, agent_id) VALUES ($1, $2, $3, $4, $5)",
        name, version, body, at, agent_id,
    )  # fmt: skip
    await executor.execute("UPDATE facts SET newest = $2 WHERE name = $1", name, version)
    await add_state(executor, name, version, "draft", at, agent_id)


async def add_state(
    executor: Executor, name: str, version: int, state: State, at: datetime, agent_id: UUID | None
) -> None:
    """One line of a fact's history."""
    await executor.execute(
        "INSERT INTO fact_states (fact, version, state, at, agent_id) VALUES ($1, $2, $3, $4, $5)",
        name, version, state, at, agent_id,
    )  # fmt: skip


async def set_published(
    executor: Executor, name: str, version: int, at: datetime, agent_id: UUID | None
) -> None:
    """Answers use this version from now on."""
    await executor.execute("UPDATE facts SET published = $2 WHERE name = $1", name, version)
    await add_state(executor, name, version, "published", at, agent_id)


async def set_file(executor: Executor, name: str, file: Body, file_text: str, base: Body | None) -> None:
    """What the file says now, and what both were compared with."""
    await executor.execute(
        "UPDATE facts SET file = $2, file_text = $3, base = $4 WHERE name = $1", name, file, file_text, base
    )


async def set_base(executor: Executor, name: str, base: Body | None) -> None:
    """What both were compared with."""
    await executor.execute("UPDATE facts SET base = $2 WHERE name = $1", name, base)


async def list_files(executor: Executor) -> Mapping[str, tuple[Body, Body | None, str]]:
    """For each fact that is used: its body, what its file says, and the file byte for byte."""
    rows = await executor.fetch(
        """SELECT f.name, v.body, f.file, f.file_text FROM facts f
           JOIN fact_versions v ON v.fact = f.name AND v.version = f.published"""
    )
    return {row["name"]: (row["body"], row["file"], row["file_text"]) for row in rows}
