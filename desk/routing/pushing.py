"""Offers waiting conversations of push teams to agents who are free, until nobody is free or nothing waits."""

from uuid import UUID

import structlog

from desk.conversations.announcing import Announcer
from desk.model import Clock
from desk.people import audit
from desk.people.permissions import Permission, roles_with
from desk.routing.team_directory import TeamDirectory
from desk.store.dialogue import conversations
from desk.store.pool import Store
from desk.store.routing import offers, pushing
from desk.store.routing.loads import Measure

log = structlog.get_logger("routing")


class Pushing:
    """Built once by the worker; any number may push at the same time."""

    def __init__(
        self, store: Store, announcer: Announcer, teams: TeamDirectory, measure: Measure, clock: Clock
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._teams = teams
        self._measure = measure
        self._clock = clock
        self._roles = [str(role) for role in roles_with(Permission.ANSWER_CONVERSATIONS)]

    async def drain(self) -> int:
        """Offer what can be offered; how many conversations that were."""
        teams = await self._teams.read(self._store.pool)
        if not any(team.mode == "push" for team in teams):
            return 0
        count = 0
        while await self._offer_one():
            count += 1
        return count

    async def _offer_one(self) -> bool:
        async with self._store.transaction() as transaction:
            await pushing.lock_offering(transaction)
            busy: list[UUID] = []
            while match := await pushing.get_match(transaction, self._measure, self._roles, busy):
                if await pushing.lock_match(transaction, match):
                    break
                busy.append(match.conversation_id)
            if match is None:
                return False
            await offers.add_offer(transaction, match.conversation_id, match.agent_id, "push", match.seconds)
            now = self._clock()
            await pushing.mark_given(transaction, match.agent_id, now)
            await audit.record(transaction, match.agent_id, "offered", match.conversation_id, now)
            conversation = await conversations.get_by_id(transaction, match.conversation_id)
            assert conversation is not None  # its contact is locked
            self._announcer.moved(conversation)
        log.info("offered", conversation=str(match.conversation_id), agent=str(match.agent_id))
        return True
