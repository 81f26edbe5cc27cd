"""Write checks: a write that changes nothing anybody reads, to learn whether the database takes writes now."""

from desk.store.pool import Executor

SLOTS = 64
"""Rows. Several processes may share one: it only means that one waits for the other's commit."""


async def mark_checked(executor: Executor, slot: int) -> None:
    """Write the row of this slot. Raises what a demoted, full or unreachable database raises."""
    await executor.execute(
        """INSERT INTO write_checks (slot) VALUES ($1)
           ON CONFLICT (slot) DO UPDATE SET checked_at = now()""",
        slot,
    )
