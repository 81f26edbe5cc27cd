"""Which conversations of the queue come first, and which need the supervisors."""

from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


async def set_priority(executor: Executor, conversation_id: UUID, priority: int) -> None:
    """Among those that are equally urgent, a higher one is served first; 0 is usual."""
    await executor.execute(
        "UPDATE conversations SET priority = $2, updated_at = clock_timestamp() WHERE id = $1",
        conversation_id,
        priority,
    )


async def mark_paged(executor: Executor, teams: list[str], seconds: list[int], usual: int) -> list[UUID]:
    """Urgent conversations that nobody has claimed in the seconds that their team gives, each once while it
    waits."""
    rows = await executor.fetch(
        """UPDATE conversations v SET paged_at = clock_timestamp()
           WHERE v.state = 'queued' AND v.urgency IS NOT NULL AND v.paged_at IS NULL
             AND v.queued_at <= clock_timestamp() - make_interval(secs => coalesce(
                 (SELECT g.seconds FROM unnest($1::text[], $2::int[]) AS g (team, seconds) WHERE g.team = v.team), $3))
           RETURNING v.id""",
        teams,
        seconds,
        usual,
    )
    return [row["id"] for row in rows]


async def get_returnable(
    executor: Executor, contact_id: UUID, not_for: list[str], now: datetime
) -> UUID | None:
    """The contact's latest conversation, if an agent resolved it so recently that its team wants the contact back. Not if
    it was resolved for one of the reasons `not_for`, or if the contact is blocked now."""
    found: UUID | None = await executor.fetchval(
        """SELECT v.id FROM conversations v JOIN teams t ON t.name = v.team
           WHERE v.id = (SELECT id FROM conversations WHERE contact_id = $1 ORDER BY created_at DESC LIMIT 1)
             AND v.state = 'resolved' AND v.agent_id IS NOT NULL
             AND v.resolved_at > clock_timestamp() - make_interval(mins => t.return_minutes)
             AND NOT EXISTS (SELECT FROM contacts c WHERE c.id = $1 AND c.blocked_until > $3)
             AND coalesce((SELECT m.reason FROM conversation_transitions m
                           WHERE m.conversation_id = v.id AND m.to_state = 'resolved' ORDER BY m.id DESC LIMIT 1), '')
                 <> ALL ($2)""",
        contact_id,
        not_for,
        now,
    )
    return found
