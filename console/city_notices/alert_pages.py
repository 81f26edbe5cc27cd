"""The alerts of other services: where each source is at, the alerts with what became of them, and a draft from one by hand."""

from uuid import UUID

from sanic.response import HTTPResponse

from console.city_notices.form import SCENARIOS
from console.city_notices.pages import PATH as NOTICES_PATH
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.alerts.reading import AlertReading

PATH = f"{NOTICES_PATH}/alerts"


class AlertPages:
    """GET /console/notices/alerts; POST …/sources/<source>/read and …/<alert>/draft and …/<alert>/decide."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._alerts = AlertReading(deps.store, deps.city, deps.clock)

    async def list(self, visit: Visit) -> HTTPResponse:
        """Sources and alerts."""
        return self._pages.page(
            "city_alerts.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            overview=await self._alerts.overview(visit.actor),
            scenarios=SCENARIOS,
            **await counts_of(self._deps.store.pool, visit),
        )

    async def read(self, visit: Visit, source: str) -> HTTPResponse:
        """Read a source as soon as possible."""
        await self._alerts.read_now(visit.actor, source)
        return go_to(f"{PATH}?notice=alerts-read")

    async def draft(self, visit: Visit, alert_id: UUID) -> HTTPResponse:
        """A draft from an alert that became nothing."""
        id = await self._alerts.draft(visit.actor, alert_id)
        return go_to(f"{NOTICES_PATH}/{id}")

    async def decide(self, visit: Visit, alert_id: UUID) -> HTTPResponse:
        """Somebody has looked at it."""
        await self._alerts.decide(visit.actor, alert_id)
        return go_to(f"{PATH}?notice=alert-decided")
