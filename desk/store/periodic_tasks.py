"""Periodic tasks that one worker does on behalf of all."""

from datetime import timedelta

from desk.store.pool import Executor


async def mark_claimed(executor: Executor, task: str, every: timedelta) -> bool:
    """Whether the task is due and this worker has claimed it. It is due again after `every`, even if this
    worker dies."""
    return bool(
        await executor.fetchval(
            """INSERT INTO periodic_tasks (task, due_at) VALUES ($1, now() + $2)
               ON CONFLICT (task) DO UPDATE SET due_at = excluded.due_at WHERE periodic_tasks.due_at <= now()
               RETURNING true""",
            task,
            every,
        )
    )
