"""Checks that each message that needs an agent's answer is marked in the agent's list, and was claimed once."""

import re
from collections.abc import Collection
from uuid import UUID

from desk.store.pool import Store

MARKED_WITHIN = 10.0
"""Seconds until a message must be marked in the list of its agent."""
_UNREAD = re.compile(r'<li class="entry[^"]*\bunread\b[^"]*" data-conversation="([0-9a-f-]{36})"')

_OWED = """
    SELECT v.id FROM conversations v WHERE v.agent_id = $1 AND v.state = 'assigned' AND EXISTS (
        SELECT 1 FROM messages m WHERE m.conversation_id = v.id AND m.author = 'contact' AND m.seq > coalesce((
            SELECT max(seq) FROM messages WHERE conversation_id = v.id AND author = 'agent'), 0))"""


def unread_in(page: str) -> list[str]:
    """The conversations that the list marks as unread, in its order."""
    mine = page.partition('data-entries="mine"')[2].partition("</ol>")[0]
    return _UNREAD.findall(mine)


class Marks:
    """`compared` counts the messages that were looked for, `missing` has those without a mark."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.compared = 0
        self.missing: list[str] = []

    async def owed(self, agent_id: UUID) -> set[str]:
        """The agent's conversations with a message of the citizen that the agent has not answered."""
        return {str(row["id"]) for row in await self._store.pool.fetch(_OWED, agent_id)}

    async def compare(self, agent_id: UUID, owed: set[str], marked: Collection[str]) -> None:
        """What was owed before the list was read, and still is after it, must be marked in it."""
        still = owed & await self.owed(agent_id) if owed - set(marked) else owed
        self.compared += len(still)
        self.missing += [f"agent {agent_id}: {id}" for id in still - set(marked)]


async def claimed_twice(store: Store, claims: Collection[tuple[str, UUID]]) -> int:
    """How often an agent was given a conversation that another was given too, without it having been free again between:
    more claims were shown than transitions say that there were."""
    rows = await store.pool.fetch(
        "SELECT conversation_id, count(*) AS times FROM conversation_transitions WHERE why = 'claimed' GROUP BY 1"
    )
    times = {row["conversation_id"]: row["times"] for row in rows}
    shown: dict[UUID, set[str]] = {}
    for agent, id in claims:
        shown.setdefault(id, set()).add(agent)
    return sum(max(0, len(agents) - times.get(id, 0)) for id, agents in shown.items())


async def count_left(store: Store) -> dict[str, int]:
    """How many conversations wait, or have a message without an answer, after everybody was served."""
    rows = await store.pool.fetch(
        """SELECT state, count(*) FROM conversations WHERE state IN ('queued', 'assigned') GROUP BY state"""
    )
    return {row["state"]: row["count"] for row in rows}
