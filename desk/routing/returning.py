"""A citizen who writes again soon after an agent resolved the conversation gets a person, if possible the same one."""

from city import City
from desk.conversations.handoffs import Handoffs
from desk.model import By, Clock, Contact, Conversation
from desk.routing.teams import choose_team
from desk.store.dialogue import conversations
from desk.store.pool import Executor
from desk.store.routing import offers, pushing, queue
from desk.store.routing.loads import Measure


class Returning:
    """Built once by the worker."""

    def __init__(self, city: City, handoffs: Handoffs, measure: Measure, clock: Clock) -> None:
        self._city = city
        self._clock = clock
        self._handoffs = handoffs
        self._measure = measure

    async def reopen(self, transaction: Executor, contact: Contact) -> Conversation | None:
        """resolved -> queued at the end, and offered to the agent who resolved it if they are available and have
        room; None after the time that the team sets, for a reason after which nobody is asked for a rating (spam, abuse),
        and for somebody who is blocked. The caller has locked the contact."""
        unasked = [one.name for one in self._city.resolve_reasons if not one.asks]
        recent = await queue.get_returnable(transaction, contact.id, unasked, self._clock())
        before = await conversations.get_by_id(transaction, recent) if recent else None
        if before is None or before.agent_id is None:
            return None
        teams = await self._handoffs.teams.read(transaction)
        team = choose_team(teams, before.language, before.topic, before.inbox)
        moved = await conversations.reopen(transaction, before.id, team.name, By("contact", "returned"))
        if moved is None:
            return None
        await pushing.lock_offering(transaction)
        if await pushing.has_capacity(transaction, self._measure, before.agent_id, before.inbox):
            seconds = next((one.offer_seconds for one in teams if one.name == moved.team), team.offer_seconds)
            await offers.add_offer(transaction, moved.id, before.agent_id, "return", seconds)
        return moved
