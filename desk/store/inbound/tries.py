"""Counts how often an item waiting at a provider (an e-mail) was read, so that unreadable ones can be set
aside."""

from desk.store.pool import Executor

REMEMBERED_DAYS = 30


async def add_try(executor: Executor, inbox: str, place: str) -> int:
    """Count one more try and return the total."""
    tries: int = await executor.fetchval(
        """INSERT INTO arrival_tries (inbox, place) VALUES ($1, $2)
           ON CONFLICT (inbox, place) DO UPDATE SET tries = arrival_tries.tries + 1, tried_at = now()
           RETURNING tries""",
        inbox,
        place,
    )
    return tries


async def delete_tries(executor: Executor, inbox: str, place: str) -> None:
    """Delete the count once the item is done with."""
    await executor.execute("DELETE FROM arrival_tries WHERE inbox = $1 AND place = $2", inbox, place)


async def delete_old(executor: Executor, inbox: str) -> None:
    """Delete counts not updated for a month: the item is no longer at the provider."""
    await executor.execute(
        "DELETE FROM arrival_tries WHERE inbox = $1 AND tried_at < now() - make_interval(days => $2)",
        inbox,
        REMEMBERED_DAYS,
    )
