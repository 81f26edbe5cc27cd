"""Applies what a provider reports about a contact other than messages: STOP, blocked, moved, thread taken
over."""

from datetime import datetime
from uuid import UUID

import structlog

from channels.base import Inbound
from desk.store.outbound import reach
from desk.store.people import contacts
from desk.store.pool import Executor

log = structlog.get_logger("intake")

_MARKS: dict[str, tuple[reach.Mark, bool]] = {
    "opted_out": ("opted_out_at", True),
    "opted_in": ("opted_out_at", False),
    "unreachable": ("unreachable_at", True),
    "reachable": ("unreachable_at", False),
    "routed_away": ("routed_away_at", True),
    "routed_here": ("routed_away_at", False),
}
_FREES = ("opted_in", "reachable", "routed_here")


async def apply_change(
    transaction: Executor, inbox: str, contact_id: UUID, inbound: Inbound, now: datetime
) -> bool:
    """Store the change. True if messages that were waiting can be sent now."""
    if inbound.change == "moved":
        await _move(transaction, inbox, contact_id, inbound)
        return False
    if inbound.change is None:
        return False
    mark, on = _MARKS[inbound.change]
    await reach.set_mark(transaction, contact_id, mark, now if on else None)
    log.info("contact_changed", inbox=inbox, contact=str(contact_id), change=inbound.change)
    if inbound.change in _FREES:
        return await reach.mark_released(transaction, [contact_id]) > 0
    return False


async def _move(transaction: Executor, inbox: str, contact_id: UUID, inbound: Inbound) -> None:
    if not inbound.moved_to or await reach.set_external_id(transaction, contact_id, inbox, inbound.moved_to):
        return
    # Two logs cannot be merged; the conversation under the new id continues there.
    found = await contacts.get_by_id(transaction, contact_id)
    log.warning("contact_moved_onto_another", inbox=inbox, contact=str(contact_id), known=found is not None)
