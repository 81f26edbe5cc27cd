"""Citizens who asked for their conversation to be deleted. The row is deleted with the contact."""

from uuid import UUID

from desk.store.pool import Executor


async def add_erasure(executor: Executor, contact_id: UUID) -> None:
    """This contact asked. Asking twice is asking once."""
    await executor.execute("INSERT INTO erasures (contact_id) VALUES ($1) ON CONFLICT DO NOTHING", contact_id)


async def delete_asked(executor: Executor) -> list[UUID]:
    """Delete the contacts that asked, with everything that hangs on them, unless a legal hold keeps them."""
    rows = await executor.fetch("SELECT erased FROM erase_asked() AS erased")
    return [row["erased"] for row in rows]
