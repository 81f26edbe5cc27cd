"""The set-up checklist of a new desk, for administrators."""

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.setup.checklist import Checklist
from desk.setup.city_now import CityNow


class StartPages:
    """GET /console/admin/start and POST /console/admin/start/<setting>."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, now: CityNow) -> None:
        self._pages = pages
        self._checklist = Checklist(deps.store, now, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """The list."""
        items = await self._checklist.get(visit.actor)
        return self._pages.page(
            "start.html",
            session=visit.session,
            items=items,
            missing=sum(1 for item in items if not item.done),
            notice=NOTICES.get(visit.request.args.get("notice", "")),
        )

    async def confirm(self, visit: Visit, setting_name: str) -> HTTPResponse:
        """A person says that a setting is right."""
        await self._checklist.confirm(visit.actor, setting_name)
        return go_to("/console/admin/start?notice=setting-confirmed")
