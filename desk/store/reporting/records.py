"""One record for each conversation that was opened in a period: its transitions and messages, from which facts are computed.

Read from `conversation_transitions`, so a conversation whose contact was erased is still counted; data that only its messages
contained is then unknown (None).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.model import Scope
from desk.store.pool import Executor

MOST = 100_000
"""Conversations in one report."""
AGAIN_DAYS = 7
"""A new contact within so many days after the end means that it was not settled."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of state or owner, as `conversation_transitions` has it. `state` is None for an erasure."""

    at: datetime
    state: str | None
    team: str | None
    agent_id: UUID | None
    kind: str
    why: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """When the citizen ("contact") or an agent began to write: each run of messages by one of them counts once."""

    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class Record:
    """`erased`: the contact's data is gone. `answered`: the bot answered at least once. `agent_messages` counts what
    people of the city wrote. `again`: the same person opened another conversation, on any channel, within AGAIN_DAYS
    after the end. `scores`: what quality reviews gave it, in percent."""

    id: UUID
    inbox: str
    opened_at: datetime
    erased: bool
    language: str | None
    urgent: bool
    topic: str | None
    answered: bool | None
    agent_messages: int | None
    again: bool | None
    disputed: bool | None
    asked_at: datetime | None
    rating: int | None
    moves: tuple[Move, ...]
    words: tuple[Words, ...]
    scores: tuple[int, ...] = ()


async def list_records(
    executor: Executor, scope: Scope, start: datetime, end: datetime, topics: Sequence[str]
) -> list[Record]:
    """Those opened from `start` until before `end`, oldest first, MOST of them at most, without those that were merged into
    another. `topics`: the intents that name
    a subject. With a scope of teams: those that belonged to one of them last."""
    rows = await executor.fetch(
        f"""SELECT o.conversation_id AS id, o.inbox, o.at AS opened_at, v.id IS NULL AS erased, v.language,
                  coalesce(v.urgency IS NOT NULL, false) AS urgent, k.topic, k.answered,
                  w.agent_messages, r.again, x.disputed, s.asked_at, s.rating, m.ats, m.states, m.teams, m.agents, m.kinds, m.whys,
                  m.reasons, w.said_at, w.authors, q.scores
           FROM (SELECT conversation_id, inbox, min(at) AS at FROM conversation_transitions
                 WHERE from_state IS NULL AND at >= $1 AND at < $2
                 GROUP BY conversation_id, inbox ORDER BY min(at) LIMIT {MOST}) o
           CROSS JOIN LATERAL (
               SELECT array_agg(at ORDER BY id) AS ats, array_agg(to_state ORDER BY id) AS states,
                      array_agg(to_team ORDER BY id) AS teams, array_agg(to_agent_id ORDER BY id) AS agents,
                      array_agg(actor_kind ORDER BY id) AS kinds, array_agg(why ORDER BY id) AS whys,
                      array_agg(reason ORDER BY id) AS reasons,
                      (array_agg(to_team ORDER BY id DESC) FILTER (WHERE to_team IS NOT NULL))[1] AS team,
                      max(at) FILTER (WHERE to_state = 'resolved') AS resolved_at
               FROM conversation_transitions WHERE conversation_id = o.conversation_id) m
           LEFT JOIN conversations v ON v.id = o.conversation_id
           LEFT JOIN surveys s ON s.conversation_id = v.id
           LEFT JOIN LATERAL (
               SELECT bool_or(outcome = 'answered' AND took_ms IS NOT NULL) AS answered,
                      (array_agg(intent ORDER BY created_at DESC)
                       FILTER (WHERE outcome = 'answered' AND intent = ANY ($3)))[1] AS topic
               FROM turns WHERE conversation_id = v.id) k ON true
           LEFT JOIN LATERAL (
               SELECT sum(agent_messages)::int AS agent_messages,
                      array_agg(created_at ORDER BY seq) FILTER (WHERE first) AS said_at,
                      array_agg(author ORDER BY seq) FILTER (WHERE first) AS authors
               FROM (SELECT created_at, author, seq, (author = 'agent')::int AS agent_messages,
                            author IS DISTINCT FROM lag(author) OVER (ORDER BY seq) AS first
                     FROM messages WHERE conversation_id = v.id AND author IN ('contact', 'agent')) said) w ON true
           LEFT JOIN LATERAL (
               SELECT bool_or(c.answer IS NOT DISTINCT FROM 'not_fixed') AS disputed
               FROM closure_checks c JOIN service_requests q ON q.id = c.request_id
               WHERE q.conversation_id = v.id) x ON true
           LEFT JOIN LATERAL (
               SELECT array_agg(score ORDER BY created_at) AS scores FROM quality_reviews
               WHERE conversation_id = v.id) q ON true
           LEFT JOIN LATERAL (
               SELECT EXISTS (
                   SELECT FROM conversations n WHERE n.contact_id = v.contact_id AND n.id <> v.id
                   AND n.created_at > m.resolved_at AND n.created_at <= m.resolved_at + interval '{AGAIN_DAYS} days')
               OR EXISTS (
                   SELECT FROM contacts c JOIN contacts p ON p.person_id = c.person_id AND p.id <> c.id
                   JOIN conversations n ON n.contact_id = p.id
                   WHERE c.id = v.contact_id
                   AND n.created_at > m.resolved_at AND n.created_at <= m.resolved_at + interval '{AGAIN_DAYS} days')
               AS again WHERE v.id IS NOT NULL) r ON true
           WHERE ($4 OR m.team = ANY ($5)) AND v.merged_into IS NULL
           ORDER BY o.at, o.conversation_id""",  # noqa: S608  (our own constants)
        start,
        end,
        list(topics),
        scope.everything,
        list(scope.teams),
    )
    return [_record(dict(row)) for row in rows]


def _record(row: dict[str, Any]) -> Record:
    moves = zip(
        *(row.pop(name) for name in ("ats", "states", "teams", "agents", "kinds", "whys", "reasons")),
        strict=True,
    )
    words = zip(row.pop("said_at") or (), row.pop("authors") or (), strict=True)
    erased = row["erased"]
    row["agent_messages"] = None if erased else row["agent_messages"] or 0
    row["answered"] = None if erased else bool(row["answered"])
    row["scores"] = tuple(row["scores"] or ())
    return Record(
        **row,
        moves=tuple(Move(*one) for one in moves),
        words=tuple(Words(*one) for one in words),
    )
