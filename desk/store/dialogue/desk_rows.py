"""The rows of the agents' desk: urgent conversations, the agent's own, and those that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import ConversationState, Scope
from desk.store.dialogue.listing import VISIBLE, who
from desk.store.pool import Executor

_URGENT = "(v.urgency IS NOT NULL)"
_WAITING = "v.state = 'queued' AND v.urgency IS NULL"

FILTERS = ("language", "inbox", "reason", "team")
"""What a list of waiting conversations can be narrowed by."""
_FILTERED = """($4::text IS NULL OR v.language = $4) AND ($5::text IS NULL OR v.inbox = $5)
    AND ($6::text IS NULL OR v.handoff_reason = $6) AND ($7::text IS NULL OR v.team = $7)"""

# `since`: the citizen's first message after the last agent's, so what an agent still has to answer.
_COLUMNS = """
    v.id, v.inbox, v.state, v.team, v.language, c.name AS contact_name, a.name AS agent_name,
    v.handoff_reason AS reason, v.urgency, v.handoff_summary AS summary, v.queued_at, v.updated_at,
    t.intent AS topic, coalesce(m.text, '') AS last_text,
    u.unanswered, u.since"""
_FROM = """
    FROM conversations v JOIN contacts c ON c.id = v.contact_id LEFT JOIN agents a ON a.id = v.agent_id
    LEFT JOIN LATERAL (SELECT left(w.text, 200) AS text FROM messages w LEFT JOIN turns k ON k.message_id = w.id
                       WHERE w.conversation_id = v.id AND w.author = 'contact' AND w.text <> ''
                         AND NOT w.content ? 'button'
                       ORDER BY coalesce(k.intent, '') IN ('talk_to_person', 'greet', 'thanks', 'affirm', 'deny'),
                                w.seq DESC LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT intent FROM turns WHERE conversation_id = v.id AND outcome = 'answered'
                       AND intent = ANY ($8) ORDER BY created_at DESC LIMIT 1) t ON true
    LEFT JOIN LATERAL (SELECT count(*) AS unanswered, min(created_at) AS since FROM messages
                       WHERE conversation_id = v.id AND author = 'contact' AND seq > coalesce((
                           SELECT max(seq) FROM messages WHERE conversation_id = v.id AND author = 'agent'), 0)) u ON true"""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One conversation of the list. `unanswered` counts the citizen's messages since the last agent's, `since`
    is when the first of them was written. `last_text` is what the citizen typed last, if
    possible something that says more than a wish for a person. `topic` is the intent of the last question that the bot answered."""

    id: UUID
    inbox: str
    state: ConversationState
    team: str | None
    language: str
    contact_name: str | None
    agent_name: str | None
    reason: str | None
    urgency: str | None
    summary: str | None
    queued_at: datetime | None
    updated_at: datetime
    topic: str | None
    last_text: str
    unanswered: int
    since: datetime | None

    @property
    def urgent(self) -> bool:
        """Whether life or limb may be in danger."""
        return self.urgency is not None


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many are urgent and unclaimed, wait, are the agent's own, and are the agent's own and unanswered."""

    urgent: int
    waiting: int
    mine: int
    unanswered: int


async def list_urgent(executor: Executor, scope: Scope, topics: list[str], limit: int = 50) -> list[DeskRow]:
    """Unclaimed conversations in which somebody may be in danger, the longest wait first. `topics`: the
    intents that name a subject."""
    return await _list(
        executor, scope, topics, f"v.state = 'queued' AND {_URGENT}", "v.queued_at, v.id", {}, limit
    )


async def list_mine(executor: Executor, scope: Scope, topics: list[str], limit: int = 50) -> list[DeskRow]:
    """The agent's own: the longest unanswered first, then those that wait for the citizen."""
    return await _list(
        executor,
        scope,
        topics,
        "v.agent_id = $3 AND v.state IN ('assigned', 'waiting_on_contact')",
        "(v.state = 'waiting_on_contact'), coalesce(u.since, v.updated_at), v.id",
        {},
        limit,
    )


async def list_waiting(
    executor: Executor,
    scope: Scope,
    topics: list[str],
    filters: Mapping[str, str],
    limit: int,
    offset: int = 0,
) -> list[DeskRow]:
    """One page of those that wait and are not urgent, the longest wait first. `filters`: see FILTERS."""
    return await _list(executor, scope, topics, _WAITING, "v.queued_at, v.id", filters, limit, offset)


_SERVED = "v.urgency IS NULL, v.queued_at, v.id"  # as standing.AHEAD


async def count_waiting(executor: Executor, scope: Scope, filters: Mapping[str, str]) -> int:
    """How many wait with these filters, without the urgent ones."""
    counted: int = await executor.fetchval(
        f"SELECT count(*) FROM conversations v WHERE {VISIBLE} AND {_WAITING} AND {_FILTERED}",  # noqa: S608
        *who(scope),
        *_values(filters),
    )
    return counted


async def list_next(executor: Executor, scope: Scope, limit: int) -> list[UUID]:
    """The conversations to claim next, in the order in which they are served."""
    rows = await executor.fetch(
        f"""SELECT v.id FROM conversations v WHERE {VISIBLE} AND v.state = 'queued'
            ORDER BY {_SERVED} LIMIT $4""",  # noqa: S608
        *who(scope),
        limit,
    )
    return [row["id"] for row in rows]


async def get_next_of_mine(executor: Executor, agent_id: UUID, other_than: UUID) -> UUID | None:
    """The agent's conversation that has been unanswered longest, other than this one."""
    found: UUID | None = await executor.fetchval(
        """SELECT v.id FROM conversations v CROSS JOIN LATERAL (
               SELECT min(created_at) AS since FROM messages
               WHERE conversation_id = v.id AND author = 'contact' AND seq > coalesce((
                   SELECT max(seq) FROM messages WHERE conversation_id = v.id AND author = 'agent'), 0)) u
           WHERE v.agent_id = $1 AND v.state = 'assigned' AND v.id <> $2
           ORDER BY coalesce(u.since, v.updated_at) LIMIT 1""",
        agent_id,
        other_than,
    )
    return found


async def count_desk(executor: Executor, scope: Scope) -> DeskCounts:
    """The counts for the list, the navigation and the page title."""
    row = await executor.fetchrow(
        f"""SELECT count(*) FILTER (WHERE v.state = 'queued' AND {_URGENT}) AS urgent,
                   count(*) FILTER (WHERE v.state = 'queued') AS waiting,
                   count(*) FILTER (WHERE v.agent_id = $3 AND v.state <> 'queued') AS mine,
                   count(*) FILTER (WHERE v.agent_id = $3 AND v.state = 'assigned') AS unanswered
            FROM conversations v
            WHERE {VISIBLE} AND v.state IN ('queued', 'assigned', 'waiting_on_contact')""",  # noqa: S608
        *who(scope),
    )
    return DeskCounts(**dict(row))


async def _list(
    executor: Executor,
    scope: Scope,
    topics: list[str],
    which: str,
    order: str,
    filters: Mapping[str, str],
    limit: int,
    offset: int = 0,
) -> list[DeskRow]:
    rows = await executor.fetch(
        f"""SELECT {_COLUMNS} {_FROM} WHERE {VISIBLE} AND {which} AND {_FILTERED}
            ORDER BY {order} LIMIT $9 OFFSET $10""",
        *who(scope),
        *_values(filters),
        topics,
        limit,
        offset,
    )
    return [DeskRow(**dict(row)) for row in rows]


def _values(filters: Mapping[str, str]) -> tuple[str | None, ...]:
    return tuple(filters.get(name) or None for name in FILTERS)
