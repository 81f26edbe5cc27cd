"""Unsent text of an agent: one draft for each agent and conversation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor
from desk.store.replies import rules


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """One draft. `contact_name` is None if the citizen gave no name."""

    conversation_id: UUID
    text: str
    updated_at: datetime
    contact_name: str | None


@dataclass(frozen=True, slots=True)
class Helped:
    """What a machine put into a draft. `own_words`: what the agent had typed before, in `language`; `provider` made the
    text."""

    kind: Literal["translated", "drafted"]
    own_words: str
    language: str
    provider: str


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
    """It was sent, or the agent no longer wants it; nor what a rule put there."""
    await rules.delete_draft(executor, conversation_id)
    await executor.execute(
        "DELETE FROM reply_drafts WHERE agent_id = $1 AND conversation_id = $2", agent_id, conversation_id
    )


async def mark_emptied(executor: Executor, agent_id: UUID, conversation_id: UUID) -> None:
    """The box is empty. The agent's own words behind a translation stay; what a rule put there does not."""
    await rules.delete_draft(executor, conversation_id)
    await executor.execute(
        "UPDATE reply_drafts SET text = '' WHERE agent_id = $1 AND conversation_id = $2 AND own_words <> ''",
        agent_id,
        conversation_id,
    )
    await executor.execute(
        "DELETE FROM reply_drafts WHERE agent_id = $1 AND conversation_id = $2 AND own_words = ''",
        agent_id,
        conversation_id,
    )


async def set_helped(
    executor: Executor, agent_id: UUID, conversation_id: UUID, text: str, helped: Helped | None, now: datetime
) -> None:
    """Keep a text that a machine made, with the agent's own words; None: the text is the agent's again."""
    await executor.execute(
        """INSERT INTO reply_drafts (agent_id, conversation_id, text, updated_at, helped, own_words, own_language, provider)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (agent_id, conversation_id) DO UPDATE
           SET text = $3, updated_at = $4, helped = $5, own_words = $6, own_language = $7, provider = $8""",
        agent_id,
        conversation_id,
        text,
        now,
        helped.kind if helped else None,
        helped.own_words if helped else "",
        helped.language if helped else None,
        helped.provider if helped else None,
    )


async def get_helped(executor: Executor, agent_id: UUID, conversation_id: UUID) -> Helped | None:
    """What a machine put into the agent's draft; None if it is the agent's own."""
    row = await executor.fetchrow(
        """SELECT helped AS kind, own_words, own_language AS language, provider FROM reply_drafts
           WHERE agent_id = $1 AND conversation_id = $2 AND helped IS NOT NULL""",
        agent_id,
        conversation_id,
    )
    return Helped(**dict(row)) if row else None


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
        """SELECT d.conversation_id, coalesce(nullif(d.text, ''), d.own_words) AS text, d.updated_at, c.name AS contact_name
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
