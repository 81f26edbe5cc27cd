"""Who is offered which conversation next. The database decides."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from city.hours import Hours
from desk.store.dialogue.standing import SERVED
from desk.store.pool import Executor
from desk.store.routing.loads import LOADS, WHOLE, Measure


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation, and the agent for it."""

    conversation_id: UUID
    contact_id: UUID
    agent_id: UUID
    seconds: int


async def lock_offering(executor: Executor) -> None:
    """One process at a time decides, until the end of its transaction: whoever comes next sees the loads as they
    are then. Take it before the statement that reads them."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('offers', 0))")


async def get_match(
    executor: Executor, measure: Measure, roles: list[str], without: list[UUID]
) -> Match | None:
    """The next conversation of a push team that a free agent can take, and who of them has been free longest;
    `without` those that somebody else is working on.

    An agent fits by team, language, skills and capacity. A language or skill that nobody in the team has does not count,
    and for an urgent conversation neither is required, only preferred. Who declined it lately is not asked again.
    What fits is found once for each kind of conversation, and not for each of thousands that wait.
    """
    row = await executor.fetchrow(
        f"""
        WITH loads AS MATERIALIZED ({LOADS}),
        free AS MATERIALIZED (
            SELECT a.id, a.teams, a.languages, a.skills, a.capacity * {WHOLE} - coalesce(l.load, 0) AS spare,
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
            WHERE a.active),
        waiting AS MATERIALIZED (
            SELECT v.id, v.contact_id, v.team, v.language, v.inbox, coalesce(v.topic, '') AS topic, v.urgency,
                   coalesce(v.urgency, '') AS danger, v.priority, v.queued_at
            FROM conversations v WHERE v.state = 'queued' AND EXISTS (SELECT 1 FROM free) AND v.id <> ALL ($5)
            AND NOT EXISTS (SELECT 1 FROM conversation_offers o WHERE o.conversation_id = v.id AND o.outcome IS NULL)),
        kinds AS (SELECT DISTINCT team, language, inbox, topic, danger FROM waiting),
        fits AS MATERIALIZED (
            SELECT k.team, k.language, k.inbox, k.topic, k.danger, t.offer_seconds,
                   array_agg(f.id ORDER BY k.danger <> '' AND k.danger <> ALL (f.skills),
                       NOT (f.languages = '{{}}' OR k.language = ANY (f.languages)), f.free_since, f.id) AS agents
            FROM kinds k JOIN teams t ON t.name = k.team AND t.mode = 'push'
            JOIN free f ON k.team = ANY (f.teams)
            LEFT JOIN unnest($1::text[], $2::int[]) AS w (inbox, weight) ON w.inbox = k.inbox
            WHERE f.spare >= coalesce(w.weight, {WHOLE})
              AND (k.danger <> '' OR (
                  (f.languages = '{{}}' OR k.language = ANY (f.languages) OR NOT EXISTS (
                      SELECT 1 FROM spoken s WHERE s.team = k.team AND s.language IN (k.language, '*')))
                  AND NOT EXISTS (
                      SELECT 1 FROM unnest(t.skills) need WHERE need IN (k.topic, k.inbox) AND need <> ALL (f.skills)
                      AND EXISTS (SELECT 1 FROM skilled k2 WHERE k2.team = k.team AND k2.skill = need))))
            GROUP BY k.team, k.language, k.inbox, k.topic, k.danger, t.offer_seconds),
        declined AS MATERIALIZED (
            SELECT conversation_id, agent_id FROM conversation_offers
            WHERE outcome = 'declined' AND closed_at > clock_timestamp() - interval '10 minutes')
        SELECT v.id AS conversation_id, v.contact_id, x.offer_seconds AS seconds,
               (SELECT u.agent FROM unnest(x.agents) WITH ORDINALITY AS u (agent, place) WHERE NOT EXISTS (
                    SELECT 1 FROM declined d WHERE d.conversation_id = v.id AND d.agent_id = u.agent)
                ORDER BY u.place LIMIT 1) AS agent_id
        FROM waiting v JOIN fits x USING (team, language, inbox, topic, danger)
        WHERE v.id NOT IN (SELECT conversation_id FROM declined) OR EXISTS (
            SELECT 1 FROM unnest(x.agents) AS u (agent) WHERE NOT EXISTS (
                SELECT 1 FROM declined d WHERE d.conversation_id = v.id AND d.agent_id = u.agent))
        ORDER BY {SERVED} LIMIT 1
        """,  # noqa: S608  (our own constants)
        *measure.values,
        roles,
        without,
    )
    return Match(**dict(row)) if row else None


async def lock_match(executor: Executor, match: Match) -> bool:
    """Lock the conversation and its contact until the end of the transaction; False if somebody is working on it, or
    it has moved."""
    row = await executor.fetchrow(
        """SELECT v.id FROM conversations v JOIN contacts c ON c.id = v.contact_id
           WHERE v.id = $1 AND v.state = 'queued' FOR NO KEY UPDATE OF c, v SKIP LOCKED""",
        match.conversation_id,
    )
    return row is not None


async def has_capacity(executor: Executor, measure: Measure, agent_id: UUID, inbox: str) -> bool:
    """Whether this agent is available and has room for a conversation of this inbox."""
    found = await executor.fetchval(
        f"""SELECT a.capacity * {WHOLE} - coalesce(l.load, 0) >= coalesce(
                (SELECT w.weight FROM unnest($1::text[], $2::int[]) AS w (inbox, weight) WHERE w.inbox = $5), {WHOLE})
            FROM agents a JOIN agent_presence p ON p.agent_id = a.id AND p.state = 'available'
            LEFT JOIN ({LOADS}) l ON l.agent_id = a.id WHERE a.id = $4 AND a.active""",  # noqa: S608  (our own constants)
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


@dataclass(frozen=True, slots=True)
class OfShift:
    """A conversation that waits for an agent whose shifts are planned and who is not available."""

    left: Left
    shifts: Hours


async def list_of_shifts(executor: Executor, slow_inboxes: list[str]) -> list[OfShift]:
    """What waits for agents with shifts who do not say that they are available; not that of `slow_inboxes`."""
    rows = await executor.fetch(
        """SELECT v.id AS conversation_id, v.contact_id, v.agent_id, a.shifts
           FROM conversations v JOIN agents a ON a.id = v.agent_id LEFT JOIN agent_presence p ON p.agent_id = a.id
           WHERE v.state = 'assigned' AND a.shifts IS NOT NULL AND coalesce(p.state, 'offline') <> 'available'
               AND v.inbox <> ALL ($1)
           ORDER BY v.queued_at LIMIT 500""",
        slow_inboxes,
    )
    return [
        OfShift(
            Left(row["conversation_id"], row["contact_id"], row["agent_id"], active=True, signed_out=False),
            msgspec.convert(row["shifts"], Hours),
        )
        for row in rows
    ]


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
