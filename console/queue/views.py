"""Views: filters of the list that an agent saves under a name, one click away."""

from urllib.parse import urlencode

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import PageError, Visit, go_to
from console.queue.pane import Pane
from desk.people.permissions import Permission, require
from desk.store.routing.list_views import MOST_VIEWS, remove_view, set_view

LONGEST = 40  # characters of a name


class ViewActs:
    """POST /console/views (`name` and filters), POST /console/views/remove (`name`)."""

    def __init__(self, deps: ConsoleDeps, pane: Pane) -> None:
        self._pool = deps.store.pool
        self._pane = pane

    async def keep(self, visit: Visit) -> HTTPResponse:
        """Keep the filters of the form under a name, and show them."""
        require(visit.actor, Permission.READ_CONVERSATIONS)
        name = " ".join(visit.field("name").split())[:LONGEST]
        filters = {key: value for key, value in (await self._pane.filters_of(visit.field)).items() if value}
        if not name or not filters:
            raise PageError(
                422, "no_view", "This is no view", "Choose a filter and give it a name. Nothing was kept."
            )
        if not await set_view(self._pool, visit.actor.agent_id, name, filters):
            raise PageError(
                422, "views_full", "You have as many views as there may be",
                f"{MOST_VIEWS} can be kept. Remove one first; nothing was changed.",
            )  # fmt: skip
        return go_to(f"/console/?{urlencode(filters)}")

    async def remove(self, visit: Visit) -> HTTPResponse:
        """Forget one."""
        require(visit.actor, Permission.READ_CONVERSATIONS)
        await remove_view(self._pool, visit.actor.agent_id, visit.field("name")[:LONGEST])
        return go_to("/console/")
