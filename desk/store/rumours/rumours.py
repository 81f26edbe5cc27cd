"""Rumours with their verdicts: every version is kept; and the vectors by which the next claim is recognised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Verdict = Literal["true", "false", "misleading", "unknown"]


@dataclass(frozen=True, slots=True)
class VerdictVersion:
    """What an editor said of a rumour. `claims` and `texts` by language."""

    rumour_id: int
    version: int
    verdict: Verdict
    claims: Mapping[str, str]
    texts: Mapping[str, str]
    sources: Sequence[str]
    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Rumour:
    """Claims that mean the same: how many people asked, and how often. `told` and `waiting`: people of the newest version."""

    id: int
    people: int
    claims: int
    answered: int
    first_at: datetime
    last_at: datetime
    languages: Sequence[str]
    version: int | None
    told: int
    waiting: int
    set_aside_at: datetime | None


@dataclass(frozen=True, slots=True)
class Near:
    """A rumour with one of its vectors; `published`: it has a verdict."""

    rumour_id: int
    vector: bytes
    published: bool


_VERSIONS = """SELECT v.rumour_id, v.version, v.verdict, v.claims, v.texts, v.sources, v.at, a.name
               FROM rumour_versions v JOIN agents a ON a.id = v.by"""


async def add_rumour(executor: Executor, at: datetime, by: UUID | None = None) -> int:
    """A rumour without a verdict."""
    id: int = await executor.fetchval(
        "INSERT INTO rumours (created_at, created_by) VALUES ($1, $2) RETURNING id", at, by
    )
    return id


async def lock(executor: Executor, id: int) -> bool:
    """Lock a rumour until the end of the transaction; False if there is none."""
    return await executor.fetchval("SELECT 1 FROM rumours WHERE id = $1 FOR UPDATE", id) is not None


async def list_rumours(executor: Executor, kind: str, limit: int, only: int | None = None) -> list[Rumour]:
    """`kind`: open, decided or set_aside; those that most people asked about first. Or `only` this one."""
    rows = await executor.fetch(
        """WITH counted AS (
               SELECT q.rumour_id, count(DISTINCT coalesce(c.person_id, c.id)) AS people, count(*) AS claims,
                      count(*) FILTER (WHERE q.answered) AS answered, min(q.asked_at) AS first_at, max(q.asked_at) AS last_at,
                      array_agg(DISTINCT q.language) AS languages
               FROM rumour_claims q JOIN contacts c ON c.id = q.contact_id WHERE q.rumour_id IS NOT NULL GROUP BY 1
           ), newest AS (SELECT rumour_id, max(version) AS version FROM rumour_versions GROUP BY 1)
           SELECT u.id, coalesce(people, 0) AS people, coalesce(claims, 0) AS claims, coalesce(answered, 0) AS answered,
                  coalesce(first_at, u.created_at) AS first_at, coalesce(last_at, u.created_at) AS last_at,
                  coalesce(languages, '{}') AS languages, n.version, u.set_aside_at,
                  (SELECT count(*) FROM rumour_people p WHERE p.rumour_id = u.id AND p.version = n.version AND p.state = 'said') AS told,
                  (SELECT count(*) FROM rumour_people p WHERE p.rumour_id = u.id AND p.version = n.version AND p.state = 'waiting') AS waiting
           FROM rumours u LEFT JOIN counted ON counted.rumour_id = u.id LEFT JOIN newest n ON n.rumour_id = u.id
           WHERE CASE WHEN $3::bigint IS NOT NULL THEN u.id = $3
                      WHEN $1 = 'set_aside' THEN u.set_aside_at IS NOT NULL
                      WHEN $1 = 'decided' THEN n.version IS NOT NULL AND u.set_aside_at IS NULL
                      ELSE n.version IS NULL AND u.set_aside_at IS NULL END
           ORDER BY people DESC, last_at DESC, u.id LIMIT $2""",
        kind, limit, only,
    )  # fmt: skip
    return [Rumour(**dict(row)) for row in rows]


async def add_version(
    executor: Executor,
    id: int,
    verdict: Verdict,
    claims: Mapping[str, str],
    texts: Mapping[str, str],
    sources: Sequence[str],
    at: datetime,
    by: UUID,
) -> int:
    """The next version of the verdict."""
    version: int = await executor.fetchval(
        """INSERT INTO rumour_versions (rumour_id, version, verdict, claims, texts, sources, at, by)
           VALUES ($1, (SELECT coalesce(max(version), 0) + 1 FROM rumour_versions WHERE rumour_id = $1), $2, $3, $4, $5, $6, $7)
           RETURNING version""",
        id, verdict, dict(claims), dict(texts), list(sources), at, by,
    )  # fmt: skip
    return version


async def list_versions(executor: Executor, id: int) -> list[VerdictVersion]:
    """All versions of the verdict on a rumour, the first one first."""
    rows = await executor.fetch(f"{_VERSIONS} WHERE v.rumour_id = $1 ORDER BY v.version", id)
    return [VerdictVersion(**dict(row)) for row in rows]


async def list_newest(executor: Executor, limit: int, *, aside: bool = False) -> list[VerdictVersion]:
    """The newest verdict on each rumour that was not set aside (or was), the latest first."""
    rows = await executor.fetch(
        f"""{_VERSIONS} JOIN rumours u ON u.id = v.rumour_id WHERE (u.set_aside_at IS NULL) <> $2
              AND v.version = (SELECT max(o.version) FROM rumour_versions o WHERE o.rumour_id = v.rumour_id)
            ORDER BY v.at DESC, v.rumour_id DESC LIMIT $1""",  # noqa: S608  (our own constant)
        limit, aside,
    )  # fmt: skip
    return [VerdictVersion(**dict(row)) for row in rows]


async def get_newest(executor: Executor, id: int) -> VerdictVersion | None:
    """The newest verdict on a rumour; None if it has none, or was set aside."""
    row = await executor.fetchrow(
        f"""{_VERSIONS} JOIN rumours u ON u.id = v.rumour_id WHERE u.id = $1 AND u.set_aside_at IS NULL
            ORDER BY v.version DESC LIMIT 1""",
        id,
    )
    return None if row is None else VerdictVersion(**dict(row))


async def list_nearest(executor: Executor, signs: str, limit: int) -> list[Near]:
    """The vectors that have the most signs in common with this one, of rumours that were not set aside."""
    rows = await executor.fetch(
        """SELECT e.rumour_id, e.vector, EXISTS (SELECT FROM rumour_versions v WHERE v.rumour_id = e.rumour_id) AS published
           FROM rumour_vectors e JOIN rumours u ON u.id = e.rumour_id WHERE u.set_aside_at IS NULL
           ORDER BY bit_count(e.signs # $1::text::bit(512)), e.rumour_id, e.source LIMIT $2""",
        signs, limit,
    )  # fmt: skip
    return [Near(**dict(row)) for row in rows]


async def add_vector(executor: Executor, id: int, source: str, vector: bytes, signs: str) -> None:
    """A text by which the rumour is recognised. Adding it again changes nothing."""
    await executor.execute(
        """INSERT INTO rumour_vectors (rumour_id, source, vector, signs) VALUES ($1, $2, $3, $4::text::bit(512))
           ON CONFLICT (rumour_id, source) DO NOTHING""",
        id, source, vector, signs,
    )  # fmt: skip


async def list_without_vectors(executor: Executor, limit: int) -> list[tuple[int, str, str]]:
    """(rumour, source, text) of claims in editors' words, of newest verdicts, that have no vector yet."""
    rows = await executor.fetch(
        """SELECT v.rumour_id, v.version || ' ' || c.key AS source, c.value AS text
           FROM rumour_versions v, jsonb_each_text(v.claims) c
           WHERE v.version = (SELECT max(o.version) FROM rumour_versions o WHERE o.rumour_id = v.rumour_id)
             AND NOT EXISTS (SELECT FROM rumour_vectors e WHERE e.rumour_id = v.rumour_id AND e.source = v.version || ' ' || c.key)
           ORDER BY v.at DESC, source LIMIT $1""",
        limit,
    )
    return [(row["rumour_id"], row["source"], row["text"]) for row in rows]


async def move_vectors(executor: Executor, id: int, into: int) -> None:
    """The first claim of one rumour recognises another one."""
    await executor.execute(
        "UPDATE rumour_vectors SET rumour_id = $2, source = source || ' of ' || $1::bigint WHERE rumour_id = $1",
        id,
        into,
    )


async def set_set_aside(executor: Executor, id: int, at: datetime | None, by: UUID | None) -> bool:
    """It is no rumour, or it is one again; false if there is none."""
    done = await executor.fetchval(
        "UPDATE rumours SET set_aside_at = $2, set_aside_by = $3 WHERE id = $1 RETURNING true", id, at, by
    )
    return bool(done)
