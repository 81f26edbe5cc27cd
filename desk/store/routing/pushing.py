"""Who is offered which conversation next. The database decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.dialogue.standing import SERVED
from desk.store.pool import Executor
from desk.store.routing.loads import LOADS, WHOLE, Measure


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation, locked with its contact until the end of the transaction, and the agent for it."""

    conversation_id: UUID
    contact_id: UUID
    agent_id: UUID
    seconds: int


async def lock_offering(executor: Executor) -> None:
    """One process at a time decides, until the end of its transaction: whoever comes next sees the loads as they
    are then. Take it before the statement that reads them."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('offers', 0))")


async def get_match(executor: Executor, measure: Measure, roles: list[str]) -> Match | None:
    """The next conversation of a push team that a free agent can take, and who of them has been free longest.

    An agent fits by team, language, skills and room. A language or skill that nobody in the team has does not count,
    and for an urgent conversation neither is required, only preferred. Who declined it lately is not asked again.
    """
    row = await executor.fetchrow(
        f"""
        WITH loads AS MATERIALIZED ({LOADS}),
        free AS MATERIALIZED (
            SELECT a.id, a.teams, a.languages, a.skills, a.capacity * {WHOLE} - coalesce(l.load, 0) AS room,
                   greatest(p.since, p.given_at) AS free_since
            FROM agents a JOIN agent_presence p ON p.agent_id = a.id AND p.state = 'available'
            LEFT JOIN loads l ON l.agent_id = a.id
            WHERE a.active AND a.role = ANY($4) AND a.capacity * {WHOLE} > coalesce(l.load, 0)),
        spoken AS MATERIALIZED (
            SELECT DISTINCT team, language FROM agents a CROSS JOIN unnest(a.teams) team
            CROSS JOIN unnest(CASE WHEN a.languages = '{{}}' THEN ARRAY['*'] ELSE a.languages END) language
            WHERE a.active),
        skilled AS MATERIALIZED (
            SELECT DISTINCT team, skill FROM agents a CROSS JOIN unnest(a.teams) team CROSS JOIN unnest(a.skills) skill
            WHERE a.active)
        SELECT v.id AS conversation_id, v.contact_id, f.id AS agent_id, t.offer_seconds AS seconds
        FROM conversations v JOIN contacts c ON c.id = v.contact_id JOIN teams t ON t.name = v.team AND t.mode = 'push'
        LEFT JOIN unnest($1::text[], $2::int[]) AS w (inbox, weight) ON w.inbox = v.inbox
        CROSS JOIN LATERAL (
            SELECT f.id FROM free f
            WHERE v.team = ANY (f.teams) AND f.room >= coalesce(w.weight, {WHOLE})
              AND (v.urgency IS NOT NULL OR (
                  (f.languages = '{{}}' OR v.language = ANY (f.languages) OR NOT EXISTS (
                      SELECT 1 FROM spoken s WHERE s.team = v.team AND s.language IN (v.language, '*')))
                  AND NOT EXISTS (
                      SELECT 1 FROM unnest(t.skills) need WHERE need IN (v.topic, v.inbox) AND need <> ALL (f.skills)
                      AND EXISTS (SELECT 1 FROM skilled k WHERE k.team = v.team AND k.skill = need))))
              AND NOT EXISTS (
                  SELECT 1 FROM conversation_offers r WHERE r.conversation_id = v.id AND r.agent_id = f.id
                  AND r.outcome = 'declined' AND r.closed_at > clock_timestamp() - interval '10 minutes')
            ORDER BY NOT coalesce(v.urgency = ANY (f.skills), true),
                     NOT (f.languages = '{{}}' OR v.language = ANY (f.languages)), f.free_since, f.id
            LIMIT 1) f
        WHERE v.state = 'queued' AND EXISTS (SELECT 1 FROM free)
          AND NOT EXISTS (SELECT 1 FROM conversation_offers o WHERE o.conversation_id = v.id AND o.outcome IS NULL)
        ORDER BY {SERVED} LIMIT 1 FOR NO KEY UPDATE OF c, v SKIP LOCKED
        """,  # noqa: S608
        *measure.values,
        roles,
    )
    return Match(**dict(row)) if row else None


async def has_room(executor: Executor, measure: Measure, agent_id: UUID, inbox: str) -> bool:
    """Whether this agent is available and has room for a conversation of this inbox."""
    found = await executor.fetchval(
        f"""SELECT a.capacity * {WHOLE} - coalesce(l.load, 0) >= coalesce(
                (SELECT w.weight FROM unnest($1::text[], $2::int[]) AS w (inbox, weight) WHERE w.inbox = $5), {WHOLE})
            FROM agents a JOIN agent_presence p ON p.agent_id = a.id AND p.state = 'available'
            LEFT JOIN ({LOADS}) l ON l.agent_id = a.id WHERE a.id = $4 AND a.active""",  # noqa: S608
        *measure.values,
        agent_id,
        inbox,
    )
    return bool(found)


async def mark_given(executor: Executor, agent_id: UUID, now: datetime) -> None:
    """The agent has just been offered something, and is asked last next time."""
    await executor.execute("UPDATE agent_presence SET given_at = $2 WHERE agent_id = $1", agent_id, now)


@dataclass(frozen=True, slots=True)
class Left:
    """A conversation that waits for an agent who is not there."""

    conversation_id: UUID
    contact_id: UUID
    agent_id: UUID
    active: bool
    signed_out: bool


async def list_left(executor: Executor, gone_before: datetime, slow_inboxes: list[str]) -> list[Left]:
    """Conversations that wait for an agent who has been offline since `gone_before`, or is no longer active. Those of
    `slow_inboxes` stay with who is only offline."""
    rows = await executor.fetch(
        """SELECT v.id AS conversation_id, v.contact_id, v.agent_id, a.active, p.chosen = 'offline' AS signed_out
           FROM conversations v JOIN agents a ON a.id = v.agent_id LEFT JOIN agent_presence p ON p.agent_id = a.id
           WHERE v.state = 'assigned' AND (NOT a.active OR (
               p.state = 'offline' AND p.since <= $1 AND v.inbox <> ALL ($2)))
           ORDER BY v.queued_at LIMIT 500""",
        gone_before,
        slow_inboxes,
    )
    return [Left(**{**row, "signed_out": bool(row["signed_out"])}) for row in rows]
