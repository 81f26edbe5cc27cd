"""Reports: figures of a period with their definitions, a chart, breakdowns, the conversations behind each, and CSV."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sanic.response import HTTPResponse

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit
from console.rendering import HEADERS, Pages
from console.reports.charts import Bar, bars, columns
from console.reports.shown import (
    FIGURE_COLUMNS,
    LOAD_COLUMNS,
    csv,
    figure_row,
    height,
    label,
    load_row,
    said,
)
from console.topics import topic_titles
from desk.model import NotFound
from desk.people import audit
from desk.reporting.facts import Fact
from desk.reporting.figures import BY_ID, FIGURES, LOAD, Figure
from desk.reporting.periods import DIMENSIONS, Period, read_period, value_of
from desk.reporting.reading import Report, read_load, read_report
from desk.store.dialogue import desk_rows
from desk.store.reporting.records import MOST

SHOWN = 200
"""Conversations on the page behind a figure."""
GROUPS = 60
TABLES = ("figures", "breakdown", "load", "conversations")


class ReportPages:
    """GET /console/reports, /console/reports/conversations, /console/reports/csv."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._topics = topic_titles(deps)

    async def show(self, visit: Visit) -> HTTPResponse:
        """All figures, and one of them by one dimension."""
        period, figure, by = self._asked(visit)
        report = await self._read(visit, period)
        groups = self._groups(report.facts, by)
        rows = [
            Bar(self._label(by, value), height(figure.of(own)), said(figure, figure.of(own))[0])
            for value, own in groups
        ]
        draw = columns if by == "day" else bars
        return self._pages.page(
            "reports.html",
            session=visit.session,
            **await self._common(visit, period),
            report=report,
            most=MOST,
            figures=[(one, *said(one, one.of(report.facts))) for one in FIGURES],
            figure=figure,
            by=by,
            breakdown=[
                (value, self._label(by, value), *said(figure, figure.of(own)), len(own))
                for value, own in groups
            ],
            chart=draw(f"{figure.title} by {DIMENSIONS[by].lower()}, as in the table below", rows)
            if rows
            else None,
            loads=await read_load(self._deps.store.pool, visit.actor, period, visit.now),
            load_titles=LOAD,
            groups_cut=len({value_of(fact, by) for fact in report.facts}) > GROUPS,
        )

    async def conversations(self, visit: Visit) -> HTTPResponse:
        """The conversations that a figure counts."""
        period, figure, _ = self._asked(visit)
        report = await self._read(visit, period)
        behind = figure.behind(report.facts)
        return self._pages.page(
            "report_conversations.html",
            session=visit.session,
            **await self._common(visit, period),
            figure=figure,
            total=len(behind),
            longest=SHOWN,
            conversations=[(fact, self._label("topic", fact.topic or "-")) for fact in behind[:SHOWN]],
        )

    async def download(self, visit: Visit) -> HTTPResponse:
        """One table as CSV; the audit records the download and its number of lines."""
        table = visit.request.args.get("table", "")
        if table not in TABLES:
            raise NotFound("There is no such table.")
        period, figure, by = self._asked(visit)
        pool = self._deps.store.pool
        report = await self._read(visit, period)
        titles, rows = await self._table(visit, table, period, figure, by, report)
        await audit.record(
            pool, visit.actor.agent_id, "report_csv", None, visit.now, table=table, lines=str(len(rows))
        )
        name = f"{table}-{period.first}-{period.last}.csv"
        headers = HEADERS | {"content-disposition": f'attachment; filename="{name}"'}
        return HTTPResponse(csv(titles, rows), 200, headers, content_type="text/csv; charset=utf-8")

    async def _table(
        self, visit: Visit, table: str, period: Period, figure: Figure, by: str, report: Report
    ) -> tuple[Sequence[str], list[Sequence[object]]]:
        if table == "figures":
            return FIGURE_COLUMNS, [figure_row(one, one.of(report.facts)) for one in FIGURES]
        if table == "breakdown":
            groups = self._groups(report.facts, by)
            return (by, *FIGURE_COLUMNS), [
                (self._label(by, value), *figure_row(figure, figure.of(own))) for value, own in groups
            ]
        if table == "load":
            loads = await read_load(self._deps.store.pool, visit.actor, period, visit.now)
            return LOAD_COLUMNS, [load_row(one.name, one.in_hand, one.active, one.at_work) for one in loads]
        return ("conversation", "opened", "channel", "language", "topic", "team"), [
            (
                str(fact.id),
                fact.opened_at.isoformat(),
                fact.channel,
                fact.language or "",
                fact.topic or "",
                fact.team or "",
            )
            for fact in figure.behind(report.facts)
        ]

    async def _read(self, visit: Visit, period: Period) -> Report:
        return await read_report(
            self._deps.store.pool,
            visit.actor,
            self._deps.city,
            period,
            list(self._topics),
            visit.now,
            self._deps.teams.known,
        )

    def _asked(self, visit: Visit) -> tuple[Period, Figure, str]:
        given = {name: str(visit.request.args.get(name, "")) for name in ("from", "to", *DIMENSIONS)}
        today = visit.now.astimezone(self._deps.city.zone).date()
        figure = BY_ID.get(visit.request.args.get("figure", ""), FIGURES[0])
        by = visit.request.args.get("by", "")
        return read_period(given, self._deps.city.zone, today), figure, by if by in DIMENSIONS else "day"

    async def _common(self, visit: Visit, period: Period) -> dict[str, Any]:
        query = {"from": period.first.isoformat(), "to": period.last.isoformat(), **period.filters}
        return {
            "period": period,
            "choices": self._choices(),
            "dimensions": DIMENSIONS,
            "filters": [
                (DIMENSIONS[name], self._label(name, value)) for name, value in period.filters.items()
            ],
            "link": lambda **more: urlencode({**query, **more}),
            "counts": await desk_rows.count_desk(self._deps.store.pool, visit.scope),
        }

    def _groups(self, facts: Sequence[Fact], by: str) -> list[tuple[str, list[Fact]]]:
        """The facts by value: days in order, the others with the most first."""
        found: dict[str, list[Fact]] = defaultdict(list)
        for fact in facts:
            found[value_of(fact, by)].append(fact)
        if by == "day":
            return sorted(found.items())[-400:]
        return sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))[:GROUPS]

    def _label(self, dimension: str, value: str) -> str:
        return label(self._labels(), dimension, value)

    def _labels(self) -> Mapping[str, Mapping[str, str]]:
        return {
            **self._choices(),
            "topic": self._topics,
            "handoff_reason": {**words.REASONS, **words.MOVES},
            "reason": {**words.ENDINGS, **{one.name: one.title for one in self._deps.city.resolve_reasons}},
        }

    def _choices(self) -> Mapping[str, Mapping[str, str]]:
        """Filter -> value -> label, of those that are chosen from a list."""
        city = self._deps.city
        return {
            "channel": {one.channel: words.say(words.CHANNELS, one.channel) for one in city.inboxes},
            "language": {code: words.language_name(code) for code in city.languages},
            "team": {one.name: one.title for one in self._deps.teams.known},
            "topic": dict(sorted(self._topics.items(), key=lambda one: one[1])),
        }
