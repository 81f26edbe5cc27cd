"""The ledger: everybody to whom a version of a notice is addressed, once each, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor

_SUBSCRIBERS = """
    SELECT DISTINCT ON (coalesce(c.person_id, c.id)) c.id, c.inbox
    FROM notice_subscriptions s JOIN contacts c ON c.id = s.contact_id
    WHERE s.state = 'on' AND s.scenario IN ('', $1) AND (s.district = '' OR $2::text[] IS NULL OR s.district = ANY($2))
    ORDER BY coalesce(c.person_id, c.id), c.opted_out_at IS NOT NULL, c.wrote_at DESC NULLS LAST, c.id"""
"""One contact for each person: one that may be written to, the one they last used."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody to whom a version is to be said. `urgent`: an emergency, or what follows one that they were told of; `opted_out`: they
    may not be written to."""

    notice_id: UUID
    version: int
    contact_id: UUID
    urgent: bool
    opted_out: bool


OUTCOMES = ("read", "reached", "waiting", "refused", "not_reachable", "opted_out", "superseded")
"""In this order on every page; each addressed person has exactly one."""

_OUTCOME = """
    CASE WHEN p.state = 'opted_out' OR o.failure = 'opted_out' THEN 'opted_out'
         WHEN p.state = 'superseded' THEN 'superseded'
         WHEN p.state = 'waiting' THEN 'waiting'
         WHEN m.status = 'read' THEN 'read'
         WHEN o.failure IN ('unreachable', 'window_over', 'thread_elsewhere', 'forbidden_number', 'erased')
              OR o.state = 'waiting' THEN 'not_reachable'
         WHEN m.status = 'failed' OR m.id IS NULL OR o.state IN ('dead', 'unknown') THEN 'refused'
         WHEN m.status = 'accepted' THEN 'waiting'
         ELSE 'reached' END"""


async def count_audience(
    executor: Executor, scenario: str, districts: Sequence[str] | None
) -> Mapping[str, int]:
    """How many people subscribed, by inbox. `districts` is None for the whole city."""
    rows = await executor.fetch(
        f"SELECT inbox, count(*) AS people FROM ({_SUBSCRIBERS}) found GROUP BY inbox ORDER BY inbox",  # noqa: S608  (our own constant)
        scenario,
        None if districts is None else list(districts),
    )
    return {row["inbox"]: row["people"] for row in rows}


async def add_people(
    executor: Executor,
    notice_id: UUID,
    version: int,
    *,
    scenario: str,
    districts: Sequence[str] | None,
    level: str,
    at: datetime,
) -> int:
    """Address a version: subscribers, the people of an incident that was declared from the notice, and whoever was addressed by an
    earlier version, through the same contact. An earlier
    version that still waits for somebody is never said to them. Returns how many are addressed."""
    await executor.execute(
        """UPDATE notice_people SET state = 'superseded' WHERE notice_id = $1 AND version < $2 AND state = 'waiting'""",
        notice_id, version,
    )  # fmt: skip
    return int(
        await executor.fetchval(
            f"""WITH earlier AS (
                    SELECT DISTINCT ON (coalesce(c.person_id, c.id)) c.id, coalesce(c.person_id, c.id) AS person
                    FROM notice_people p JOIN contacts c ON c.id = p.contact_id WHERE p.notice_id = $3
                    ORDER BY coalesce(c.person_id, c.id), p.version DESC, c.id
                ), attached AS (
                    SELECT DISTINCT ON (coalesce(c.person_id, c.id)) c.id, coalesce(c.person_id, c.id) AS person
                    FROM incident_attachments t JOIN incidents i ON i.id = t.incident_id JOIN contacts c ON c.id = t.contact_id
                    WHERE i.notice_id = $3 AND t.undone_at IS NULL
                      AND coalesce(c.person_id, c.id) NOT IN (SELECT person FROM earlier)
                    ORDER BY coalesce(c.person_id, c.id), c.opted_out_at IS NOT NULL, c.wrote_at DESC NULLS LAST, c.id
                ), everybody AS (
                    SELECT id FROM earlier UNION SELECT id FROM attached
                    UNION SELECT found.id FROM ({_SUBSCRIBERS}) found JOIN contacts c ON c.id = found.id
                    WHERE coalesce(c.person_id, c.id) NOT IN (SELECT person FROM earlier UNION SELECT person FROM attached)
                ), added AS (
                    INSERT INTO notice_people (notice_id, version, contact_id, added_at, urgent)
                    SELECT $3, $4, id, $5, $6 OR EXISTS (
                        SELECT 1 FROM notice_people p WHERE p.notice_id = $3 AND p.contact_id = everybody.id AND p.urgent
                    ) FROM everybody RETURNING 1
                ) SELECT count(*) FROM added""",  # noqa: S608  (our own constant)
            scenario, None if districts is None else list(districts), notice_id, version, at, level == "emergency",
        )
    )  # fmt: skip


async def list_waiting(
    executor: Executor, limit: int, inboxes: Sequence[str], *, urgent_only: bool
) -> list[Waiting]:
    """People of these inboxes to whom a version is to be said, the urgent ones first, locked; other workers skip them."""
    rows = await executor.fetch(
        """SELECT p.notice_id, p.version, p.contact_id, p.urgent, c.opted_out_at IS NOT NULL AS opted_out
           FROM notice_people p JOIN contacts c ON c.id = p.contact_id
           WHERE p.state = 'waiting' AND (p.urgent OR NOT $2) AND c.inbox = ANY($3)
           ORDER BY p.urgent DESC, p.added_at, p.contact_id LIMIT $1 FOR UPDATE OF p SKIP LOCKED""",
        limit, urgent_only, list(inboxes),
    )  # fmt: skip
    return [Waiting(**dict(row)) for row in rows]


async def count_queued(executor: Executor) -> Mapping[str, int]:
    """How many messages with notices wait in the outbox for their provider, by inbox."""
    rows = await executor.fetch(
        """SELECT o.inbox, count(*) AS messages FROM outbox o JOIN notice_people p ON p.message_id = o.message_id
           WHERE o.state IN ('pending', 'sending') GROUP BY o.inbox"""
    )
    return {row["inbox"]: row["messages"] for row in rows}


async def mark_said(
    executor: Executor, one: Waiting, state: str, at: datetime, message_id: UUID | None = None
) -> None:
    """What became of it: said (in this message), opted_out or superseded."""
    await executor.execute(
        """UPDATE notice_people SET state = $4, said_at = $5, message_id = $6
           WHERE notice_id = $1 AND version = $2 AND contact_id = $3""",
        one.notice_id, one.version, one.contact_id, state, at, message_id,
    )  # fmt: skip


async def count_outcomes(executor: Executor, notice_id: UUID) -> Mapping[int, Mapping[str, int]]:
    """By version and outcome, how many people; every outcome is there, and they sum to all who were addressed."""
    rows = await executor.fetch(
        f"""SELECT p.version, {_OUTCOME} AS outcome, count(*) AS people
            FROM notice_people p LEFT JOIN messages m ON m.id = p.message_id LEFT JOIN outbox o ON o.message_id = m.id
            WHERE p.notice_id = $1 GROUP BY 1, 2""",  # noqa: S608  (our own constant)
        notice_id,
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["version"], dict.fromkeys(OUTCOMES, 0))[row["outcome"]] = row["people"]
    return found


async def list_times(executor: Executor, notice_id: UUID) -> Mapping[int, Mapping[int, float]]:
    """By version: the seconds from its release until 50, 90 and 99 per cent of those whom it reached had it."""
    rows = await executor.fetch(
        """SELECT p.version, percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (
                      ORDER BY extract(epoch FROM greatest(coalesce(o.sent_at, p.said_at) - v.released_at, '0'))) AS seconds
           FROM notice_people p JOIN notice_versions v ON v.notice_id = p.notice_id AND v.version = p.version
           JOIN messages m ON m.id = p.message_id LEFT JOIN outbox o ON o.message_id = m.id
           WHERE p.notice_id = $1 AND (o.id IS NULL OR o.state = 'sent') GROUP BY 1""",
        notice_id,
    )
    return {
        row["version"]: dict(zip((50, 90, 99), (float(one) for one in row["seconds"]), strict=True))
        for row in rows
    }


async def get_last_conversation(executor: Executor, contact_id: UUID) -> UUID | None:
    """The contact's open conversation, else the one that was opened last; None if they never had one."""
    found: UUID | None = await executor.fetchval(
        """SELECT id FROM conversations WHERE contact_id = $1
           ORDER BY state = 'resolved', created_at DESC LIMIT 1""",
        contact_id,
    )
    return found


async def add_mention(
    executor: Executor, conversation_id: UUID, notice_id: UUID, version: int, at: datetime
) -> bool:
    """Record that a version is said in front of an answer; False if it was already said in this conversation."""
    added = await executor.fetchval(
        """INSERT INTO notice_mentions (conversation_id, notice_id, version, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING RETURNING true""",
        conversation_id, notice_id, version, at,
    )  # fmt: skip
    return added is not None


async def list_places(executor: Executor, contact_id: UUID) -> list[tuple[float, float]]:
    """The points (WGS 84 degrees) that a contact's conversations and requests are about, the latest first."""
    rows = await executor.fetch(
        """SELECT latitude, longitude FROM (
               SELECT (payload->>'latitude')::float AS latitude, (payload->>'longitude')::float AS longitude, created_at
               FROM service_requests WHERE contact_id = $1
               UNION ALL
               SELECT (content->'location'->>'latitude')::float, (content->'location'->>'longitude')::float, created_at
               FROM messages WHERE contact_id = $1 AND content ? 'location'
           ) places WHERE latitude IS NOT NULL AND longitude IS NOT NULL ORDER BY created_at DESC LIMIT 20""",
        contact_id,
    )
    return [(row["latitude"], row["longitude"]) for row in rows]
