"""Sets of answers that other jurisdictions share, and what they say of each answer. Written under the lock of the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.store.knowledge.answers import Body
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class SharedSet:
    """A set as it was last read. `version` 0: never; `digest` of its list is empty if not everything was taken in."""

    name: str
    version: int
    digest: str
    read_at: datetime
    problems: Sequence[str]


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """What a set says of an answer since its version `version`; `body` None: it has it no more. `base` is what it said when somebody
    last compared the two, None if nobody did. `digest` is its file's."""

    answer_id: str
    set_name: str
    version: int
    digest: str
    body: Body | None
    base: Body | None

    def differs(self, ours: Body) -> bool:
        """Whether an editor has to look: the set says something new, and something else than `ours`."""
        return self.body not in (self.base, ours)


async def list_sets(executor: Executor) -> dict[str, SharedSet]:
    """All that were ever read, by name."""
    rows = await executor.fetch(
        "SELECT name, version, digest, read_at, problems FROM shared_sets ORDER BY name"
    )
    return {row["name"]: SharedSet(**dict(row)) for row in rows}


async def set_read(
    executor: Executor, name: str, version: int, digest: str, at: datetime, problems: Sequence[str]
) -> None:
    """A set was read, or could not be."""
    await executor.execute(
        """INSERT INTO shared_sets (name, version, digest, read_at, problems) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (name) DO UPDATE SET version = excluded.version, digest = excluded.digest, read_at = excluded.read_at,
                                            problems = excluded.problems""",
        name, version, digest, at, list(problems),
    )  # fmt: skip


async def list_shared(executor: Executor) -> Mapping[str, SharedAnswer]:
    """The answers that a set has or had, by id."""
    rows = await executor.fetch("SELECT answer_id, set_name, version, digest, body, base FROM shared_answers")
    return {row["answer_id"]: SharedAnswer(**dict(row)) for row in rows}


async def set_shared(executor: Executor, one: SharedAnswer) -> None:
    """What a set says of an answer now."""
    await executor.execute(
        """INSERT INTO shared_answers (answer_id, set_name, version, digest, body, base) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (answer_id) DO UPDATE SET set_name = excluded.set_name, version = excluded.version,
               digest = excluded.digest, body = excluded.body, base = excluded.base""",
        one.answer_id, one.set_name, one.version, one.digest, one.body, one.base,
    )  # fmt: skip


async def set_compared(executor: Executor, answer_id: str) -> None:
    """An editor has seen what the set says now."""
    await executor.execute("UPDATE shared_answers SET base = body WHERE answer_id = $1", answer_id)
