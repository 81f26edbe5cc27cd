"""The audit log: who did what, when, and to what; with filters, and as CSV."""

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID

from sanic.response import HTTPResponse

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of
from console.rendering import HEADERS, Pages
from desk.people.records.audit_search import AuditSearch
from desk.store.people.audit import Wanted

DAYS = 30
"""Without a choice of days, the last ones."""
_ABOUT = re.compile(r"[A-Za-z0-9-]{1,60}")
_ACTION = re.compile(r"[a-z_]{1,40}")


class AuditPages:
    """GET /console/audit and /console/audit.csv."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._search = AuditSearch(deps.store, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """A page of lines, newest first."""
        given = self._given(visit)
        number = visit.request.args.get("page", "1")
        page = (
            int(number) if number.isascii() and number.isdigit() and 0 < int(number[:5] or 0) < 10_000 else 1
        )
        found = await self._search.search(visit.actor, self._wanted(given), page)
        return self._pages.page(
            "audit.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            lines=found.lines,
            people=found.people,
            given=given,
            query=urlencode({name: value for name, value in given.items() if value}),
            page=page,
            more=found.more,
            actions=sorted(words.ACTIONS.items(), key=lambda one: one[1]),
        )

    async def table(self, visit: Visit) -> HTTPResponse:
        """The same lines as CSV."""
        text = await self._search.export(visit.actor, self._wanted(self._given(visit)))
        headers = HEADERS | {"content-disposition": 'attachment; filename="audit.csv"'}
        return HTTPResponse(text, 200, headers, content_type="text/csv; charset=utf-8")

    def _given(self, visit: Visit) -> dict[str, str]:
        today = visit.now.astimezone(self._deps.city.zone).date()
        asked = {
            name: visit.request.args.get(name, "").strip()
            for name in ("person", "act", "about", "since", "until")
        }
        return asked | {
            "since": _day(asked["since"], today - timedelta(days=DAYS)).isoformat(),
            "until": _day(asked["until"], today).isoformat(),
            "act": asked["act"] if _ACTION.fullmatch(asked["act"]) else "",
            "about": asked["about"] if _ABOUT.fullmatch(asked["about"]) else "",
            "person": str(_id(asked["person"]) or ""),
        }

    def _wanted(self, given: dict[str, str]) -> Wanted:
        zone = self._deps.city.zone
        since = datetime.combine(date.fromisoformat(given["since"]), time(), zone)
        until = datetime.combine(date.fromisoformat(given["until"]) + timedelta(days=1), time(), zone)
        return Wanted(
            since.astimezone(UTC),
            until.astimezone(UTC),
            _id(given["person"]),
            given["act"] or None,
            given["about"] or None,
        )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 2000 <= day.year <= 2200 else otherwise
