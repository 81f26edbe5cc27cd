"""Questions that were not answered: which messages, why, and in which group. Their texts stay in the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from desk.store.pool import Executor

Reason = Literal[
    "no_answer", "handed_off", "none_of_these", "rephrased", "not_chosen", "not_answered", "person_at_once", "not_helpful",
    "not_solved",
]  # fmt: skip
Decision = Literal["answer", "examples", "near_miss", "not_ours", "set_aside"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was written, with the names that its author gave."""

    message_id: UUID
    text: str
    language: str
    reason: Reason
    asked_at: datetime
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same: how many people asked, how often, and what that cost agents. `reasons` -> how often."""

    id: int
    people: int
    questions: int
    minutes: float
    first_at: datetime
    last_at: datetime
    languages: Sequence[str]
    reasons: Mapping[str, int]
    decision: Decision | None
    answer_id: str | None
    ask_instead: Mapping[str, str]
    decided_at: datetime | None
    decider_name: str | None
    topic: Mapping[str, str]


_FOLLOWED = """
    SELECT t.message_id, t.conversation_id, m.contact_id, m.language, t.created_at, t.intent, t.outcome, t.form,
           t.parse->>'reason' AS reason, m.content ? 'button' AS tapped,
           lead(t.intent) OVER later AS next_intent, lead(t.created_at) OVER later AS next_at,
           lead(m.content ? 'button') OVER later AS next_tapped
    FROM turns t JOIN messages m ON m.id = t.message_id
    WHERE t.created_at >= $1::timestamptz AND t.created_at < $2::timestamptz + interval '15 minutes' AND NOT m.content ? 'deleted'
    WINDOW later AS (PARTITION BY t.conversation_id ORDER BY t.created_at, m.seq)"""
"""Turns with what followed them; $1 and $2 are begin and end."""

_WHY = """CASE
    WHEN tapped OR form IS NOT NULL THEN NULL
    WHEN intent = 'nlu_fallback' AND outcome = 'handed_off' THEN 'handed_off'
    WHEN intent = 'nlu_fallback' AND reason IN ('out_of_scope', 'unsure', 'foreign') THEN 'no_answer'
    WHEN intent = 'nlu_fallback' AND reason = 'close' AND next_tapped AND next_intent = 'talk_to_person' THEN 'none_of_these'
    WHEN intent = 'nlu_fallback' AND reason = 'close' AND next_tapped THEN NULL
    WHEN intent = 'nlu_fallback' AND reason = 'close' AND next_at < created_at + interval '10 minutes' THEN 'rephrased'
    WHEN intent = 'nlu_fallback' AND reason = 'close' THEN 'not_chosen'
    WHEN intent = ANY($3) AND next_intent = 'not_answered' THEN 'not_answered'
    WHEN intent = ANY($3) AND next_intent = 'talk_to_person' AND next_at < created_at + interval '2 minutes' THEN 'person_at_once'
    END"""

_LAST_ANSWERED = """
    SELECT t.message_id, t.conversation_id, m.contact_id, m.language, t.created_at
    FROM turns t JOIN messages m ON m.id = t.message_id
    WHERE t.conversation_id = told.conversation_id AND t.created_at <= told.at AND t.intent = ANY($3)
      AND NOT m.content ? 'button' AND NOT m.content ? 'deleted'
    ORDER BY t.created_at DESC LIMIT 1"""


async def get_progress(executor: Executor) -> datetime | None:
    """Until when turns were looked at."""
    until: datetime | None = await executor.fetchval("SELECT until FROM unanswered_progress")
    return until


async def add_unanswered(executor: Executor, since: datetime, until: datetime, topics: Sequence[str]) -> int:
    """Add the questions of this time that were not answered, and those that people said so of; returns how many are new. Inside
    the caller's transaction. `topics` are the intents that have an answer."""
    done = await executor.execute(
        f"""INSERT INTO unanswered_questions (message_id, conversation_id, contact_id, asked_at, language, reason)
            SELECT DISTINCT ON (message_id) message_id, conversation_id, contact_id, created_at, coalesce(language, ''), why FROM (
                SELECT message_id, conversation_id, contact_id, created_at, language, {_WHY} AS why
                FROM ({_FOLLOWED}) followed WHERE created_at < $2
                UNION ALL
                SELECT asked.message_id, asked.conversation_id, asked.contact_id, asked.created_at, asked.language, told.why FROM (
                    SELECT conversation_id, rated_at AS at, 'not_helpful' AS why FROM answer_ratings
                    WHERE helpful IS FALSE AND rated_at >= $1 AND rated_at < $2
                    UNION ALL
                    SELECT conversation_id, at, 'not_solved' FROM conversation_transitions
                    WHERE why = 'not_solved' AND at >= $1 AND at < $2
                ) told, LATERAL ({_LAST_ANSWERED}) asked
            ) found WHERE why IS NOT NULL ON CONFLICT (message_id) DO NOTHING""",  # noqa: S608  (our own constants)
        since, until, list(topics),
    )  # fmt: skip
    await executor.execute(
        """INSERT INTO unanswered_progress (until) VALUES ($1)
           ON CONFLICT (one) DO UPDATE SET until = excluded.until""",
        until,
    )
    return int(done.rpartition(" ")[2])


_ASKED = """SELECT q.message_id, q.group_id, m.text, q.language, q.reason, q.asked_at,
                   array_remove(array_append((SELECT array_agg(r.payload->>'name') FROM service_requests r
                                              WHERE r.contact_id = q.contact_id), c.name), NULL) AS names
            FROM unanswered_questions q JOIN messages m ON m.id = q.message_id JOIN contacts c ON c.id = q.contact_id"""


async def list_without_group(executor: Executor, limit: int) -> list[Asked]:
    """The oldest questions that are in no group yet."""
    rows = await executor.fetch(f"{_ASKED} WHERE q.group_id IS NULL ORDER BY q.asked_at LIMIT $1", limit)
    return [_asked(row) for row in rows]


async def list_nearest(executor: Executor, signs: str, limit: int) -> list[tuple[int, bytes]]:
    """(group, vector) of the groups whose vectors have the most signs in common with this one."""
    rows = await executor.fetch(
        "SELECT id, vector FROM unanswered_groups ORDER BY bit_count(signs # $1::text::bit(512)), id LIMIT $2",
        signs, limit,
    )  # fmt: skip
    return [(row["id"], row["vector"]) for row in rows]


async def list_not_ours(executor: Executor, signs: str, limit: int) -> list[tuple[bytes, Mapping[str, str]]]:
    """(vector, whom to ask instead by language) of the groups that are not ours and nearest to this vector."""
    rows = await executor.fetch(
        """SELECT vector, ask_instead FROM unanswered_groups WHERE decision = 'not_ours'
           ORDER BY bit_count(signs # $1::text::bit(512)), id LIMIT $2""",
        signs, limit,
    )  # fmt: skip
    return [(row["vector"], row["ask_instead"]) for row in rows]


async def add_group(executor: Executor, vector: bytes, signs: str) -> int:
    """A group, with the vector of its first question."""
    id: int = await executor.fetchval(
        "INSERT INTO unanswered_groups (vector, signs) VALUES ($1, $2::text::bit(512)) RETURNING id",
        vector,
        signs,
    )
    return id


async def set_group(executor: Executor, message_id: UUID, group_id: int) -> None:
    """The question belongs to this group."""
    await executor.execute(
        "UPDATE unanswered_questions SET group_id = $2 WHERE message_id = $1", message_id, group_id
    )


async def delete_old(executor: Executor, before: datetime) -> None:
    """Questions that are too old, or whose messages were deleted or redacted; and open groups without a question."""
    await executor.execute(
        """DELETE FROM unanswered_questions q USING messages m
           WHERE m.id = q.message_id AND (q.asked_at < $1 OR m.content ? 'deleted'
                 OR EXISTS (SELECT FROM redactions r WHERE r.message_id = m.id))""",
        before,
    )
    await executor.execute(
        """DELETE FROM unanswered_groups g WHERE decision IS NULL
             AND NOT EXISTS (SELECT FROM unanswered_questions q WHERE q.group_id = g.id)"""
    )


async def list_groups(
    executor: Executor, *, decided: bool, limit: int, only: int | None = None
) -> list[Group]:
    """Groups with or without a decision, those that cost the most people first, then minutes of agents; or `only` this one."""
    rows = await executor.fetch(
        """WITH counted AS (
               SELECT q.group_id, count(DISTINCT coalesce(c.person_id, c.id)) AS people, count(*) AS questions,
                      min(q.asked_at) AS first_at, max(q.asked_at) AS last_at,
                      array_agg(DISTINCT q.language) AS languages, array_agg(q.reason) AS reasons
               FROM unanswered_questions q JOIN contacts c ON c.id = q.contact_id
               WHERE q.group_id IS NOT NULL GROUP BY q.group_id
           ), spent AS (
               SELECT one.group_id, sum(extract(epoch FROM coalesce(stay.until, now()) - stay.at)) / 60 AS minutes
               FROM (SELECT group_id, conversation_id, min(asked_at) AS asked_at FROM unanswered_questions
                     WHERE group_id IS NOT NULL GROUP BY 1, 2) one,
                    LATERAL (SELECT t.to_state, t.at, lead(t.at) OVER (ORDER BY t.id) AS until
                             FROM conversation_transitions t WHERE t.conversation_id = one.conversation_id) stay
               WHERE stay.to_state = 'assigned' AND stay.at >= one.asked_at GROUP BY one.group_id
           )
           SELECT g.id, people, questions, coalesce(minutes, 0)::float AS minutes, first_at, last_at, counted.languages, reasons,
                  g.decision, g.answer_id, g.ask_instead, g.decided_at, a.name AS decider_name, g.topic
           FROM unanswered_groups g JOIN counted ON counted.group_id = g.id LEFT JOIN spent ON spent.group_id = g.id
           LEFT JOIN agents a ON a.id = g.decided_by
           WHERE CASE WHEN $3::bigint IS NULL THEN (g.decision IS NOT NULL) = $1 ELSE g.id = $3 END
           ORDER BY people DESC, minutes DESC NULLS LAST, last_at DESC, g.id LIMIT $2""",
        decided, limit, only,
    )  # fmt: skip
    return [Group(**{**dict(row), "reasons": _counted(row["reasons"])}) for row in rows]


async def list_asked(executor: Executor, group_ids: Sequence[int], each: int) -> dict[int, list[Asked]]:
    """The newest questions of these groups."""
    rows = await executor.fetch(
        f"""SELECT * FROM (
                SELECT asked.*, row_number() OVER (PARTITION BY group_id ORDER BY asked_at DESC, message_id) AS place
                FROM ({_ASKED} WHERE q.group_id = ANY($1) AND NOT m.content ? 'deleted') asked
            ) placed WHERE place <= $2 ORDER BY group_id, place""",  # noqa: S608  (our own constants)
        list(group_ids), each,
    )  # fmt: skip
    found: dict[int, list[Asked]] = {}
    for row in rows:
        found.setdefault(row["group_id"], []).append(_asked(row))
    return found


async def set_decision(
    executor: Executor,
    id: int,
    decision: Decision,
    answer_id: str | None,
    ask_instead: Mapping[str, str],
    at: datetime,
    by: UUID,
) -> bool:
    """What becomes of an open group; false if there is none, or somebody decided before."""
    done = await executor.fetchval(
        """UPDATE unanswered_groups SET decision = $2, answer_id = $3, ask_instead = $4, decided_at = $5, decided_by = $6
           WHERE id = $1 AND decision IS NULL RETURNING true""",
        id, decision, answer_id, dict(ask_instead), at, by,
    )  # fmt: skip
    return bool(done)


async def set_topic(executor: Executor, id: int, topic: Mapping[str, str]) -> bool:
    """What the public page calls these questions, by language; empty: they are not shown. False if there is no such group."""
    done = await executor.fetchval(
        "UPDATE unanswered_groups SET topic = $2 WHERE id = $1 RETURNING true", id, dict(topic)
    )
    return bool(done)


async def mark_open(executor: Executor, id: int) -> bool:
    """It waits for a decision again."""
    done = await executor.fetchval(
        """UPDATE unanswered_groups SET decision = NULL, answer_id = NULL, ask_instead = '{}', decided_at = NULL,
                  decided_by = NULL WHERE id = $1 AND decision IS NOT NULL RETURNING true""",
        id,
    )
    return bool(done)


def _asked(row: Mapping[str, Any]) -> Asked:
    return Asked(**{name: row[name] for name in Asked.__slots__})


def _counted(reasons: Sequence[str]) -> dict[str, int]:
    return {one: list(reasons).count(one) for one in sorted(set(reasons))}
