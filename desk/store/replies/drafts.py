"""What an agent has typed and not sent: one text for each agent and conversation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """One draft. `contact_name` is None if the citizen gave no name."""

    conversation_id: UUID
    text: str
    updated_at: datetime
    contact_name: str | None


async def set_draft(
    executor: Executor, agent_id: UUID, conversation_id: UUID, text: str, now: datetime
) -> None:
    """Keep this text in the place of the one before."""
    await executor.execute(
        """INSERT INTO reply_drafts (agent_id, conversation_id, text, updated_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (agent_id, conversation_id) DO UPDATE SET text = $3, updated_at = $4""",
        agent_id,
        conversation_id,
        text,
        now,
    )


async def delete_draft(executor: Executor, agent_id: UUID, conversation_id: UUID) -> None:
    """It was sent, or the agent no longer wants it."""
    await executor.execute(
        "DELETE FROM reply_drafts WHERE agent_id = $1 AND conversation_id = $2", agent_id, conversation_id
    )


async def get_text(executor: Executor, agent_id: UUID, conversation_id: UUID) -> str:
    """The agent's draft for this conversation; empty if there is none."""
    found: str | None = await executor.fetchval(
        "SELECT text FROM reply_drafts WHERE agent_id = $1 AND conversation_id = $2",
        agent_id,
        conversation_id,
    )
    return found or ""


async def list_of_agent(executor: Executor, agent_id: UUID, limit: int = 100) -> list[KeptDraft]:
    """The agent's drafts, the newest first: also those of conversations that others have now."""
    rows = await executor.fetch(
        """SELECT d.conversation_id, d.text, d.updated_at, c.name AS contact_name
           FROM reply_drafts d JOIN conversations v ON v.id = d.conversation_id
           JOIN contacts c ON c.id = v.contact_id
           WHERE d.agent_id = $1 ORDER BY d.updated_at DESC LIMIT $2""",
        agent_id,
        limit,
    )
    return [KeptDraft(**dict(row)) for row in rows]


async def delete_old(executor: Executor, before: datetime) -> None:
    """Delete drafts that nobody has touched since then."""
    await executor.execute("DELETE FROM reply_drafts WHERE updated_at < $1", before)
