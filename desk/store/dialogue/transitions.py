"""Every change of a conversation's owner or state, in order. Rows are added and never changed. The
statement that changes the conversation also writes the row (`desk/store/dialogue/conversations.py` and
`messages.receive`), so neither exists without the other. A trigger adds the row for any other change.
"""

from uuid import UUID

from desk.model import Transition
from desk.store.pool import Executor

INSERT = """INSERT INTO conversation_transitions (conversation_id, inbox, from_state, from_agent_id, from_team,
    to_state, to_agent_id, to_team, actor_kind, actor_id, why, at)"""
"""To be followed by a SELECT of these values."""

INSERT_REASONED = """INSERT INTO conversation_transitions (conversation_id, inbox, from_state, from_agent_id,
    from_team, to_state, to_agent_id, to_team, actor_kind, actor_id, why, at, reason)"""
"""The same, with the reason of a resolution as the last value."""


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[Transition]:
    """The changes of one conversation, the opening first."""
    rows = await executor.fetch(
        """SELECT id, conversation_id, inbox, from_state, from_agent_id, from_team, to_state, to_agent_id, to_team,
                  actor_kind, actor_id, why, at, reason
           FROM conversation_transitions WHERE conversation_id = $1 ORDER BY id""",
        conversation_id,
    )
    return [Transition(**row) for row in rows]


async def get_last_reason(executor: Executor, conversation_id: UUID) -> str | None:
    """The reason of the last change, which only a resolution has."""
    found: str | None = await executor.fetchval(
        "SELECT reason FROM conversation_transitions WHERE conversation_id = $1 ORDER BY id DESC LIMIT 1",
        conversation_id,
    )
    return found
