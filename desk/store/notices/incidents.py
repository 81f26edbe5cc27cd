"""Incidents, the conversations and requests about them, and candidates that may be about one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.model import Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor

_PLAIN = "regexp_replace(normalize(lower({}), NFD), U&'[\\0300-\\036f]', '', 'g')"
"""A text in small letters without accents: people write "apagon" and "apagón"."""
BEHIND = -1
"""The priority of an attached conversation: after the others that are not urgent."""


@dataclass(frozen=True, slots=True)
class NewIncident:
    """`titles` by language; `area` as city/notices/districts.py has it; `topics` are ids of answers, `services` codes."""

    titles: Mapping[str, str]
    scenario: str
    area: Mapping[str, Any]
    topics: Sequence[str]
    services: Sequence[str]
    words: Sequence[str]
    notice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """With how many people are attached, and how many of them wait in the queue."""

    id: UUID
    titles: Mapping[str, str]
    scenario: str
    area: Mapping[str, Any]
    topics: Sequence[str]
    services: Sequence[str]
    words: Sequence[str]
    notice_id: UUID | None
    opened_at: datetime
    opener: str
    closed_at: datetime | None
    closer: str | None
    people: int
    waiting: int

    def called(self, language: str) -> str:
        """Its title in this language, or in the first that it has."""
        return self.titles.get(language) or next(iter(self.titles.values()))


@dataclass(frozen=True, slots=True)
class Attached:
    """A conversation or a request of an incident."""

    id: UUID
    conversation_id: UUID | None
    request_id: UUID | None
    reference: str | None
    contact_name: str | None
    language: str | None
    state: str | None
    urgency: str | None
    attached_at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation (or a request) that may be about it: whether a topic or service and a word fit, and the points it names."""

    conversation_id: UUID | None
    request_id: UUID | None
    reference: str | None
    contact_name: str | None
    language: str | None
    state: str | None
    urgency: str | None
    text: str
    by_topic: bool
    by_words: bool
    points: Sequence[Sequence[float]]


# The people of an incident, and those of them whose attached conversation waits for a person.
_COUNTED = """
    (SELECT count(DISTINCT coalesce(c.person_id, c.id)) FROM incident_attachments t JOIN contacts c ON c.id = t.contact_id
     WHERE t.incident_id = i.id AND t.undone_at IS NULL) AS people,
    (SELECT count(DISTINCT coalesce(c.person_id, c.id)) FROM incident_attachments t JOIN contacts c ON c.id = t.contact_id
     JOIN conversations v ON v.id = t.conversation_id
     WHERE t.incident_id = i.id AND t.undone_at IS NULL AND v.state = 'queued') AS waiting"""
_INCIDENTS = f"""
    SELECT i.id, i.titles, i.scenario, i.area, i.topics, i.services, i.words, i.notice_id, i.opened_at, o.name AS opener,
           i.closed_at, l.name AS closer, {_COUNTED}
    FROM incidents i JOIN agents o ON o.id = i.opened_by LEFT JOIN agents l ON l.id = i.closed_by"""  # noqa: S608  (our own constants)
_POINTS = """
    SELECT coalesce(array_agg(ARRAY[p.latitude, p.longitude]), '{}') AS points FROM (
        SELECT (m.content->'location'->>'latitude')::float8 AS latitude, (m.content->'location'->>'longitude')::float8 AS longitude
        FROM messages m WHERE m.conversation_id = v.id AND m.content ? 'location'
        UNION ALL
        SELECT (r.payload->>'latitude')::float8, (r.payload->>'longitude')::float8 FROM service_requests r
        WHERE r.conversation_id = v.id
    ) p WHERE p.latitude IS NOT NULL AND p.longitude IS NOT NULL"""


async def add_incident(executor: Executor, new: NewIncident, at: datetime, by: UUID) -> UUID:
    """Declare one."""
    id: UUID = await executor.fetchval(
        """INSERT INTO incidents (titles, scenario, area, topics, services, words, notice_id, opened_at, opened_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id""",
        dict(new.titles), new.scenario, dict(new.area), list(new.topics), list(new.services), list(new.words), new.notice_id, at, by,
    )  # fmt: skip
    return id


async def set_incident(executor: Executor, id: UUID, new: NewIncident) -> None:
    """Change what it is about."""
    await executor.execute(
        """UPDATE incidents SET titles = $2, scenario = $3, area = $4, topics = $5, services = $6, words = $7 WHERE id = $1""",
        id, dict(new.titles), new.scenario, dict(new.area), list(new.topics), list(new.services), list(new.words),
    )  # fmt: skip


async def list_incidents(executor: Executor, limit: int = 100) -> list[Incident]:
    """The open ones first, then those that were closed last."""
    rows = await executor.fetch(
        f"{_INCIDENTS} ORDER BY i.closed_at IS NOT NULL, coalesce(i.closed_at, i.opened_at) DESC LIMIT $1",
        limit,
    )
    return [Incident(**dict(row)) for row in rows]


async def get_incident(executor: Executor, id: UUID) -> Incident | None:
    """One of them."""
    row = await executor.fetchrow(f"{_INCIDENTS} WHERE i.id = $1", id)
    return Incident(**dict(row)) if row else None


async def lock_open(executor: Executor, id: UUID) -> bool:
    """Lock an incident until the end of the transaction; False if there is none that is open."""
    found = await executor.fetchval(
        "SELECT 1 FROM incidents WHERE id = $1 AND closed_at IS NULL FOR NO KEY UPDATE", id
    )
    return found is not None


async def mark_closed(executor: Executor, id: UUID, at: datetime, by: UUID) -> None:
    """Close it, and give its conversations back the place that they had in the queue."""
    await executor.execute("UPDATE incidents SET closed_at = $2, closed_by = $3 WHERE id = $1", id, at, by)
    await executor.execute(
        """UPDATE conversations v SET priority = t.priority FROM incident_attachments t
           WHERE t.incident_id = $1 AND t.conversation_id = v.id AND t.undone_at IS NULL AND v.priority = $2""",
        id, BEHIND,
    )  # fmt: skip


async def attach_conversation(
    executor: Executor, incident: UUID, conversation: UUID, at: datetime, by: UUID
) -> UUID | None:
    """Attach it, and let it wait behind the others; None if it is attached already."""
    id: UUID | None = await executor.fetchval(
        """INSERT INTO incident_attachments (incident_id, contact_id, conversation_id, priority, attached_at, attached_by)
           SELECT $1, v.contact_id, v.id, v.priority, $3, $4 FROM conversations v WHERE v.id = $2
           ON CONFLICT DO NOTHING RETURNING id""",
        incident, conversation, at, by,
    )  # fmt: skip
    if id is not None:
        await executor.execute(
            "UPDATE conversations SET priority = $2, updated_at = clock_timestamp() WHERE id = $1",
            conversation,
            BEHIND,
        )
    return id


async def attach_request(
    executor: Executor, incident: UUID, request: UUID, at: datetime, by: UUID
) -> UUID | None:
    """Attach a request whose contact is known; None if there is none, or it is attached already."""
    id: UUID | None = await executor.fetchval(
        """INSERT INTO incident_attachments (incident_id, contact_id, request_id, attached_at, attached_by)
           SELECT $1, r.contact_id, r.id, $3, $4 FROM service_requests r WHERE r.id = $2 AND r.contact_id IS NOT NULL
           ON CONFLICT DO NOTHING RETURNING id""",
        incident, request, at, by,
    )  # fmt: skip
    return id


async def mark_undone(
    executor: Executor, incident: UUID, attachment: UUID, at: datetime, by: UUID
) -> tuple[UUID | None, UUID | None] | None:
    """Take an attachment back, and the place in the queue with it; returns its conversation or its request, None if it is not
    attached."""
    row = await executor.fetchrow(
        """UPDATE incident_attachments SET undone_at = $3, undone_by = $4
           WHERE incident_id = $1 AND id = $2 AND undone_at IS NULL RETURNING conversation_id, request_id, priority""",
        incident, attachment, at, by,
    )  # fmt: skip
    if row is None:
        return None
    if row["conversation_id"]:
        await executor.execute(
            "UPDATE conversations SET priority = $2, updated_at = clock_timestamp() WHERE id = $1 AND priority = $3",
            row["conversation_id"], row["priority"], BEHIND,
        )  # fmt: skip
    return row["conversation_id"], row["request_id"]


async def list_attached(executor: Executor, incident: UUID, scope: Scope, limit: int = 200) -> list[Attached]:
    """What is attached, within `scope`, the latest first."""
    rows = await executor.fetch(
        f"""SELECT t.id, t.conversation_id, t.request_id, r.reference, c.name AS contact_name, coalesce(v.language, c.language) AS language,
                   coalesce(v.state, r.status) AS state, v.urgency, t.attached_at, a.name
            FROM incident_attachments t JOIN contacts c ON c.id = t.contact_id JOIN agents a ON a.id = t.attached_by
            LEFT JOIN conversations v ON v.id = t.conversation_id LEFT JOIN service_requests r ON r.id = t.request_id
            WHERE t.incident_id = $4 AND t.undone_at IS NULL AND (t.request_id IS NOT NULL OR {VISIBLE})
            ORDER BY t.attached_at DESC, t.id LIMIT $5""",  # noqa: S608  (our own constant)
        *scope_values(scope), incident, limit,
    )  # fmt: skip
    return [Attached(**dict(row)) for row in rows]


async def list_open_conversations(executor: Executor, incident: UUID, scope: Scope, limit: int) -> list[UUID]:
    """The attached conversations that one answer may go to, the longest wait first: not those in which somebody may be in danger."""
    rows = await executor.fetch(
        f"""SELECT v.id FROM incident_attachments t JOIN conversations v ON v.id = t.conversation_id
            WHERE {VISIBLE} AND t.incident_id = $4 AND t.undone_at IS NULL
              AND v.state IN ('queued', 'assigned', 'waiting_on_contact') AND v.urgency IS NULL ORDER BY v.queued_at, v.id LIMIT $5""",  # noqa: S608  (our own constants)
        *scope_values(scope), incident, limit,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def get_attachment_of(executor: Executor, conversation: UUID) -> tuple[UUID, UUID] | None:
    """The attachment of a conversation, and its incident."""
    row = await executor.fetchrow(
        "SELECT id, incident_id FROM incident_attachments WHERE conversation_id = $1 AND undone_at IS NULL",
        conversation,
    )
    return (row["id"], row["incident_id"]) if row else None


async def list_candidates(
    executor: Executor,
    incident: Incident,
    scope: Scope,
    query: str,
    since: datetime,
    limit: int,
    only: UUID | None = None,
) -> list[Candidate]:
    """Open conversations since then that are attached to nothing and fit by topic or words, or name a place; the latest first.
    `query`: a tsquery of the words, or empty."""
    rows = await executor.fetch(
        f"""WITH found AS (
                SELECT v.id, v.contact_id, v.language, v.state, v.urgency, v.updated_at,
                       coalesce(v.topic = ANY($5), false) OR EXISTS (
                           SELECT 1 FROM turns k WHERE k.conversation_id = v.id AND k.intent = ANY($5)) AS by_topic,
                       $6 <> '' AND EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = v.id AND m.author = 'contact'
                           AND to_tsvector('simple', {_PLAIN.format("m.text")}) @@ $6::tsquery) AS by_words
                FROM conversations v
                WHERE {VISIBLE} AND v.state <> 'resolved' AND v.updated_at >= $4 AND ($8::uuid IS NULL OR v.id = $8)
                  AND NOT EXISTS (SELECT 1 FROM incident_attachments t WHERE t.conversation_id = v.id AND t.undone_at IS NULL)
                  AND NOT EXISTS (SELECT 1 FROM incident_attachments t WHERE t.conversation_id = v.id AND t.incident_id = $9)
                ORDER BY v.updated_at DESC LIMIT 2000)
            SELECT v.id AS conversation_id, NULL::uuid AS request_id, NULL AS reference, c.name AS contact_name, v.language, v.state,
                   v.urgency, v.by_topic, v.by_words, points.points,
                   coalesce((SELECT left(m.text, 200) FROM messages m WHERE m.conversation_id = v.id AND m.author = 'contact'
                             AND m.text <> '' ORDER BY m.seq DESC LIMIT 1), '') AS text
            FROM found v JOIN contacts c ON c.id = v.contact_id CROSS JOIN LATERAL ({_POINTS}) points
            WHERE v.by_topic OR v.by_words OR points.points <> '{{}}' ORDER BY v.updated_at DESC LIMIT $7""",  # noqa: S608  (our own constants)
        *scope_values(scope), since, list(incident.topics), query, limit, only, incident.id,
    )  # fmt: skip
    return [Candidate(**dict(row)) for row in rows]


async def list_request_candidates(
    executor: Executor, incident: Incident, query: str, since: datetime, limit: int
) -> list[Candidate]:
    """Requests of known contacts since then that are not closed, and fit by service or words."""
    rows = await executor.fetch(
        f"""SELECT NULL::uuid AS conversation_id, r.id AS request_id, r.reference, c.name AS contact_name, c.language,
                  coalesce(r.status, 'open') AS state, NULL AS urgency, left(coalesce(r.payload->>'description', ''), 200) AS text,
                  r.service_code = ANY($2) AS by_topic, d.by_words,
                  CASE WHEN r.payload->>'latitude' IS NULL OR r.payload->>'longitude' IS NULL THEN '{{}}'::float8[]
                       ELSE ARRAY[ARRAY[(r.payload->>'latitude')::float8, (r.payload->>'longitude')::float8]] END AS points
           FROM service_requests r JOIN contacts c ON c.id = r.contact_id
           CROSS JOIN LATERAL (SELECT $3 <> '' AND to_tsvector('simple', {_PLAIN.format("coalesce(r.payload->>'description', '')")}) @@ $3::tsquery
                               AS by_words) d
           WHERE r.created_at >= $1 AND coalesce(r.status, 'open') <> 'closed' AND (r.service_code = ANY($2) OR d.by_words)
             AND NOT EXISTS (SELECT 1 FROM incident_attachments t WHERE t.request_id = r.id
                             AND (t.undone_at IS NULL OR t.incident_id = $5))
           ORDER BY r.created_at DESC LIMIT $4""",  # noqa: S608  (our own constants)
        since, list(incident.services), query, limit, incident.id,
    )  # fmt: skip
    return [Candidate(**dict(row)) for row in rows]
