"""Conversations that their agent has put aside, until a time or until the citizen writes."""

from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor

SNOOZED = """EXISTS (SELECT 1 FROM snoozes z JOIN contacts zc ON zc.id = v.contact_id
    WHERE z.conversation_id = v.id AND z.agent_id = v.agent_id AND (z.until IS NULL OR z.until > now())
      AND NOT EXISTS (SELECT 1 FROM messages zm WHERE zm.conversation_id = v.id AND zm.author = 'contact'
                      AND zm.seq > z.after_seq))"""
"""Whether conversation `v` is put aside now."""


async def set_snooze(
    executor: Executor, conversation_id: UUID, agent_id: UUID, until: datetime | None
) -> None:
    """Put it aside; an earlier snooze is replaced."""
    await executor.execute(
        """INSERT INTO snoozes (conversation_id, agent_id, until, after_seq)
           SELECT v.id, $2, $3, c.last_seq FROM conversations v JOIN contacts c ON c.id = v.contact_id WHERE v.id = $1
           ON CONFLICT (conversation_id) DO UPDATE SET agent_id = $2, until = $3, after_seq = excluded.after_seq""",
        conversation_id,
        agent_id,
        until,
    )


async def delete_snooze(executor: Executor, conversation_id: UUID) -> None:
    """Take it up again."""
    await executor.execute("DELETE FROM snoozes WHERE conversation_id = $1", conversation_id)


async def get_until(executor: Executor, conversation_id: UUID) -> tuple[bool, datetime | None]:
    """Whether it is put aside now, and until when (None: until the citizen writes)."""
    row = await executor.fetchrow(
        f"""SELECT z.until FROM conversations v JOIN snoozes z ON z.conversation_id = v.id
            WHERE v.id = $1 AND {SNOOZED}""",  # noqa: S608  (our own constants)
        conversation_id,
    )
    return row is not None, row["until"] if row else None
