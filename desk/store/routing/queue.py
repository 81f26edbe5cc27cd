"""Which conversations of the queue come first, and which need the supervisors."""

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


async def get_returnable(executor: Executor, contact_id: UUID) -> UUID | None:
    """The contact's latest conversation, if an agent resolved it so recently that its team wants the contact back."""
    found: UUID | None = await executor.fetchval(
        """SELECT v.id FROM conversations v JOIN teams t ON t.name = v.team
           WHERE v.id = (SELECT id FROM conversations WHERE contact_id = $1 ORDER BY created_at DESC LIMIT 1)
             AND v.state = 'resolved' AND v.agent_id IS NOT NULL
             AND v.resolved_at > clock_timestamp() - make_interval(mins => t.return_minutes)""",
        contact_id,
    )
    return found
