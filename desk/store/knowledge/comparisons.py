"""Comparisons of two models, the questions that they would answer differently, and editors' marks. The trainer (bot/trained)
reads the questions with both models; no text of a question is kept here after that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from desk.store.pool import Executor

Kind = Literal["run", "shadow"]
Mark = Literal["old", "new", "both", "neither"]
OPEN = ("collecting", "waiting", "running", "shadowing")


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison. `old` None is the release's own model; `questions` were read by both, `different` of them differently, and
    `undecided` have no mark. `marked` has the figures of the regression questions."""

    id: int
    kind: Kind
    old: int | None
    new: int
    share: int
    asked_at: datetime
    agent_name: str
    state: str
    questions: int
    started_at: datetime | None
    seen_at: datetime | None
    finished_at: datetime | None
    said: str
    marked: Mapping[str, Any]
    different: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that both models may read: as it was written, with the names that its author gave. `decided` and `intent` are
    what the model in use made of it in its turn."""

    message_id: UUID
    text: str
    language: str
    names: Sequence[str]
    moments: Sequence[str] | None
    intent: str | None
    offers: Sequence[str]
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that the models would answer differently, as it was written, with the names that its author gave."""

    message_id: UUID
    text: str
    language: str
    names: Sequence[str]
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    mark: Mark | None
    marker_name: str | None
    marked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Regression:
    """A question that an editor marked: which outcomes are right, and which wrong."""

    text: str
    language: str
    accepted: Sequence[str]
    refused: Sequence[str]
    made_at: datetime
    maker_name: str


NAMES = """array_remove(array_append((SELECT array_agg(r.payload->>'name') FROM service_requests r
                                       WHERE r.contact_id = c.id), c.name), NULL) AS names"""
ALONE = """NOT m.content ? 'button' AND NOT m.content ? 'deleted' AND m.text <> '' AND t.form IS NULL
    AND coalesce(t.parse->>'decided', '') NOT IN ('button', 'follow_up', 'details', 'dialogue')
    AND coalesce(jsonb_array_length(t.parse->'parts'), 0) = 0
    AND NOT EXISTS (SELECT FROM redactions r WHERE r.message_id = m.id)"""
"""Questions that are decided by their own words."""
_CANDIDATES = f"""SELECT m.id AS message_id, m.text, coalesce(m.language, '') AS language, {NAMES},
                         CASE WHEN jsonb_typeof(t.parse->'moments') = 'array' THEN t.parse->'moments' END AS moments, t.intent,
                         CASE WHEN t.intent = 'nlu_fallback' THEN t.parse->'candidates' END AS offers, t.created_at AS asked_at
                  FROM turns t JOIN messages m ON m.id = t.message_id JOIN contacts c ON c.id = m.contact_id
                  WHERE {ALONE} AND t.outcome IN ('answered', 'handed_off')"""  # noqa: S608  (our own constants)
_COMPARED = """SELECT c.id, c.kind, c.old_training AS old, c.new_training AS new, c.share, c.asked_at, a.name AS agent_name, c.state,
                      c.questions, c.started_at, c.seen_at, c.finished_at, c.said, c.marked, d.different, d.undecided
               FROM comparisons c JOIN agents a ON a.id = c.asked_by,
                    LATERAL (SELECT count(*) AS different, count(*) FILTER (WHERE q.mark IS NULL) AS undecided
                             FROM compared_questions q WHERE q.comparison_id = c.id AND q.new IS NOT NULL) d"""


async def add_comparison(
    executor: Executor, kind: Kind, new: int, share: int, at: datetime, by: UUID
) -> int | None:
    """Compare this training's model with the one in use. None if that is the same, the model is not kept, or one of the kind
    is open already."""
    found: int | None = await executor.fetchval(
        """INSERT INTO comparisons (kind, old_training, new_training, share, asked_at, asked_by, state, collected_to)
           SELECT $1::text, now.training_id, $2::bigint, $3, $4::timestamptz, $5, $6, CASE WHEN $1 = 'shadow' THEN $4 END
           FROM (SELECT (SELECT training_id FROM models_in_use ORDER BY id DESC LIMIT 1) AS training_id) now
           WHERE now.training_id IS DISTINCT FROM $2::bigint
             AND EXISTS (SELECT training_id FROM trained_models WHERE training_id = $2)
           ON CONFLICT (kind) WHERE state IN ('collecting', 'waiting', 'running', 'shadowing') DO NOTHING RETURNING id""",
        kind, new, share, at, by, "shadowing" if kind == "shadow" else "collecting",
    )  # fmt: skip
    return found


async def list_comparisons(executor: Executor, limit: int = 20) -> list[Compared]:
    """The last ones, the latest first."""
    rows = await executor.fetch(f"{_COMPARED} ORDER BY c.id DESC LIMIT $1", limit)
    return [Compared(**dict(row)) for row in rows]


async def get_comparison(executor: Executor, id: int) -> Compared | None:
    """One of them."""
    row = await executor.fetchrow(f"{_COMPARED} WHERE c.id = $1", id)
    return Compared(**dict(row)) if row else None


async def mark_ended(executor: Executor, id: int | None, at: datetime, said: str) -> bool:
    """Shadow mode ends: this one, or with None whichever is on. False if there is none."""
    done = await executor.fetchval(
        """WITH over AS (UPDATE comparisons SET state = 'ended', finished_at = $2, said = $3
                         WHERE state = 'shadowing' AND ($1::bigint IS NULL OR id = $1) RETURNING id),
                gone AS (UPDATE compared_questions SET text = '' WHERE comparison_id IN (SELECT id FROM over) AND new IS NULL)
           SELECT true FROM over""",
        id, at, said,
    )  # fmt: skip
    return bool(done)


async def get_shadowing(executor: Executor) -> tuple[int, int, datetime] | None:
    """(id, share, collected to) of shadow mode, locked. Inside the caller's transaction."""
    row = await executor.fetchrow(
        "SELECT id, share, collected_to FROM comparisons WHERE state = 'shadowing' FOR UPDATE SKIP LOCKED"
    )
    return (row["id"], row["share"], row["collected_to"]) if row else None


async def get_asked_for(executor: Executor) -> int | None:
    """A run that wants its questions, locked. Inside the caller's transaction."""
    found: int | None = await executor.fetchval(
        "SELECT id FROM comparisons WHERE state = 'collecting' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"
    )
    return found


async def list_last(executor: Executor, limit: int) -> list[Candidate]:
    """The last questions that people asked."""
    rows = await executor.fetch(f"{_CANDIDATES} ORDER BY t.created_at DESC LIMIT $1", limit)
    return [_candidate(row) for row in rows]


async def list_answered(
    executor: Executor, answer_id: str, of: int, limit: int
) -> tuple[int, int, list[Candidate]]:
    """Of the last `of` questions: how many there are, how many got this answer, and the newest of these."""
    rows = await executor.fetch(
        f"""WITH last AS MATERIALIZED ({_CANDIDATES} ORDER BY t.created_at DESC LIMIT $2)
            SELECT last.*, (SELECT count(*) FROM last) AS every, count(*) OVER () AS these FROM last
            WHERE intent = $1 ORDER BY asked_at DESC LIMIT $3""",  # noqa: S608  (our own constants)
        answer_id, of, limit,
    )  # fmt: skip
    found = [_candidate(row) for row in rows]
    return (rows[0]["every"], rows[0]["these"], found) if rows else (0, 0, [])


async def list_shared(
    executor: Executor, since: datetime, until: datetime, share: int, limit: int
) -> list[Candidate]:
    """A share (of 100) of the questions of this time, the oldest first."""
    rows = await executor.fetch(
        f"""{_CANDIDATES} AND t.created_at >= $1 AND t.created_at < $2 AND t.parse ? 'decided'
              AND abs(hashtext(m.id::text)) % 100 < $3 ORDER BY t.created_at LIMIT $4""",
        since, until, share, limit,
    )  # fmt: skip
    return [_candidate(row) for row in rows]


async def add_questions(
    executor: Executor, id: int, questions: Sequence[tuple[Candidate, str]], *, with_old: bool
) -> None:
    """Give the questions, each with its masked text, to the trainer. `with_old`: what the turn made of it counts as read."""
    given = [
        {
            "message_id": str(one.message_id),
            "language": one.language,
            "text": masked,
            "moments": one.moments,
            "old": {"intent": one.intent, "offers": list(one.offers)} if with_old else None,
        }
        for one, masked in questions
    ]
    await executor.execute(
        """INSERT INTO compared_questions (comparison_id, message_id, language, text, moments, old)
           SELECT $1, q.message_id, q.language, q.text, q.moments, q.old
           FROM jsonb_to_recordset($2) AS q(message_id uuid, language text, text text, moments jsonb, old jsonb)
           ON CONFLICT DO NOTHING""",
        id,
        given,
    )


async def mark_collected(executor: Executor, id: int, until: datetime) -> None:
    """A run waits for the trainer now; of shadow mode the turns until then were taken."""
    await executor.execute(
        """UPDATE comparisons SET collected_to = $2, state = CASE state WHEN 'collecting' THEN 'waiting' ELSE state END
           WHERE id = $1""",
        id, until,
    )  # fmt: skip


async def delete_old(executor: Executor, before: datetime) -> None:
    """Questions of comparisons that are too old, or whose messages were deleted or redacted."""
    await executor.execute(
        """DELETE FROM compared_questions q USING comparisons c, messages m
           WHERE c.id = q.comparison_id AND m.id = q.message_id
             AND (c.asked_at < $1 OR m.content ? 'deleted' OR EXISTS (SELECT FROM redactions r WHERE r.message_id = m.id))""",
        before,
    )


_DIFFERENCES = f"""SELECT q.message_id, m.text, q.language, {NAMES}, q.old, q.new, q.mark, a.name AS marker_name, q.marked_at
                   FROM compared_questions q JOIN messages m ON m.id = q.message_id JOIN contacts c ON c.id = m.contact_id
                   LEFT JOIN agents a ON a.id = q.marked_by
                   WHERE q.comparison_id = $1 AND q.new IS NOT NULL AND NOT m.content ? 'deleted'"""  # noqa: S608  (our own constants)


async def list_differences(executor: Executor, id: int) -> list[Difference]:
    """The newest question first."""
    rows = await executor.fetch(f"{_DIFFERENCES} ORDER BY m.created_at DESC, m.id", id)
    return [Difference(**dict(row)) for row in rows]


async def get_difference(executor: Executor, id: int, message_id: UUID) -> Difference | None:
    """One of them."""
    row = await executor.fetchrow(f"{_DIFFERENCES} AND q.message_id = $2", id, message_id)
    return Difference(**dict(row)) if row else None


async def set_mark(executor: Executor, id: int, message_id: UUID, mark: Mark, at: datetime, by: UUID) -> None:
    """What an editor says of a difference; the last word counts."""
    await executor.execute(
        """UPDATE compared_questions SET mark = $3, marked_at = $4, marked_by = $5
           WHERE comparison_id = $1 AND message_id = $2""",
        id, message_id, mark, at, by,
    )  # fmt: skip


async def set_regression(
    executor: Executor,
    text: str,
    language: str,
    accepted: Sequence[str],
    refused: Sequence[str],
    at: datetime,
    by: UUID,
) -> None:
    """A question that every later model is tried on; the last word on it counts."""
    await executor.execute(
        """INSERT INTO regression_questions (text, language, accepted, refused, made_at, made_by)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (text, language) DO UPDATE
           SET accepted = excluded.accepted, refused = excluded.refused, made_at = excluded.made_at, made_by = excluded.made_by""",
        text, language, list(accepted), list(refused), at, by,
    )  # fmt: skip


async def list_regressions(executor: Executor, limit: int = 500) -> list[Regression]:
    """The latest first."""
    rows = await executor.fetch(
        """SELECT q.text, q.language, q.accepted, q.refused, q.made_at, a.name AS maker_name
           FROM regression_questions q JOIN agents a ON a.id = q.made_by ORDER BY q.made_at DESC, q.id LIMIT $1""",
        limit,
    )
    return [Regression(**dict(row)) for row in rows]


def _candidate(row: Mapping[str, Any]) -> Candidate:
    named = {name: row[name] for name in Candidate.__slots__ if name != "offers"}
    return Candidate(**named, offers=row["offers"] or ())
