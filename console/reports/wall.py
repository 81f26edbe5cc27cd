"""The live wall: the current teams, promises and agents. The page's script fetches the fragment when something
changes."""

from typing import Any
from uuid import UUID

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit
from console.rendering import Pages
from desk.reporting.wall import conversations_of, read_wall
from desk.store.dialogue import desk_rows


class WallPages:
    """GET /console/wall, its fragment, and what one agent has."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """The page."""
        return self._pages.page("wall.html", session=visit.session, **await self._values(visit))

    async def fragment(self, visit: Visit) -> HTTPResponse:
        """The tables alone."""
        return self._pages.fragment("_wall.html", session=visit.session, **await self._values(visit))

    async def agent(self, visit: Visit, agent_id: UUID) -> HTTPResponse:
        """The conversations of one agent, to listen to, whisper in, or take over."""
        held = await conversations_of(self._deps.store.pool, visit.actor, agent_id)
        return self._pages.page(
            "wall_agent.html", session=visit.session, held=held, **await self._counts(visit)
        )

    async def _values(self, visit: Visit) -> dict[str, Any]:
        wall = await read_wall(
            self._deps.store.pool,
            visit.actor,
            self._deps.city,
            visit.now,
            self._deps.idle,
            self._deps.teams.known,
        )
        return {"wall": wall, "promises": bool(self._deps.city.sla), **await self._counts(visit)}

    async def _counts(self, visit: Visit) -> dict[str, Any]:
        return {"counts": await desk_rows.count_desk(self._deps.store.pool, visit.scope)}
