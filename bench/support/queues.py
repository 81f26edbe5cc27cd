"""Simulated queues of one team, to try the stated waits on: arrivals, staff and handling times that change.

Time is counted in seconds in which the team is open; a day has eight hours of it. People who wait at the end of a day continue
to wait the next morning, as in the product.
"""

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from desk.routing.wait_calibration import Calibration, Scored, calibrate
from desk.routing.wait_estimate import MOST_CLAIMS, Claim, Outlook, Range, flow_of, outlook

DAY = 8 * 3600.0
START = datetime(2026, 1, 1, tzinfo=UTC)
CALIBRATED_EVERY = 1800.0
KEPT = 30 * DAY


@dataclass(frozen=True, slots=True)
class Pattern:
    """`arrivals` an hour and `slots` (conversations that all agents together can hold) at a time in seconds;
    `handling` draws the seconds that a conversation keeps a slot."""

    name: str
    arrivals: Callable[[float], float]
    slots: Callable[[float], int]
    handling: Callable[[random.Random, float], float]
    patience: float = 3600.0


@dataclass(slots=True)
class Told:
    """One statement and its outcome."""

    at: float
    place: int
    outlook: Outlook
    range: Range
    usable: bool
    shown: bool
    scored: Scored | None = None


@dataclass(slots=True)
class _Person:
    came: float
    urgent: bool
    told: Told | None = None
    gone: bool = False
    claimed: bool = False


@dataclass(slots=True)
class Queue:
    """One run of a pattern."""

    pattern: Pattern
    seed: int
    told: list[Told] = field(default_factory=list)
    _scored: list[tuple[float, Scored]] = field(default_factory=list)
    _waiting: list[_Person] = field(default_factory=list)
    _claims: list[Claim] = field(default_factory=list)
    _busy: int = 0
    _calibration: Calibration = field(default_factory=Calibration)
    _calibrated: float = -CALIBRATED_EVERY

    def run(self, days: int) -> list[Told]:
        """Everything that was stated in so many days."""
        draw = random.Random(self.seed)
        order = count()
        events: list[tuple[float, int, str, _Person | None]] = []

        def add(at: float, kind: str, person: _Person | None = None) -> None:
            heapq.heappush(events, (at, next(order), kind, person))

        end = days * DAY
        most = max(self.pattern.arrivals(at) for at in range(0, int(end), 600))
        add(draw.expovariate(most / 3600), "arrival")
        for tick in range(int(end // 900)):
            add(tick * 900.0, "staff")
        while events:
            now, _, kind, person = heapq.heappop(events)
            if now > end:
                break
            if kind == "arrival":
                add(now + draw.expovariate(most / 3600), "arrival")
                if draw.random() < self.pattern.arrivals(now) / most:
                    came = _Person(now, draw.random() < 0.02)
                    self._arrive(came, now)
                    add(now + draw.expovariate(1 / self.pattern.patience), "leave", came)
            elif kind == "leave" and person is not None and not person.claimed:
                person.gone = True
                self._waiting.remove(person)
                self._score(person, now, left=True)
            elif kind == "claim" and person is not None:
                self._claims = [*self._claims[-MOST_CLAIMS:], Claim(_at(person.came), _at(now))]
                self._score(person, now, left=False)
            elif kind == "free":
                self._busy -= 1
            while self._waiting and self._busy < self.pattern.slots(now):
                served = self._waiting.pop(0)
                served.claimed, self._busy = True, self._busy + 1
                claimed = now + draw.uniform(2, 30)
                add(claimed, "claim", served)
                add(claimed + self.pattern.handling(draw, now), "free")
        return self.told

    def _arrive(self, person: _Person, now: float) -> None:
        place = sum(one.urgent for one in self._waiting) if person.urgent else len(self._waiting)
        since = self._waiting[0].came if self._waiting else None
        self._waiting.insert(place, person)
        flow = flow_of(self._claims, _between, now=_at(now), waiting_since=_at(since) if since else None)
        if flow is None:
            return
        self._calibrate(now)
        seen = outlook(flow, place + 1)
        said = self._calibration.range(seen, place + 1)
        closes = DAY - now % DAY
        usable = not said.useless and said.high * 60 <= closes
        person.told = Told(now, place + 1, seen, said, usable, usable and self._calibration.hidden is None)
        self.told.append(person.told)

    def _score(self, person: _Person, now: float, *, left: bool) -> None:
        told = person.told
        if told is None:
            return
        waited = now - told.at
        if left and waited <= told.range.high * 60:
            return  # nobody knows whether the range would have held
        told.scored = Scored(told.place, told.outlook, told.range, waited, told.usable, left)
        self._scored.append((now, told.scored))

    def _calibrate(self, now: float) -> None:
        if now - self._calibrated < CALIBRATED_EVERY:
            return
        self._calibrated = now
        while self._scored and now - self._scored[0][0] > KEPT:
            self._scored.pop(0)
        over = [
            Scored(one.place, one.outlook, one.range, now - one.at, one.usable, True)
            for person in self._waiting
            if (one := person.told) and now - one.at > one.range.high * 60
        ]
        self._calibration = calibrate([*(one for _, one in self._scored), *over])


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _exponential(mean: float) -> Callable[[random.Random, float], float]:
    return lambda draw, _: draw.expovariate(1 / mean)


def _lognormal(median: float, sigma: float) -> Callable[[random.Random, float], float]:
    return lambda draw, _: draw.lognormvariate(math.log(median), sigma)


def _hour(now: float) -> float:
    return now % DAY / 3600


def _day(now: float) -> int:
    return int(now // DAY)


PATTERNS = (
    Pattern("steady", lambda _: 34, lambda _: 4, _exponential(400)),
    Pattern(
        "rush hours",
        lambda now: 50 if _hour(now) < 2 or 4 <= _hour(now) < 5 else 22,
        lambda _: 4,
        _exponential(400),
    ),
    Pattern(
        "staff that changes",
        lambda _: 34,
        lambda now: (5, 5, 5, 3, 2, 4, 5, 4)[int(_hour(now))] + (_day(now) % 5 == 0),
        _lognormal(330, 0.7),
    ),
    Pattern(
        "surges",
        lambda now: 30 * (3.0 if _day(now) % 6 == 4 and 2 <= _hour(now) < 4 else 1.0),
        lambda _: 12,
        _lognormal(1100, 0.6),
        5400.0,
    ),
    Pattern(
        "cases that get longer",
        lambda _: 30,
        lambda now: 4 + (_day(now) >= 20),
        lambda draw, now: draw.expovariate(1 / (380 + 8 * _day(now))),
    ),
    Pattern("one person", lambda _: 5.2, lambda _: 1, _lognormal(500, 0.8)),
)
