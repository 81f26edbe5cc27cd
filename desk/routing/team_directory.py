"""The current teams. They are in the database, so that a change takes effect in every process within five
seconds; city.yml is their seed."""

import time
from collections.abc import Callable, Sequence

from city import City, Team
from city.hours import Hours
from desk.store.pool import Executor
from desk.store.routing import teams

FRESH = 2.0
"""Seconds for which what was read is used again."""


class TeamDirectory:
    """Built once in a process, or where it is used; it remembers only what it read."""

    def __init__(self, city: City, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seed = city.teams
        self._monotonic = monotonic
        self._read_at: float | None = None
        self.known: Sequence[Team] = city.teams

    async def read(self, executor: Executor) -> Sequence[Team]:
        """The teams, at most two seconds old. Those of city.yml while the table is empty."""
        now = self._monotonic()
        if self._read_at is None or now - self._read_at >= FRESH:
            self.known = await teams.list_teams(executor) or self._seed
            self._read_at = now
        return self.known

    def forget(self) -> None:
        """Read again next time: this process has changed a team."""
        self._read_at = None

    def find(self, name: str | None) -> Team | None:
        """The team of this name among those last read."""
        return next((team for team in self.known if team.name == name), None)


async def get_hours(executor: Executor, city: City, team: str | None) -> Hours | None:
    """The hours of this team as they are now; None if it keeps the office's, or is not known."""
    if team is None:
        return None
    kept = await teams.list_hours(executor, team)
    seed = city.team(team)
    return kept[0] if kept else seed.hours if seed else None


async def seed_teams(executor: Executor, city: City) -> None:
    """Add the teams of city.yml that the database never had. What was changed in the console stays."""
    for team in city.teams:
        await teams.add_team(executor, team)
