"""When answers said a fact as it was before: the times of its values, from its history and from the days on which they held."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from desk.knowledge.named_facts import FactValue, in_words
from desk.knowledge.publishing.published import fact_of
from desk.store.knowledge.facts import FactState


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` until `until` answers said the fact so, in the city's first language."""

    fact: str
    said: str
    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.fact} {self.since.isoformat()} {self.until.isoformat()}"


def windows_of(states: Sequence[FactState], zone: tzinfo, language: str, now: datetime) -> list[Window]:
    """The values that hold no more, the latest first. Neighbours with the same value are one."""
    found: list[Window] = []
    for window in _all(states, zone, language, now):
        last = found[-1] if found else None
        if last and last.said == window.said and last.until == window.since:
            found[-1] = Window(last.fact, last.said, last.since, window.until)
        else:
            found.append(window)
    return [one for one in reversed(found) if one.until < now]


def _all(states: Sequence[FactState], zone: tzinfo, language: str, now: datetime) -> Iterator[Window]:
    published = sorted((one for one in states if one.state == "published"), key=lambda one: one.at)
    ends = [*(one.at for one in published[1:]), now]
    for state, end in zip(published, ends, strict=True):
        fact = fact_of(state.body)
        following = [*fact.values[1:], None]
        for value, after in zip(fact.values, following, strict=True):
            since = max(state.at, datetime.combine(value.since, time(), zone))
            until = min(end, _end(value, after, zone) or end)
            if since < until:
                yield Window(fact.name, in_words(fact, value, language) or "", since, until)


def _end(value: FactValue, after: FactValue | None, zone: tzinfo) -> datetime | None:
    days = [one for one in (value.until and value.until + timedelta(days=1), after and after.since) if one]
    return datetime.combine(min(days), time(), zone) if days else None
