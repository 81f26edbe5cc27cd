"""Accepting and declining offers. Until an offer is accepted the conversation stays where it is: with the
colleague who offers it, or at its place in the queue."""

from uuid import UUID

import structlog

from desk.conversations.announcing import Announcer
from desk.conversations.ownership import Ownership, by_agent
from desk.model import Actor, Clock, Conversation, Why, WrongState
from desk.people import audit
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store
from desk.store.routing import offers, presence
from desk.store.routing.offers import OfferKind

log = structlog.get_logger("routing")

_WHY: dict[OfferKind, Why] = {"push": "pushed", "return": "returned", "transfer": "transferred"}
_OVER = "This offer has expired: somebody else has the conversation, or the time ran out."


class Offers:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership

    async def accept(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """-> assigned to the actor, and the citizen is told. Accepting what one has is no error."""
        async with self._ownership.acting(actor, conversation_id, "accept") as (transaction, before):
            offer = await offers.get_open(transaction, conversation_id)
            if offer is None or offer.agent_id != actor.agent_id:
                if before.agent_id == actor.agent_id and before.state != "resolved":
                    return before
                raise WrongState(before.state, _OVER)
            await offers.mark_closed(transaction, offer.id, "accepted")
            moved = await conversations.transfer_to_agent(
                transaction, conversation_id, actor.agent_id, by_agent(actor, _WHY[offer.kind])
            )
            if moved is None:
                raise WrongState(before.state, _OVER)
            await self._ownership.writer.system(transaction, moved, "agent_joined", {"agent": actor.name})
            return moved

    async def decline(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """The conversation stays where it is, and is not offered to the actor again soon."""
        return await self._close(actor, conversation_id, "decline")

    async def withdraw(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """The colleague who offered it keeps it."""
        return await self._close(actor, conversation_id, "withdraw")

    async def _close(self, actor: Actor, conversation_id: UUID, act: str) -> Conversation:
        async with self._ownership.acting(actor, conversation_id, act) as (transaction, before):
            offer = await offers.get_open(transaction, conversation_id)
            party = offer and (offer.agent_id if act == "decline" else offer.from_agent_id)
            if offer is None or party != actor.agent_id:
                raise WrongState(before.state, _OVER)
            await offers.mark_closed(transaction, offer.id, "declined" if act == "decline" else "withdrawn")
            return before


class OfferTimes:
    """Ends offers that nobody answered. Built once by the worker; any number may call it at the same time."""

    def __init__(self, store: Store, announcer: Announcer, clock: Clock) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock

    async def end(self) -> None:
        """End each offer whose time is over, or whose agent is gone. Whoever was available and did not look at an
        offer of the queue counts as away, so that the next is offered to somebody else."""
        for offer in await offers.list_over(self._store.pool):
            async with self._store.transaction() as transaction:
                if await contacts.lock(transaction, offer.contact_id) is None:
                    continue
                conversation = await conversations.get_by_id(transaction, offer.conversation_id)
                if conversation is None or not await offers.mark_closed(transaction, offer.id, "timed_out"):
                    continue
                if offer.kind != "transfer":
                    await presence.mark_missed(transaction, offer.agent_id, self._clock())
                await audit.record(
                    transaction, offer.agent_id, "offer_missed", offer.conversation_id, self._clock()
                )
                self._announcer.moved(conversation)
            log.info("offer_missed", conversation=str(offer.conversation_id), kind=offer.kind)
