"""Who was at work and when, for supervisors."""

from datetime import timedelta

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.rendering import Pages
from desk.reporting.periods import read_period
from desk.reporting.presence import read_at_work

USUAL = 7
SPANS = 200
"""Spans of one agent that the page shows."""


class PresenceReports:
    """GET /console/reports/presence."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """Hours by state, and the spans behind them."""
        zone = self._deps.city.zone
        today = visit.now.astimezone(zone).date()
        given = {name: str(visit.request.args.get(name, "")) for name in ("from", "to")}
        if not given["from"]:
            given["from"] = (today - timedelta(days=USUAL - 1)).isoformat()
        period = read_period(given, zone, today)
        pool = self._deps.store.pool
        return self._pages.page(
            "presence.html",
            session=visit.session,
            period=period,
            people=await read_at_work(pool, visit.actor, period, visit.now),
            zone=zone,
            most=SPANS,
            **await counts_of(pool, visit),
        )
