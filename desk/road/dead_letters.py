"""Dead letters: what a provider refused, or may have taken. A person looks at them, and may send one again."""

from desk.model import Actor, Clock, NotFound, WrongState
from desk.road.live import Live
from desk.store import audit, contacts, listing, outbox
from desk.store.outbox import Stuck
from desk.store.pool import Store

_GONE = "There is no such message, or it belongs to another team."
_MOVED = "This message is not stopped any more. Look at the conversation again."


class DeadLetters:
    """Built once by the console's composition root."""

    def __init__(self, store: Store, live: Live, clock: Clock) -> None:
        self._store = store
        self._live = live
        self._clock = clock

    async def all(self, actor: Actor) -> list[Stuck]:
        """Those of the conversations this actor reaches, newest first."""
        found = await outbox.stuck(self._store.pool)
        return [one for one in found if await listing.visible(self._store.pool, actor, one.conversation_id)]

    async def replay(self, actor: Actor, parcel_id: int) -> None:
        """Send one again, from the part where it stopped. One that is `unknown` may then reach the citizen twice: that
        is why a person decides. Raises NotFound, or WrongState where it is no longer stopped."""
        async with self._store.transaction() as transaction:
            found = await outbox.find(transaction, parcel_id)
            if found is None or not await listing.visible(transaction, actor, found.conversation_id):
                raise NotFound(_GONE)
            await contacts.lock(transaction, found.contact_id)
            if not await outbox.resend(transaction, parcel_id):
                raise WrongState(found.state, _MOVED)
            detail = {"message": str(found.message_id), "was": found.state}
            await audit.record(
                transaction, actor.agent_id, "replay", found.conversation_id, detail, self._clock()
            )
            self._store.after_commit(lambda: self._told(found))

    async def _told(self, found: Stuck) -> None:
        await self._live.tell(found.contact_id, found.conversation_id, "status")
        await self._live.wake_workers()
