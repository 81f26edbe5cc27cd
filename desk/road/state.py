"""State of a contact: who owns the conversation, the place in the queue, the office's hours."""

from datetime import datetime
from uuid import UUID

from city import City
from desk.model import ContactState
from desk.store.pool import Executor


async def contact_state(executor: Executor, city: City, contact_id: UUID, now: datetime) -> ContactState:
    """What the widget's State shows (store.pool will do as executor)."""
    raise NotImplementedError
