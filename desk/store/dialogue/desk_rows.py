"""The rows of the agents' desk: urgent conversations, the agent's own, and those that wait."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import ConversationState, Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.dialogue.standing import SERVED
from desk.store.pool import Executor
from desk.store.replies.snoozes import SNOOZED

_URGENT = "(v.urgency IS NOT NULL)"
_WAITING = "v.state = 'queued' AND v.urgency IS NULL"

FILTERS = ("language", "inbox", "reason", "team", "tag")
"""What a list of waiting conversations can be narrowed by."""
_COMPARED = {
    "language": "v.language = {}",
    "inbox": "v.inbox = {}",
    "reason": "v.handoff_reason = {}",
    "team": "v.team = {}",
    "tag": "EXISTS (SELECT 1 FROM conversation_tags g WHERE g.conversation_id = v.id AND g.tag = {})",
}

# `since`: the citizen's first message after the last agent's, so what an agent still has to answer.
_UNANSWERED = """(SELECT count(*) AS unanswered, min(created_at) AS since FROM messages
    WHERE conversation_id = v.id AND author = 'contact' AND seq > coalesce((
        SELECT max(seq) FROM messages WHERE conversation_id = v.id AND author = 'agent'), 0)) u"""
_MINE_FIRST = f"{SNOOZED}, (v.state = 'waiting_on_contact'), coalesce(u.since, v.updated_at), v.id"
_COLUMNS = f"""
    v.id, v.inbox, v.state, v.team, v.language, f.language AS foreign, c.name AS contact_name, a.name AS agent_name,
    v.handoff_reason AS reason, v.urgency, v.priority, v.handoff_summary AS summary, v.queued_at, v.updated_at,
    CASE WHEN v.state <> 'bot' AND v.topic = ANY ($4) THEN v.topic ELSE t.intent END AS topic,
    coalesce(m.text, '') AS last_text,
    u.unanswered, u.since,
    EXISTS (SELECT FROM conversation_holds h WHERE h.conversation_id = v.id AND h.over_at IS NULL) AS held,
    ARRAY(SELECT g.tag FROM conversation_tags g WHERE g.conversation_id = v.id ORDER BY g.tag) AS tags,
    {SNOOZED} AS snoozed"""  # noqa: S608  (our own constants)
_FROM = f"""
    FROM page JOIN conversations v ON v.id = page.id
    JOIN contacts c ON c.id = v.contact_id LEFT JOIN agents a ON a.id = v.agent_id
    LEFT JOIN LATERAL (SELECT left(w.text, 200) AS text FROM messages w LEFT JOIN turns k ON k.message_id = w.id
                       WHERE w.conversation_id = v.id AND w.author = 'contact' AND w.text <> ''
                         AND NOT w.content ? 'button'
                       ORDER BY coalesce(k.intent, '') IN ('talk_to_person', 'greet', 'thanks', 'affirm', 'deny'),
                                w.seq DESC LIMIT 1) m ON true
    LEFT JOIN LATERAL (SELECT intent FROM turns WHERE conversation_id = v.id AND outcome = 'answered'
                       AND intent = ANY ($4) ORDER BY created_at DESC LIMIT 1) t ON true
    LEFT JOIN LATERAL (SELECT parse->>'foreign' AS language FROM turns WHERE conversation_id = v.id
                       AND parse->>'foreign' IS NOT NULL ORDER BY created_at DESC LIMIT 1) f ON true
    CROSS JOIN LATERAL {_UNANSWERED}"""  # noqa: S608  (our own constants)

_NEXT = f"""SELECT v.id, v.contact_id, v.team FROM conversations v WHERE {VISIBLE} AND v.state = 'queued' AND NOT EXISTS (
    SELECT 1 FROM conversation_offers o WHERE o.conversation_id = v.id AND o.outcome IS NULL AND o.agent_id <> $3)
    ORDER BY {SERVED}"""  # noqa: S608  (our own constants)
MOST_AT_ONCE = 100
"""Agents who claim the next conversation at the same moment; the one after them is told that nobody waits."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One conversation of the list. `unanswered` counts the citizen's messages since the last agent's, `since`
    is when the first of them was written. `last_text` is what the citizen typed last, if
    possible something that says more than a wish for a person. `held`: the citizen asked to be written to. `topic` is the
    intent by which the team was chosen, or of the last question that the bot answered. `foreign` is the language in
    which the citizen wrote last, if the city does not speak it."""

    id: UUID
    inbox: str
    state: ConversationState
    team: str | None
    language: str
    foreign: str | None
    contact_name: str | None
    agent_name: str | None
    reason: str | None
    urgency: str | None
    priority: int
    summary: str | None
    queued_at: datetime | None
    updated_at: datetime
    topic: str | None
    last_text: str
    unanswered: int
    since: datetime | None
    tags: list[str]
    snoozed: bool
    held: bool

    @property
    def urgent(self) -> bool:
        """Whether life or limb may be in danger."""
        return self.urgency is not None


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many are urgent and unclaimed, wait, are the agent's own, and are the agent's own and unanswered; how many
    are offered to the agent, and how many urgent ones were unclaimed for so long that supervisors are called."""

    urgent: int
    waiting: int
    mine: int
    unanswered: int
    paged: int
    offered: int

    @property
    def acts(self) -> int:
        """How many conversations need this agent to do something."""
        return self.unanswered + self.offered


async def list_urgent(executor: Executor, scope: Scope, topics: list[str], limit: int = 50) -> list[DeskRow]:
    """Unclaimed conversations in which somebody may be in danger, in the order of the queue. `topics`: the
    intents that name a subject."""
    page = f"SELECT v.id FROM conversations v WHERE {VISIBLE} AND v.state = 'queued' AND {_URGENT}"  # noqa: S608  (our own constants)
    return await _list(executor, scope, topics, page, SERVED, [], limit)


async def list_mine(executor: Executor, scope: Scope, topics: list[str], limit: int = 50) -> list[DeskRow]:
    """The agent's own: the longest unanswered first, then those that wait for the citizen, then those put aside."""
    page = f"""SELECT v.id FROM conversations v CROSS JOIN LATERAL {_UNANSWERED}
               WHERE {VISIBLE} AND v.agent_id = $3 AND v.state IN ('assigned', 'waiting_on_contact')"""  # noqa: S608  (our own constants)
    return await _list(executor, scope, topics, page, _MINE_FIRST, [], limit)


async def list_offered(executor: Executor, scope: Scope, topics: list[str], limit: int = 50) -> list[DeskRow]:
    """Those that are offered to the agent."""
    page = f"""SELECT v.id FROM conversation_offers o JOIN conversations v ON v.id = o.conversation_id
               WHERE {VISIBLE} AND o.agent_id = $3 AND o.outcome IS NULL"""  # noqa: S608  (our own constants)
    return await _list(executor, scope, topics, page, "v.id", [], limit)


async def list_subjects(
    executor: Executor, ids: Iterable[UUID], topics: list[str]
) -> dict[UUID, tuple[str | None, str | None]]:
    """What these conversations are about: the danger, and an intent of `topics`, as `DeskRow.topic` has it."""
    rows = await executor.fetch(
        """SELECT v.id, v.urgency, CASE WHEN v.state <> 'bot' AND v.topic = ANY ($2) THEN v.topic ELSE t.intent END AS topic
           FROM conversations v
           LEFT JOIN LATERAL (SELECT intent FROM turns WHERE conversation_id = v.id AND outcome = 'answered'
                              AND intent = ANY ($2) ORDER BY created_at DESC LIMIT 1) t ON true
           WHERE v.id = ANY ($1)""",
        list(ids),
        topics,
    )
    return {row["id"]: (row["urgency"], row["topic"]) for row in rows}


async def list_waiting(
    executor: Executor,
    scope: Scope,
    topics: list[str],
    filters: Mapping[str, str],
    limit: int,
    offset: int = 0,
) -> list[DeskRow]:
    """One page of those that wait and are not urgent, in the order of the queue. `filters`: see FILTERS."""
    filtered, values = _filtered(filters, 6)
    page = f"SELECT v.id FROM conversations v WHERE {VISIBLE} AND {_WAITING}{filtered}"  # noqa: S608  (FILTERS has the SQL; the values are parameters)
    return await _list(executor, scope, topics, page, SERVED, values, limit, offset)


async def count_waiting(executor: Executor, scope: Scope, filters: Mapping[str, str]) -> int:
    """How many wait with these filters, without the urgent ones."""
    filtered, values = _filtered(filters, 4)
    counted: int = await executor.fetchval(
        f"SELECT count(*) FROM conversations v WHERE {VISIBLE} AND {_WAITING}{filtered}",  # noqa: S608  (as above)
        *scope_values(scope),
        *values,
    )
    return counted


async def list_waiting_ids(
    executor: Executor, scope: Scope, filters: Mapping[str, str], limit: int
) -> list[UUID]:
    """Those that wait with these filters and are not urgent, the longest wait first."""
    filtered, values = _filtered(filters, 5)
    rows = await executor.fetch(
        f"""SELECT v.id FROM conversations v WHERE {VISIBLE} AND {_WAITING}{filtered}
            ORDER BY v.queued_at, v.id LIMIT $4""",  # noqa: S608  (as above)
        *scope_values(scope),
        limit,
        *values,
    )
    return [row["id"] for row in rows]


async def list_next(executor: Executor, scope: Scope, limit: int) -> list[UUID]:
    """The conversations to claim next, in the order in which they are served, without those that are being offered
    to a colleague."""
    rows = await executor.fetch(f"{_NEXT} LIMIT $4", *scope_values(scope), limit)
    return [row["id"] for row in rows]


async def lock_next(executor: Executor, scope: Scope) -> tuple[UUID, UUID, str | None] | None:
    """The first of `list_next` that nobody else is about to claim, kept for this transaction, its contact, which
    is locked, and its team; None if there is none. Agents who press "Next" at the same moment get different ones, and none of them waits for another's
    claim. But it waits for a citizen who writes at this moment: they keep their place."""
    row = await executor.fetchrow(
        f"""SELECT n.id, n.contact_id, n.team FROM (
                SELECT w.* FROM ({_NEXT} LIMIT {MOST_AT_ONCE}) w
                WHERE pg_try_advisory_xact_lock(hashtextextended('claim ' || w.id, 0)) LIMIT 1) n
            JOIN contacts c ON c.id = n.contact_id FOR NO KEY UPDATE OF c""",  # noqa: S608  (our own constants)
        *scope_values(scope),
    )
    return (row["id"], row["contact_id"], row["team"]) if row else None


async def get_next_of_mine(executor: Executor, agent_id: UUID, other_than: UUID) -> UUID | None:
    """The agent's conversation that has been unanswered longest, other than this one."""
    found: UUID | None = await executor.fetchval(
        f"""SELECT v.id FROM conversations v CROSS JOIN LATERAL {_UNANSWERED}
           WHERE v.agent_id = $1 AND v.state = 'assigned' AND v.id <> $2 AND NOT {SNOOZED}
           ORDER BY coalesce(u.since, v.updated_at) LIMIT 1""",  # noqa: S608  (our own constants)
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
                   count(*) FILTER (WHERE v.agent_id = $3 AND v.state = 'assigned' AND NOT {SNOOZED}) AS unanswered,
                   count(*) FILTER (WHERE v.state = 'queued' AND v.paged_at IS NOT NULL) AS paged,
                   (SELECT count(*) FROM conversation_offers o WHERE o.agent_id = $3 AND o.outcome IS NULL) AS offered
            FROM conversations v
            WHERE {VISIBLE} AND v.state IN ('queued', 'assigned', 'waiting_on_contact')""",  # noqa: S608  (our own constants)
        *scope_values(scope),
    )
    return DeskCounts(**dict(row))


async def _list(
    executor: Executor,
    scope: Scope,
    topics: list[str],
    which: str,
    order: str,
    values: list[str],
    limit: int,
    offset: int = 0,
) -> list[DeskRow]:
    """First the ids of the page, then what is shown of them: thousands may wait, and each row has many parts. The
    limit stands in the statement itself: a plan for any limit prepares for thousands of rows."""
    rows = await executor.fetch(
        f"""WITH page AS MATERIALIZED ({which} ORDER BY {order} LIMIT {int(limit)} OFFSET $5)
            SELECT {_COLUMNS} {_FROM} ORDER BY {order}""",
        *scope_values(scope),
        topics,
        offset,
        *values,
    )
    return [DeskRow(**dict(row)) for row in rows]


def _filtered(filters: Mapping[str, str], first: int) -> tuple[str, list[str]]:
    """The conditions of these filters, to add to others, and the values of their parameters from `first` on. Only
    filters that are set: a plan for any of them could use no index."""
    chosen = [name for name in FILTERS if filters.get(name)]
    conditions = (_COMPARED[name].format(f"${place}") for place, name in enumerate(chosen, first))
    return "".join(f" AND {one}" for one in conditions), [filters[name] for name in chosen]
