"""Intake: what arrives is committed before anybody is thanked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from channels.base import Inbound
from desk.model import Contact
from desk.road.live import Live
from desk.store.pool import Store


@dataclass(frozen=True, slots=True)
class Received:
    """What became of one Inbound. `new` is false for a repeat (same inbox and external id)."""

    contact_id: UUID
    new: bool


class Intake:
    """Takes events in. Committed when a method returns; DatabaseUnavailable or asyncpg errors mean 503."""

    def __init__(self, store: Store, live: Live) -> None:
        raise NotImplementedError

    async def receive(self, inbox: str, inbounds: Sequence[Inbound], *, trace_id: str | None = None) -> list[Received]:
        """One webhook: contacts are made as needed, receipts move statuses forward, `ignored` is skipped."""
        raise NotImplementedError

    async def receive_from(self, contact: Contact, inbound: Inbound, *, trace_id: str | None = None) -> Received:
        """One message of a known contact (web chat). `inbound.external_id` must be "<contact uuid>:<client_id>".

        Raises Refused (empty message; media that is not this contact's)."""
        raise NotImplementedError
