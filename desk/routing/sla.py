"""SLA policies: by when a contact must be answered, and whether that is at risk or missed. Pure.

Time is counted in the open hours of a team, or around the clock. `open_hours` takes intervals from any source.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Literal

from city import City, Team
from city.hours import Hours
from city.model import SlaPolicy
from desk.routing.hours import spans_between

Spans = Sequence[tuple[datetime, datetime]]
Promise = Literal["first_response", "next_response", "resolution"]
PROMISES: tuple[Promise, ...] = ("first_response", "next_response", "resolution")
SlaState = Literal["on_time", "at_risk", "missed"]
AT_RISK = 0.8
"""This part of the promised time has passed."""
_AROUND = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Spans as seconds, in order, and how many open seconds there are before each. Without spans: around the clock."""

    starts: tuple[float, ...] = ()
    ends: tuple[float, ...] = ()
    before: tuple[float, ...] = ()
    always: bool = True

    def position(self, at: datetime) -> float:
        """How many open seconds there are until this moment."""
        moment = at.timestamp()
        if self.always:
            return moment
        place = bisect_right(self.starts, moment) - 1
        if place < 0:
            return 0.0
        return self.before[place] + min(moment, self.ends[place]) - self.starts[place]

    def elapsed(self, start: datetime, end: datetime) -> float:
        """The open seconds between two moments."""
        return self.position(end) - self.position(start)

    def reached(self, position: float, zone: datetime) -> datetime | None:
        """The first moment with so many open seconds before it, in the zone of `zone`; None after the last span."""
        if self.always:
            return datetime.fromtimestamp(position, zone.tzinfo)
        place = bisect_right(self.before, position) - 1
        if place < 0:
            return None
        if place and self.before[place] == position:  # the end of the span before comes first
            place -= 1
        at = self.starts[place] + position - self.before[place]
        return datetime.fromtimestamp(at, zone.tzinfo) if at <= self.ends[place] else None

    def due(self, start: datetime, seconds: float) -> datetime | None:
        """When so many open seconds have passed since `start`; None if that is beyond the known hours."""
        return self.reached(self.position(start) + seconds, start)

    def since_when(self, now: datetime, seconds: float) -> datetime:
        """Who has waited since before this moment has waited for more than `seconds` now."""
        position = self.position(now) - seconds
        return (self.reached(position, now) if position >= 0 else None) or datetime.min.replace(
            tzinfo=now.tzinfo
        )


def open_hours(spans: Spans) -> OpenHours:
    """The hours of these spans, which are in order and do not overlap."""
    starts = tuple(start.timestamp() for start, _ in spans)
    ends = tuple(end.timestamp() for _, end in spans)
    lengths = [end - start for start, end in zip(starts, ends, strict=True)]
    before = tuple(accumulate(lengths, initial=0.0))[:-1]
    return OpenHours(starts, ends, before, always=False)


def policy_of(city: City, team: str | None, urgent: bool) -> SlaPolicy | None:
    """The first policy that fits."""
    return next(
        (one for one in city.sla if one.team in (None, team) and one.urgent in (None, urgent)),
        None,
    )


@dataclass(frozen=True, slots=True)
class SlaStanding:
    """`due_at` is None where it lies beyond the known hours. `over`: the seconds of these hours since it was missed."""

    promise: Promise
    state: SlaState
    due_at: datetime | None
    over: float


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """For one promise of one kind of conversations: since when somebody waits who is at risk, or was missed."""

    team: str | None
    urgent: bool
    promise: Promise
    at_risk: datetime
    missed: datetime


@dataclass(frozen=True, slots=True)
class KnownHours:
    """The open hours of a team, or of the office, from one day to another. `own`: the hours that the team had then."""

    own: Hours | None
    first: date
    last: date
    hours: OpenHours


class Sla:
    """The promises of a city as they stand at the moment `now`. Created for every request."""

    def __init__(
        self,
        city: City,
        now: datetime,
        since: datetime | None = None,
        teams: Sequence[Team] | None = None,
        known: dict[str | None, KnownHours] | None = None,
    ) -> None:
        """`since`: the earliest moment that is asked for; a hundred days ago, unless it is given. `teams`: as they are
        now; those of city.yml, unless they are given. `known`: what was worked out by team, for those who come again."""
        self._city = city
        self._now = now
        self._since = since or now - _AROUND
        self._teams = {team.name: team for team in (city.teams if teams is None else teams)}
        self._known = {} if known is None else known

    def hours(self, team: str | None, policy: SlaPolicy) -> OpenHours:
        """The hours in which this policy counts: the team's own, or else the office's."""
        if policy.always:
            return OpenHours()
        known = self._teams.get(team) if team else None
        own = known.hours if known else None
        return self._hours_of(team if own else None, own)

    def _hours_of(self, team: str | None, own: Hours | None) -> OpenHours:
        zone = own.time_zone(self._city.zone) if own else self._city.zone
        until = self._now + _AROUND
        first, last = self._since.astimezone(zone).date(), until.astimezone(zone).date()
        known = self._known.get(team)
        if known is None or (known.own, known.first, known.last) != (own, first, last):
            spans = spans_between(self._city, self._since, until, own)
            known = self._known[team] = KnownHours(own, first, last, open_hours(spans))
        return known.hours

    def standing(
        self, promise: Promise, team: str | None, urgent: bool, since: datetime | None
    ) -> SlaStanding | None:
        """How the promise stands for somebody who waits since then; None where nothing was promised."""
        policy = policy_of(self._city, team, urgent)
        minutes = getattr(policy, promise) if policy else None
        if policy is None or minutes is None or since is None:
            return None
        hours = self.hours(team, policy)
        elapsed, promised = hours.elapsed(since, self._now), minutes * 60
        state: SlaState = (
            "missed" if elapsed > promised else "at_risk" if elapsed >= promised * AT_RISK else "on_time"
        )
        return SlaStanding(promise, state, hours.due(since, promised), max(0.0, elapsed - promised))

    def of_waiting(
        self,
        state: str,
        team: str | None,
        urgent: bool,
        queued_at: datetime | None,
        since: datetime | None,
    ) -> SlaStanding | None:
        """The response that an open conversation waits for. `since`: the citizen's first message that no agent has
        answered. The clock stops while the conversation waits for the citizen."""
        if state == "queued":
            return self.standing("first_response", team, urgent, queued_at)
        if state != "assigned":
            return None
        if queued_at is not None and (since is None or since <= queued_at):
            return self.standing("first_response", team, urgent, queued_at)
        return self.standing("next_response", team, urgent, since)

    def of_end(
        self, team: str | None, urgent: bool, stays: Sequence[tuple[datetime, datetime | None]]
    ) -> SlaState | None:
        """How the promised end stands. `stays`: the spans in which people had it and it did not wait for the citizen;
        the last may go on."""
        policy = policy_of(self._city, team, urgent)
        if policy is None or policy.resolution is None:
            return None
        hours = self.hours(team, policy)
        used = sum(hours.elapsed(start, end or self._now) for start, end in stays) / (policy.resolution * 60)
        return "missed" if used > 1 else "at_risk" if used >= AT_RISK else "on_time"

    def cutoffs(self, promises: Sequence[Promise] = PROMISES[:2]) -> list[Cutoffs]:
        """The moments with which a statement can count who is at risk, for every team and kind."""
        found = []
        for team in (None, *self._teams):
            for urgent in (False, True):
                policy = policy_of(self._city, team, urgent)
                for promise in promises:
                    minutes = getattr(policy, promise) if policy else None
                    if policy is None or minutes is None:
                        continue
                    hours = self.hours(team, policy)
                    risk = hours.since_when(self._now, minutes * 60 * AT_RISK)
                    missed = hours.since_when(self._now, minutes * 60)
                    found.append(Cutoffs(team, urgent, promise, risk, missed))
        return found
