"""Gets a contact's name from providers whose messages come without it. Requested once for a contact without
a name, in parallel with its turn; a name that is found is stored and not requested again. If there was
none, or no answer, the next request is a day later. The name is what the citizen shows publicly there:
unproven, for agents only, and never a reason to treat two contacts as one.
"""

from collections.abc import Coroutine, Mapping
from typing import Any
from uuid import UUID, uuid4

from channels.base import Channel
from channels.base import LooksUpNames as TellsNames
from channels.kit.allowance import Allowance
from desk.model import Event
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store

AGAIN = 86_400.0  # seconds


class ContactNames:
    """Runs beside the turn (desk/turns/side_jobs.py), which does not wait for it."""

    def __init__(
        self, store: Store, live: Live, channels: Mapping[str, Channel], allowance: Allowance
    ) -> None:
        self._store = store
        self._live = live
        self._channels = channels
        self._allowance = allowance

    def unknown(self, event: Event) -> Coroutine[Any, Any, None] | None:
        """Ask for the contact's name, where the provider can tell it."""
        channel: object = self._channels.get(event.inbox)
        return self._name(channel, event.contact_id) if isinstance(channel, TellsNames) else None

    async def _name(self, channel: TellsNames, contact_id: UUID) -> None:
        contact = await contacts.get_by_id(self._store.pool, contact_id)
        if contact is None or contact.name:
            return
        # One question a day, whichever worker asks it.
        if not await self._allowance.may(f"name:{contact_id}", str(uuid4()), 1, AGAIN):
            return
        found = await channel.name_of(contact.external_id)
        if found and await contacts.set_name_if_unknown(self._store.pool, contact_id, sanitize_text(found)):
            now = await conversations.get_open(self._store.pool, contact_id)
            await self._live.tell(contact_id, now.id if now else None, "name")
