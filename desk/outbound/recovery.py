"""What supervisors can do after delivery failures: replay a dead letter, resume a stopped inbox."""

from desk.model import Actor, Clock, NotFound
from desk.people.permissions import Permission, require
from desk.runtime.live import Live
from desk.store.outbound import dead_letters
from desk.store.outbound import inbox_health as health
from desk.store.outbound.dead_letters import DeadLetter
from desk.store.outbound.inbox_health import Health, InboxLoad
from desk.store.people import audit
from desk.store.pool import Store

_SUPERVISORS = "Only a supervisor may do this."


class Recovery:
    """Built once by the console's composition root. Every action is for supervisors and adds an audit
    line."""

    def __init__(self, store: Store, live: Live, clock: Clock) -> None:
        self._store = store
        self._live = live
        self._clock = clock

    async def health(self) -> tuple[dict[str, Health], dict[str, InboxLoad]]:
        """Health and load, keyed by inbox. An inbox without an entry is healthy and idle."""
        return await health.list_health(self._store.pool), await health.list_loads(self._store.pool)

    async def list_dead_letters(self, actor: Actor) -> list[DeadLetter]:
        """The dead letters, newest first. Raises NotAllowed."""
        require(actor, Permission.MANAGE_UNDELIVERED, _SUPERVISORS)
        return await dead_letters.list_dead_letters(self._store.pool)

    async def replay(self, actor: Actor, item_id: int) -> DeadLetter:
        """Deliver a dead letter again. Raises NotAllowed, or NotFound if it is not a dead letter (any
        more)."""
        require(actor, Permission.MANAGE_UNDELIVERED, _SUPERVISORS)
        async with self._store.transaction() as transaction:
            dead_letter = await dead_letters.replay(transaction, item_id)
            if dead_letter is None:
                raise NotFound(
                    "This message is not waiting for a decision. It may already have been sent again."
                )
            detail = {"message": str(dead_letter.message_id), "was": dead_letter.state}
            await audit.add_line(
                transaction, actor.agent_id, "replay", dead_letter.conversation_id, detail, self._clock()
            )
        await self._live.tell(dead_letter.contact_id, dead_letter.conversation_id, "status")
        await self._live.wake_workers(items=True)
        return dead_letter

    async def resume(self, actor: Actor, inbox: str) -> None:
        """Send through this inbox again. Raises NotAllowed, or NotFound if it is not stopped."""
        require(actor, Permission.RESUME_INBOXES, _SUPERVISORS)
        async with self._store.transaction() as transaction:
            if not await health.mark_resumed(transaction, inbox):
                raise NotFound("This inbox is not stopped.")
            await audit.add_line(
                transaction, actor.agent_id, "resume_inbox", None, {"inbox": inbox}, self._clock()
            )
        await self._live.wake_workers(items=True)
