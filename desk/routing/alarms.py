"""Alerts the supervisors when nobody claims an urgent conversation: their pages show an alarm until somebody does."""

import structlog

from desk.conversations.announcing import Announcer
from desk.model import Clock
from desk.people import audit
from desk.routing.team_directory import TeamDirectory
from desk.store.dialogue import conversations
from desk.store.pool import Store
from desk.store.routing import queue

log = structlog.get_logger("routing")

USUAL = 60
"""Seconds that an urgent conversation without a team may be unclaimed."""


class Alarms:
    """Built once by the worker; any number may call it at the same time."""

    def __init__(self, store: Store, announcer: Announcer, teams: TeamDirectory, clock: Clock) -> None:
        self._store = store
        self._announcer = announcer
        self._teams = teams
        self._clock = clock

    async def call(self) -> None:
        """Call for each urgent conversation that has been unclaimed for too long; once, until it is claimed."""
        teams = await self._teams.read(self._store.pool)
        names, seconds = [team.name for team in teams], [team.urgent_seconds for team in teams]
        async with self._store.transaction() as transaction:
            for conversation_id in await queue.mark_paged(transaction, names, seconds, USUAL):
                await audit.record(transaction, None, "supervisors_called", conversation_id, self._clock())
                if conversation := await conversations.get_by_id(transaction, conversation_id):
                    self._announcer.moved(conversation)
                log.error("urgent_unclaimed", conversation=str(conversation_id), page="supervisor")
