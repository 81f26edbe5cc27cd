"""Recalls of answers: who got a version, the correction, and its delivery to each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Recall:
    """A correction, by language, for everybody who got one of these versions; with `given_from` and `given_to`, for those who got
    it in that time, when a fact said `fact_said`. Sent once it is approved, unless dropped."""

    id: UUID
    answer_id: str
    versions: Sequence[int]
    texts: Mapping[str, str]
    why: str
    written_at: datetime
    written_by: UUID
    writer_name: str
    approved_at: datetime | None
    approver_name: str | None
    dropped_at: datetime | None
    given_from: datetime | None
    given_to: datetime | None
    fact_said: str


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody got the answer: in which inbox, when they last did, and whether we know that it was read. `outcome` is that of
    the correction: waiting, kept_back (until the citizen writes), sent, read or refused, with the reason of a failure."""

    inbox: str
    given_at: datetime
    was_read: bool
    outcome: str
    failure: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is to be sent the correction."""

    recall_id: UUID
    contact_id: UUID
    conversation_id: UUID
    texts: Mapping[str, str]


_GIVEN = """
    SELECT DISTINCT ON (coalesce(c.person_id, c.id)) m.contact_id, m.conversation_id, m.created_at, m.status
    FROM messages m JOIN contacts c ON c.id = m.contact_id
    WHERE ($4::timestamptz IS NULL OR (m.created_at >= $4 AND m.created_at < $5::timestamptz)) AND (
          (m.content->'source' ? 'answer' AND m.content->'source'->>'answer' = $1
           AND (m.content->'source'->>'version')::int = ANY($2::int[]))
       OR (m.content ? 'answers' AND m.author = 'agent' AND EXISTS (
               SELECT 1 FROM jsonb_array_elements(m.content->'answers') used
               WHERE used->>'id' = $1 AND (used->>'published')::int = ANY($2::int[]))))
    ORDER BY coalesce(c.person_id, c.id), m.created_at DESC"""
"""One row for each person, with the contact and conversation in which they last got it."""

_RECALLS = """SELECT r.id, r.answer_id, r.versions, r.texts, r.why, r.written_at, r.written_by, w.name AS writer_name,
                     r.approved_at, a.name AS approver_name, r.dropped_at,
                     r.given_from, r.given_to, r.fact_said
              FROM answer_recalls r JOIN agents w ON w.id = r.written_by LEFT JOIN agents a ON a.id = r.approved_by"""


async def count_given(executor: Executor, id: str) -> Mapping[int, int]:
    """How many people got each published version, by version; versions that nobody got are left out."""
    rows = await executor.fetch(
        """SELECT version, count(DISTINCT coalesce(c.person_id, c.id)) AS people FROM (
               SELECT m.contact_id, (m.content->'source'->>'version')::int AS version FROM messages m
               WHERE m.content->'source' ? 'answer' AND m.content->'source'->>'answer' = $1
               UNION ALL
               SELECT m.contact_id, (used->>'published')::int FROM messages m, jsonb_array_elements(m.content->'answers') used
               WHERE m.content ? 'answers' AND m.author = 'agent' AND used->>'id' = $1
           ) given JOIN contacts c ON c.id = given.contact_id
           WHERE version IS NOT NULL GROUP BY version""",
        id,
    )
    return {row["version"]: row["people"] for row in rows}


async def list_recalls(executor: Executor, answer_id: str) -> list[Recall]:
    """The recalls of an answer, the latest first."""
    rows = await executor.fetch(f"{_RECALLS} WHERE r.answer_id = $1 ORDER BY r.written_at DESC", answer_id)
    return [Recall(**dict(row)) for row in rows]


async def get_recall(executor: Executor, id: UUID) -> Recall | None:
    """One recall, locked."""
    row = await executor.fetchrow(f"{_RECALLS} WHERE r.id = $1 FOR UPDATE OF r", id)
    return Recall(**dict(row)) if row else None


async def add_recall(
    executor: Executor,
    answer_id: str,
    versions: Sequence[int],
    texts: Mapping[str, str],
    why: str,
    at: datetime,
    by: UUID,
    given: tuple[datetime, datetime, str] | None = None,
) -> UUID:
    """A correction that nobody is sent before it is approved. `given`: from when to when, and what a fact said then."""
    since, until, said = given or (None, None, "")
    id: UUID = await executor.fetchval(
        """INSERT INTO answer_recalls (answer_id, versions, texts, why, written_at, written_by, given_from, given_to, fact_said)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id""",
        answer_id, list(versions), dict(texts), why, at, by, since, until, said,
    )  # fmt: skip
    return id


async def mark_approved(executor: Executor, recall: Recall, at: datetime, by: UUID) -> int:
    """From now on it is sent; returns to how many people."""
    await executor.execute(
        "UPDATE answer_recalls SET approved_at = $2, approved_by = $3 WHERE id = $1", recall.id, at, by
    )
    return int(
        await executor.fetchval(
            f"""WITH added AS (
                    INSERT INTO answer_recall_people (recall_id, contact_id, conversation_id, given_at, was_read)
                    SELECT $3, contact_id, conversation_id, created_at, status = 'read' FROM ({_GIVEN}) given
                    RETURNING 1
                ) SELECT count(*) FROM added""",  # noqa: S608  (our own constants)
            recall.answer_id, list(recall.versions), recall.id, recall.given_from, recall.given_to,
        )
    )  # fmt: skip


async def mark_dropped(executor: Executor, id: UUID, at: datetime) -> None:
    """Nobody is sent it."""
    await executor.execute("UPDATE answer_recalls SET dropped_at = $2 WHERE id = $1", id, at)


async def list_people(executor: Executor, recall_id: UUID) -> list[Given]:
    """Everybody who is to be told, in the order in which they got the answer, and what became of the correction."""
    rows = await executor.fetch(
        """SELECT c.inbox, p.given_at, p.was_read, o.failure,
                  CASE WHEN p.sent_at IS NULL THEN 'waiting'
                       WHEN m.status = 'read' THEN 'read'
                       WHEN m.status = 'failed' OR m.id IS NULL THEN 'refused'
                       WHEN o.state = 'waiting' THEN 'kept_back'
                       WHEN m.status = 'accepted' THEN 'waiting'
                       ELSE 'sent' END AS outcome
           FROM answer_recall_people p JOIN conversations c ON c.id = p.conversation_id
           LEFT JOIN messages m ON m.id = p.message_id LEFT JOIN outbox o ON o.message_id = m.id
           WHERE p.recall_id = $1 ORDER BY p.given_at""",
        recall_id,
    )
    return [Given(**dict(row)) for row in rows]


async def list_waiting(executor: Executor, limit: int) -> list[Waiting]:
    """People who are to be told and were not, locked; other workers skip them."""
    rows = await executor.fetch(
        """SELECT p.recall_id, p.contact_id, p.conversation_id, r.texts
           FROM answer_recall_people p JOIN answer_recalls r ON r.id = p.recall_id
           WHERE p.sent_at IS NULL ORDER BY p.contact_id, p.recall_id LIMIT $1 FOR UPDATE OF p SKIP LOCKED""",
        limit,
    )
    return [Waiting(**dict(row)) for row in rows]


async def mark_sent(
    executor: Executor, recall_id: UUID, contact_id: UUID, message_id: UUID, at: datetime
) -> None:
    """The correction is in this message."""
    await executor.execute(
        """UPDATE answer_recall_people SET message_id = $3, sent_at = $4
           WHERE recall_id = $1 AND contact_id = $2""",
        recall_id, contact_id, message_id, at,
    )  # fmt: skip
