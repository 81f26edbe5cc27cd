"""Accepting and declining offers, taking over, and the priority. Plain forms, like the other actions."""

from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.conversations.actions import Actions
from console.deps import ConsoleDeps
from console.guard import PageError, Visit
from console.words import PRIORITIES
from desk.conversations.transfers import Transfers
from desk.model import Actor, Conversation
from desk.partners.asking import PartnerTransfers
from desk.people.permissions import Permission, require
from desk.routing.offers import Offers
from desk.store.routing import queue


class RoutingActions:
    """POST /console/conversations/<id>/accept, decline, withdraw, take-over, partner, priority."""

    def __init__(self, deps: ConsoleDeps, actions: Actions) -> None:
        self._ownership = deps.ownership
        self._actions = actions
        self._offers = Offers(deps.ownership)
        self._transfers = Transfers(deps.ownership)
        self._partners = PartnerTransfers(deps.ownership, deps.city, deps.clock)

    async def accept(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Accept what the queue or a colleague offers."""
        return await self._actions.act(visit, conversation_id, "accept", self._offers.accept, None)

    async def decline(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Decline it."""
        return await self._actions.act(visit, conversation_id, "decline", self._offers.decline, "declined")

    async def withdraw(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Keep what was offered to a colleague."""
        return await self._actions.act(
            visit, conversation_id, "withdraw", self._offers.withdraw, "withdrawn", stays=True
        )

    async def take_over(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """A supervisor takes a conversation that somebody has."""

        async def act(actor: Actor, id: UUID) -> Conversation:
            return await self._transfers.assign(actor, id, actor.agent_id, "", str(uuid4()))

        return await self._actions.act(visit, conversation_id, "take_over", act, "taken-over", stays=True)

    async def ask_partner(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Ask the citizen whether it may go to a partner desk."""
        client_id = visit.field("client_id")[:64] or str(uuid4())

        async def act(actor: Actor, id: UUID) -> Conversation:
            return await self._partners.ask(actor, id, visit.field("to"), visit.field("note"), client_id)

        return await self._actions.act(
            visit, conversation_id, "partner_asked", act, "partner-asked", stays=True
        )

    async def withdraw_partner(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """End a transfer to a partner desk that is under way."""
        return await self._actions.act(
            visit,
            conversation_id,
            "partner_withdrawn",
            self._partners.withdraw,
            "partner-withdrawn",
            stays=True,
        )

    async def set_priority(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Before which others it is served."""
        priority = next((one for one in PRIORITIES if str(one) == visit.field("priority")), None)
        if priority is None:
            raise PageError(422, "no_priority", "Nothing was changed", "Choose one of the priorities.")

        async def act(actor: Actor, id: UUID) -> Conversation:
            require(actor, Permission.ASSIGN_CONVERSATIONS)
            async with self._ownership.acting(actor, id, "priority", to=str(priority)) as (
                transaction,
                before,
            ):
                await queue.set_priority(transaction, id, priority)
                return before

        return await self._actions.act(visit, conversation_id, "priority", act, "priority-set", stays=True)
