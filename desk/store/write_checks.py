"""A harmless write that checks whether the database accepts writes."""

from desk.store.pool import Executor

SLOTS = 64
"""Rows. If several processes share one, the only effect is that one waits for the other's commit."""


async def mark_checked(executor: Executor, slot: int) -> None:
    """Write this slot's row. Raises whatever a demoted, full or unreachable database raises."""
    await executor.execute(
        """INSERT INTO write_checks (slot) VALUES ($1)
           ON CONFLICT (slot) DO UPDATE SET checked_at = now()""",
        slot,
    )
