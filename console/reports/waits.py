"""How long people wait, and how often the stated waits hold."""

from datetime import timedelta

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.rendering import Pages
from desk.people.permissions import Permission, require
from desk.reporting.waits import figures_of, waits_of
from desk.routing.wait_calibration import GOAL, LIMIT, PROVEN
from desk.store.waits import people, statements

DAYS = 7
NIGHTS = timedelta(days=14)


class WaitPages:
    """GET /console/waits."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """Show the waits of the last days and the coverage of what was stated, by team."""
        require(visit.actor, Permission.READ_WAITS)
        pool = self._deps.store.pool
        waits = waits_of(
            await people.list_moves(pool, visit.now - timedelta(days=DAYS), visit.now), visit.now
        )
        scope = visit.scope
        waits = [wait for wait in waits if scope.everything or wait.team in scope.teams]
        calibrations = await statements.list_calibrations(pool)
        teams = sorted({wait.team for wait in waits if wait.team})
        nights: dict[str, list[statements.Backtest]] = {}
        for row in await statements.list_backtests(pool, NIGHTS, visit.now):
            if scope.everything or row.team in scope.teams:
                nights.setdefault(row.team, []).append(row)
        return self._pages.page(
            "waits.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            days=DAYS,
            all=figures_of(waits),
            by_team=[(team, figures_of([wait for wait in waits if wait.team == team])) for team in teams],
            calibrations=[one for one in calibrations if scope.everything or one.team in scope.teams],
            nights=nights,
            goal=GOAL,
            limit=LIMIT,
            proven=PROVEN,
        )
