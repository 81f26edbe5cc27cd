"""Which mails about the desk a person has subscribed to."""

from collections.abc import Sequence
from uuid import UUID

from desk.store.pool import Executor


async def get_wanted(executor: Executor, agent_id: UUID) -> tuple[str, ...]:
    """The kinds that this person wants."""
    found: list[str] | None = await executor.fetchval("SELECT mails FROM agents WHERE id = $1", agent_id)
    return tuple(found or ())


async def set_wanted(executor: Executor, agent_id: UUID, kinds: Sequence[str]) -> None:
    """The kinds that this person wants from now on."""
    await executor.execute("UPDATE agents SET mails = $2 WHERE id = $1", agent_id, list(kinds))
