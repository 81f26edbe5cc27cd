"""What agents are told about a conversation that was handed off."""

from uuid import UUID

from desk.store.pool import Executor


async def add_to_summary(executor: Executor, conversation_id: UUID, lines: str, longest: int = 4000) -> None:
    """Add lines to what an agent is told of a conversation that has a person already."""
    await executor.execute(
        """UPDATE conversations SET handoff_summary = left(concat_ws(E'\n', nullif(handoff_summary, ''), $2::text), $3)
           WHERE id = $1 AND state <> 'resolved'""",
        conversation_id,
        lines,
        longest,
    )


async def list_summaries(executor: Executor, contact_id: UUID) -> list[tuple[UUID, str]]:
    """The summaries of the contact's conversations, by conversation."""
    rows = await executor.fetch(
        "SELECT id, handoff_summary FROM conversations WHERE contact_id = $1 AND handoff_summary <> ''",
        contact_id,
    )
    return [(row["id"], row["handoff_summary"]) for row in rows]


async def set_summary(executor: Executor, conversation_id: UUID, summary: str) -> None:
    """Replace what agents are told of a conversation."""
    await executor.execute(
        "UPDATE conversations SET handoff_summary = $2 WHERE id = $1", conversation_id, summary
    )
