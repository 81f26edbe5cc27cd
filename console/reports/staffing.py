"""The staffing what-if: how long people would wait with a given number of agents. The form's values come from the period's data."""

from dataclasses import dataclass
from datetime import timedelta
from math import isfinite
from statistics import mean

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit
from console.rendering import Pages
from console.reports.shown import duration
from desk.people.permissions import Permission, require
from desk.reporting.facts import Fact
from desk.reporting.periods import Period
from desk.reporting.reading import at_once, read_load, read_report
from desk.reporting.staffing import Demand, Forecast, forecast, needed, suggested
from desk.store.dialogue import desk_rows

FIELDS = {
    "per_hour": ("Conversations an hour that come to people", 0.0, 20_000.0),
    "minutes": ("Minutes that one is in an agent's hand", 0.1, 10_000.0),
    "at_once": ("Conversations of one agent at once", 1.0, 50.0),
    "patience": ("Minutes after which people give up (0: never)", 0.0, 10_000.0),
    "target": ("Target: seconds to an agent", 0.0, 86_400.0),
    "share": ("Target: percent within that time", 1.0, 99.9),
    "absent": ("Percent of agents' time for breaks, training and illness", 0.0, 90.0),
}
"""Field -> label, least, most."""
USUAL = {
    "per_hour": 20.0, "minutes": 10.0, "at_once": 3.0, "patience": 10.0, "target": 60.0, "share": 80.0, "absent": 20.0,
}  # fmt: skip
OWN_DAYS = 28


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `paid` are the agents to employ, with those who are absent."""

    forecast: Forecast
    paid: int
    mean_wait: str
    meets: bool


class StaffingPages:
    """GET /console/reports/staffing."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """The form, and a table of forecasts around the required number of agents."""
        require(visit.actor, Permission.READ_REPORTS)
        given = {name: str(visit.request.args.get(name, "")) for name in FIELDS}
        own = await self._own(visit)
        values = {name: _number(given[name], name, own.get(name, USUAL[name])) for name in FIELDS}
        wrong = [FIELDS[name][0] for name, text in given.items() if text and _read(text, name) is None]
        demand = Demand(
            values["per_hour"], values["minutes"] * 60, values["at_once"], values["patience"] * 60 or None
        )
        share = values["share"] / 100
        enough = needed(demand, values["target"], share)
        rows = [
            self._row(forecast(demand, agents, values["target"]), values, share)
            for agents in suggested(demand, values["target"], share)
        ]
        return self._pages.page(
            "staffing.html",
            session=visit.session,
            fields=FIELDS,
            values=values,
            own=own,
            own_days=OWN_DAYS,
            wrong=wrong,
            enough=enough,
            rows=rows,
            counts=await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        )

    def _row(self, found: Forecast, values: dict[str, float], share: float) -> Row:
        wait = duration(found.mean_wait) if isfinite(found.mean_wait) else "grows without end"
        paid = (
            -(-found.agents // 1)
            if not values["absent"]
            else -int(-found.agents / (1 - values["absent"] / 100) // 1)
        )
        return Row(found, paid, wait, found.within >= share)

    async def _own(self, visit: Visit) -> dict[str, float]:
        """The figures of the last weeks, as far as there are enough conversations."""
        today = visit.now.astimezone(self._deps.city.zone).date()
        period = Period(today - timedelta(days=OWN_DAYS - 1), today, self._deps.city.zone)
        pool = self._deps.store.pool
        report = await read_report(pool, visit.actor, self._deps.city, period, [], visit.now)
        loads = await read_load(pool, visit.actor, period, visit.now)
        return own_figures(report.facts, at_once(loads))


def own_figures(facts: tuple[Fact, ...], together: float | None) -> dict[str, float]:
    """The form's values from facts: the busiest hour's mean, time in hand, conversations at once. Pure."""
    found: dict[str, float] = {}
    handed = [fact.handed_off_at for fact in facts if fact.handed_off_at is not None]
    days = len({fact.day for fact in facts})
    if handed and days:
        by_hour = [0] * 24
        for at in handed:
            by_hour[at.hour] += 1
        found["per_hour"] = round(max(by_hour) / days, 2)
    held = [fact.in_hand for fact in facts if fact.in_hand]
    if held:
        found["minutes"] = max(0.1, round(mean(held) / 60, 1))
    if together is not None:
        found["at_once"] = round(max(1.0, together), 1)
    return found


def _read(text: str, name: str) -> float | None:
    _, least, most = FIELDS[name]
    try:
        value = float(text.replace(",", ".")) if len(text) < 20 else None
    except ValueError:
        return None
    return value if value is not None and isfinite(value) and least <= value <= most else None


def _number(text: str, name: str, otherwise: float) -> float:
    found = _read(text, name)
    return otherwise if found is None else found
