"""The open and the resolved conversations, limited to what each agent may see. The desk's own list: desk_rows.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.model import ConversationState, Scope
from desk.store.dialogue import standing
from desk.store.pool import Executor

Tab = Literal["open", "resolved"]

# $1 everything?, $2 teams, $3 the agent. A queued conversation without a team is visible to every agent; one
# that the bot still owns is visible to none.
VISIBLE = """($1 OR v.agent_id = $3 OR v.team = ANY($2) OR (v.team IS NULL AND v.state = 'queued'))"""

_WHICH = {
    "open": "v.state <> 'resolved'",
    "resolved": "v.state = 'resolved'",
}
_ORDER = {
    "open": "v.updated_at DESC",
    "resolved": "v.resolved_at DESC",
}
# All places at once: counted for each row alone, every row reads its whole queue.
_PLACES = {
    "open": f"""SELECT v.id, row_number() OVER (PARTITION BY v.team ORDER BY {standing.SERVED}) AS place
                FROM conversations v WHERE v.state = 'queued'""",  # noqa: S608  (our own constants)
    "resolved": "SELECT NULL::uuid AS id, NULL::bigint AS place",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list. `last_text` is what the citizen wrote last, or what was said last if they wrote nothing. `place` is
    1 for the next in its team's queue, None if it is not queued."""

    id: UUID
    inbox: str
    state: ConversationState
    team: str | None
    language: str
    contact_name: str | None
    agent_name: str | None
    mine: bool
    reason: str | None
    summary: str | None
    place: int | None
    queued_at: datetime | None
    updated_at: datetime
    resolved_at: datetime | None
    last_text: str
    urgency: str | None


@dataclass(frozen=True, slots=True)
class ChangeMark:
    """Changes whenever anything about this conversation does."""

    id: UUID
    state: ConversationState
    updated_at: datetime
    last_seq: int


async def list_page(executor: Executor, scope: Scope, tab: Tab, limit: int = 100) -> list[Listed]:
    """The conversations of one tab that are within `scope`."""
    rows = await executor.fetch(
        f"""
        WITH page AS MATERIALIZED (
            SELECT v.id FROM conversations v WHERE {VISIBLE} AND {_WHICH[tab]} ORDER BY {_ORDER[tab]} LIMIT {int(limit)}),
        places AS ({_PLACES[tab]})
        SELECT v.id, v.inbox, v.state, v.team, v.language, c.name AS contact_name, a.name AS agent_name,
               coalesce(v.agent_id = $3, false) AS mine, v.handoff_reason AS reason, v.handoff_summary AS summary,
               p.place, v.queued_at, v.updated_at, v.resolved_at,
               coalesce(m.text, '') AS last_text, v.urgency
        FROM page JOIN conversations v ON v.id = page.id JOIN contacts c ON c.id = v.contact_id
        LEFT JOIN agents a ON a.id = v.agent_id LEFT JOIN places p ON p.id = v.id
        LEFT JOIN LATERAL (SELECT left(text, 300) AS text FROM messages
                           WHERE conversation_id = v.id AND text <> ''
                           ORDER BY (author = 'contact') DESC, seq DESC LIMIT 1) m ON true
        ORDER BY {_ORDER[tab]}
        """,  # noqa: S608  (all parts are this file's own)
        *scope_values(scope),
    )
    return [Listed(**dict(row)) for row in rows]


async def is_visible(executor: Executor, scope: Scope, conversation_id: UUID) -> bool:
    """Whether this conversation is within `scope`."""
    seen: bool = await executor.fetchval(
        f"SELECT EXISTS (SELECT 1 FROM conversations v WHERE {VISIBLE} AND v.id = $4)",  # noqa: S608  (our own constants)
        *scope_values(scope),
        conversation_id,
    )
    return seen


async def list_changed(executor: Executor, scope: Scope, since: datetime) -> list[ChangeMark]:
    """Visible conversations that changed since then, and those whose contact's log may have grown. Two
    queries, each using an index: a single condition with OR is planned for any `since` and reads the whole
    table."""
    rows = await executor.fetch(
        f"""SELECT v.id, v.state, v.updated_at, c.last_seq
            FROM (
                (SELECT v.id, v.state, v.updated_at, v.contact_id FROM conversations v
                 WHERE {VISIBLE} AND v.updated_at > $4 ORDER BY v.updated_at DESC LIMIT 500)
                UNION
                (SELECT v.id, v.state, v.updated_at, v.contact_id FROM conversations v
                 WHERE {VISIBLE} AND v.state IN ('queued', 'assigned', 'waiting_on_contact')
                 ORDER BY v.updated_at DESC LIMIT 500)
            ) v JOIN contacts c ON c.id = v.contact_id
            ORDER BY v.updated_at DESC LIMIT 500""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        since,
    )
    return [ChangeMark(**dict(row)) for row in rows]


async def list_others_of_contact(
    executor: Executor, scope: Scope, contact_id: UUID, limit: int = 20
) -> Sequence[tuple[UUID, ConversationState, datetime]]:
    """This contact's conversations within `scope`, newest first: id, state, start."""
    rows = await executor.fetch(
        f"""SELECT v.id, v.state, v.created_at FROM conversations v
            WHERE {VISIBLE} AND v.contact_id = $4 ORDER BY v.created_at DESC LIMIT $5""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        contact_id,
        limit,
    )
    return [(row["id"], row["state"], row["created_at"]) for row in rows]


def scope_values(scope: Scope) -> tuple[bool, list[str], UUID]:
    """The first three parameters of any statement that contains VISIBLE."""
    return scope.everything, list(scope.teams), scope.agent_id
