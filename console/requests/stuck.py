"""Requests that did not reach their back end: the reason, and a retry button."""

from collections.abc import Mapping
from uuid import UUID

from sanic.response import HTTPResponse

from city.services import CityService
from console.deps import ConsoleDeps
from console.guard import Visit, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.model import Refused
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.dialogue import desk_rows
from desk.store.following import stuck_requests


class StuckPages:
    """GET /console/requests/stuck, POST /console/requests/stuck/<request>/retry."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, services: Mapping[str, CityService]) -> None:
        self._deps = deps
        self._pages = pages
        self._services = services

    async def show(self, visit: Visit) -> HTTPResponse:
        """The oldest first."""
        require(visit.actor, Permission.MANAGE_UNDELIVERED)
        pool = self._deps.store.pool
        return self._pages.page(
            "requests_stuck.html",
            session=visit.session,
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            stuck=await stuck_requests.list_stuck(pool, visit.now),
            longest=stuck_requests.MOST,
            services={code: service.called("en") for code, service in self._services.items()},
            counts=await desk_rows.count_desk(pool, visit.scope),
        )

    async def retry(self, visit: Visit, stuck_id: UUID) -> HTTPResponse:
        """Try one again now."""
        require(visit.actor, Permission.MANAGE_UNDELIVERED)
        if not await stuck_requests.retry(self._deps.store.pool, stuck_id, visit.now):
            raise Refused(
                "not_stuck", "It is being sent just now, or is not stuck any more. Reload the page."
            )
        await audit.record(
            self._deps.store.pool,
            visit.actor.agent_id,
            "request_retry",
            None,
            visit.now,
            request=str(stuck_id),
        )
        return go_to("/console/requests/stuck?notice=request-retried")
