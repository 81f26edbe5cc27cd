"""Names: what a contact calls itself, asked of providers whose messages come without it. Politely, and never in the way.

Asked once for a contact without a name, beside its turn; a name that is found is kept and not asked for again. Where
there was none, or no answer, the next look is a day later. It is what the citizen shows everybody there: unproven, for
the agents' eyes, and never a reason to take two contacts for one.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol
from uuid import UUID, uuid4

import structlog

from channels.allowance import Allowance
from channels.base import Channel
from channels.base import Names as TellsNames
from desk.model import Event
from desk.road.live import Live
from desk.road.scrub import scrub_text
from desk.store import contacts, conversations
from desk.store.pool import Store

log = structlog.get_logger("names")

AGAIN = 86_400.0  # seconds
AT_ONCE = 4
WAITING = 200  # contacts; more at once is a flood, and their names can wait until they write again
SECONDS = 10.0


class Arriving(Protocol):
    """What happens to an event before its turn (desk/road/turns.py)."""

    async def arrive(self, event: Event) -> Event: ...


class Names:
    """Stands before `inner`, and never waits: a turn is not later for a name."""

    def __init__(
        self,
        store: Store,
        live: Live,
        channels: Mapping[str, Channel],
        allowance: Allowance,
        inner: Arriving,
    ) -> None:
        self._store = store
        self._live = live
        self._channels = channels
        self._allowance = allowance
        self._inner = inner
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._asking: dict[UUID, asyncio.Task[None]] = {}

    async def arrive(self, event: Event) -> Event:
        """The event as `inner` gives it."""
        channel: object = self._channels.get(event.inbox)
        room = len(self._asking) < WAITING and event.contact_id not in self._asking
        if room and isinstance(channel, TellsNames):
            self._ask(channel, event)
        return await self._inner.arrive(event)

    async def settled(self) -> None:
        """Until nothing is being asked."""
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def stop(self) -> None:
        """Ask no more; what is under way is given up."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    def _ask(self, channel: TellsNames, event: Event) -> None:
        contact_id = event.contact_id
        task = asyncio.create_task(self._name(channel, contact_id), name=f"name {contact_id}")
        self._asking[contact_id] = task
        task.add_done_callback(lambda _: self._asking.pop(contact_id, None))

    async def _name(self, channel: TellsNames, contact_id: UUID) -> None:
        try:
            async with self._turns, asyncio.timeout(SECONDS):
                contact = await contacts.get(self._store.pool, contact_id)
                if contact is None or contact.name:
                    return
                # One question a day, whichever worker asks it.
                if not await self._allowance.may(f"name:{contact_id}", str(uuid4()), 1, AGAIN):
                    return
                found = await channel.name_of(contact.external_id)
                if found and await contacts.name(self._store.pool, contact_id, scrub_text(found)):
                    now = await conversations.open_of(self._store.pool, contact_id)
                    await self._live.tell(contact_id, now.id if now else None, "name")
        except Exception as error:
            # A person without a name is served like any other.
            log.info("name_not_known", contact=str(contact_id), error=type(error).__name__)
