"""The filters of the request book: parsed from a URL or a form, and written as fields. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from urllib.parse import urlencode

from desk.store.georeport import Area, Search

LONGEST_WORDS = 200
NO_CREW = "-"
"""The choice of requests that no crew has."""
_AREA = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,6}(?:,-?[0-9]{1,3}\.[0-9]{1,6}){3}")


@dataclass(frozen=True, slots=True)
class Filters:
    """Each is empty where it narrows nothing. `words` may be personal: they are in no address."""

    status: str = ""
    service: str = ""
    crew: str = ""
    since: str = ""
    until: str = ""
    late: bool = False
    area: str = ""
    words: str = ""

    def fields(self) -> dict[str, str]:
        """Everything, as a form carries it."""
        known = {
            "status": self.status, "service": self.service, "crew": self.crew, "since": self.since,
            "until": self.until, "late": "yes" if self.late else "", "area": self.area, "words": self.words,
        }  # fmt: skip
        return {name: value for name, value in known.items() if value}

    def query(self, **changed: str) -> str:
        """The part of an address for these filters, without the words, and with some changed; begins with ? if it has any."""
        fields = {**self.fields(), **changed}
        kept = {name: value for name, value in fields.items() if value and name != "words"}
        return f"?{urlencode(kept)}" if kept else ""

    def search(self, zone: tzinfo, now: datetime, *, limit: int, skip: int = 0) -> Search:
        """The filters as the request book knows them. `until` is the last day, whole."""
        since, until = _day(self.since), _day(self.until)
        return Search(
            codes=(self.service,) if self.service else None,
            statuses=(self.status,) if self.status else None,
            requested_from=datetime.combine(since, time(), zone) if since else None,
            requested_to=_end(until, zone) if until else None,
            crew={"": None, NO_CREW: ""}.get(self.crew, self.crew),
            late_at=now if self.late else None,
            area=_area(self.area),
            words=self.words,
            limit=limit,
            skip=skip,
        )


def read_filters(get: Callable[[str], str], services: Collection[str], crews: Collection[str]) -> Filters:
    """The filters of an address or a form; what is none narrows nothing."""

    def one_of(name: str, known: Collection[str]) -> str:
        value = get(name)
        return value if value in known else ""

    since, until, area = get("since"), get("until"), get("area")
    return Filters(
        one_of("status", ("open", "closed")),
        one_of("service", services),
        one_of("crew", (*crews, NO_CREW)),
        since if _day(since) else "",
        until if _day(until) else "",
        get("late") == "yes",
        area if _AREA.fullmatch(area) else "",
        get("words").strip()[:LONGEST_WORDS],
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _end(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.max, zone)


def _area(written: str) -> Area | None:
    return Area(*map(float, written.split(","))) if written else None
