"""The current state of the desk, in one statement for the teams and one for the agents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Of one promise to one kind of conversations: who has waited since before `risk` or `missed`, is at risk or missed."""

    team: str | None
    urgent: bool
    promise: str
    risk: datetime
    missed: datetime


@dataclass(frozen=True, slots=True)
class TeamNow:
    """`oldest`: since when the first of the queue waits. `turn`: it is an agent's turn; `on_contact`: it waits for the
    citizen. `at_risk` and `missed` count the promised responses."""

    team: str | None
    waiting: int
    urgent: int
    oldest: datetime | None
    turn: int
    on_contact: int
    at_risk: int
    missed: int


@dataclass(frozen=True, slots=True)
class AgentNow:
    """`seen_at`: the last input of a session that is still valid; None if there is none."""

    id: UUID
    name: str
    teams: tuple[str, ...]
    seen_at: datetime | None
    turn: int
    on_contact: int


async def list_teams(executor: Executor, scope: Scope, cutoffs: Sequence[Cutoff]) -> list[TeamNow]:
    """One row for each team that has an open conversation with people, within the scope."""
    rows = await executor.fetch(
        f"""WITH here AS (
               SELECT v.id, v.team, v.state, v.urgency IS NOT NULL AS urgent, v.queued_at FROM conversations v
               WHERE {VISIBLE} AND v.state IN ('queued', 'assigned', 'waiting_on_contact')),
           waits AS (
               SELECT h.team, h.state, h.urgent, h.queued_at,
                      h.state = 'assigned' AND NOT (h.queued_at IS NOT NULL AND coalesce(u.since <= h.queued_at, true))
                          AS following,
                      u.since
               FROM here h LEFT JOIN LATERAL (
                   SELECT min(created_at) AS since FROM messages
                   WHERE h.state = 'assigned' AND conversation_id = h.id AND author = 'contact' AND seq > coalesce((
                       SELECT max(seq) FROM messages WHERE conversation_id = h.id AND author = 'agent'), 0)) u
                   ON true),
           late AS (
               SELECT w.*, CASE WHEN w.following THEN w.since ELSE w.queued_at END AS began, c.risk, c.missed
               FROM waits w LEFT JOIN unnest($4::text[], $5::bool[], $6::text[], $7::timestamptz[], $8::timestamptz[])
                   AS c (team, urgent, promise, risk, missed)
               ON w.state <> 'waiting_on_contact' AND coalesce(c.team, '') = coalesce(w.team, '') AND c.urgent = w.urgent
                   AND c.promise = CASE WHEN w.following THEN 'next_response' ELSE 'first_response' END)
           SELECT team, count(*) FILTER (WHERE state = 'queued') AS waiting,
                  count(*) FILTER (WHERE state = 'queued' AND urgent) AS urgent,
                  min(queued_at) FILTER (WHERE state = 'queued') AS oldest,
                  count(*) FILTER (WHERE state = 'assigned') AS turn,
                  count(*) FILTER (WHERE state = 'waiting_on_contact') AS on_contact,
                  count(*) FILTER (WHERE began < risk AND NOT began < missed) AS at_risk,
                  count(*) FILTER (WHERE began < missed) AS missed
           FROM late GROUP BY team ORDER BY team NULLS LAST""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        [one.team for one in cutoffs],
        [one.urgent for one in cutoffs],
        [one.promise for one in cutoffs],
        [one.risk for one in cutoffs],
        [one.missed for one in cutoffs],
    )
    return [TeamNow(**dict(row)) for row in rows]


async def list_agents(executor: Executor, scope: Scope, now: datetime) -> list[AgentNow]:
    """Active people who answer and are signed in, or have a conversation; with a scope of teams: those of one of them, and what
    they have within the scope."""
    rows = await executor.fetch(
        f"""SELECT a.id, a.name, a.teams, s.seen_at, coalesce(h.turn, 0) AS turn, coalesce(h.on_contact, 0) AS on_contact
           FROM agents a
           LEFT JOIN (SELECT agent_id, max(last_seen) AS seen_at FROM agent_sessions
                      WHERE expires_at > $4 GROUP BY agent_id) s ON s.agent_id = a.id
           LEFT JOIN (SELECT agent_id, count(*) FILTER (WHERE state = 'assigned') AS turn,
                             count(*) FILTER (WHERE state = 'waiting_on_contact') AS on_contact
                      FROM conversations v WHERE {VISIBLE} AND state IN ('assigned', 'waiting_on_contact')
                      GROUP BY agent_id) h ON h.agent_id = a.id
           WHERE a.active AND ($1 OR a.teams && $2::text[]) AND (
               s.seen_at IS NOT NULL AND a.role IN ('agent', 'supervisor') OR h.agent_id IS NOT NULL)
           ORDER BY a.name, a.id""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        now,
    )
    return [AgentNow(**{**dict(row), "teams": tuple(row["teams"])}) for row in rows]


async def list_of_agent(executor: Executor, scope: Scope, agent_id: UUID) -> list[tuple[UUID, str]]:
    """(conversation, state) of what this agent has, within the scope."""
    rows = await executor.fetch(
        f"""SELECT v.id, v.state FROM conversations v
            WHERE {VISIBLE} AND v.agent_id = $4 AND v.state IN ('assigned', 'waiting_on_contact')
            ORDER BY v.updated_at DESC LIMIT 50""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        agent_id,
    )
    return [(row["id"], row["state"]) for row in rows]
