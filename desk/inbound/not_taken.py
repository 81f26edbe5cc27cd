"""Arrivals that did not become a message: listed for agents, who can accept them manually."""

from desk.inbound.batch import Received, announce
from desk.model import Actor, Clock, NotFound
from desk.people.permissions import Permission, require
from desk.runtime.live import Live
from desk.store.inbound import events, not_taken
from desk.store.inbound.not_taken import NotTaken
from desk.store.people import audit, contacts
from desk.store.pool import Store


class NotTakenArrivals:
    """Built once by the console's composition root."""

    def __init__(self, store: Store, live: Live, clock: Clock) -> None:
        self._store = store
        self._live = live
        self._clock = clock

    async def counts(self, actor: Actor) -> dict[str, int]:
        """How many wait, by inbox. Raises NotAllowed."""
        require(actor, Permission.TAKE_SET_ASIDE)
        return await not_taken.count_not_taken(self._store.pool)

    async def list(self, actor: Actor, inbox: str) -> list[NotTaken]:
        """Those of one inbox, newest first. Raises NotAllowed."""
        require(actor, Permission.TAKE_SET_ASIDE)
        return await not_taken.list_not_taken(self._store.pool, inbox)

    async def raw(self, actor: Actor, arrival_id: int) -> tuple[str, str]:
        """The inbox, and how the mail begins, as text. Raises NotAllowed, or NotFound."""
        require(actor, Permission.TAKE_SET_ASIDE)
        found = await not_taken.get_raw(self._store.pool, arrival_id)
        if found is None:
            raise NotFound("This mail is no longer here. Mails are kept for 30 days.")
        detail = {"arrival": str(arrival_id)}
        await audit.add_line(self._store.pool, actor.agent_id, "view_set_aside", None, detail, self._clock())
        return found

    async def take(self, actor: Actor, arrival_id: int) -> str:
        """Make a message of it, for people: no automatic answer goes out. Returns the inbox. Raises NotAllowed, or
        NotFound if somebody has taken it."""
        require(actor, Permission.TAKE_SET_ASIDE)
        async with self._store.transaction() as transaction:
            found = await not_taken.mark_taken(transaction, arrival_id, actor.agent_id)
            if found is None:
                raise NotFound("This mail is no longer here. Somebody may have taken it already.")
            inbox, message = found
            who, name = str(message["contact"]), message.get("name")
            contact_id = await contacts.get_or_add(transaction, inbox, who, str(name) if name else None, None)
            new = await events.add_event(
                transaction, inbox, str(message["external_id"]), contact_id, message, None
            )
            detail = {"arrival": str(arrival_id)}
            await audit.add_line(transaction, actor.agent_id, "take_set_aside", None, detail, self._clock())
        await announce(self._live, [Received(contact_id, new)])
        return inbox
