"""How many conversations agents had at the same time: counted over time, so it is never overstated. Pure.

Averages of averages and sums over overlapping intervals exaggerate. Here every moment of a period is counted once: the
load changes only when a conversation starts or ends, and at the same moment ends are counted before starts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that an agent had from `start` to `end` (None: still). `active`: it was the agent's turn."""

    agent_id: UUID
    start: datetime
    end: datetime | None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Load:
    """`peak` is the most at one moment, `mean` the average over the time with at least one, `busy` that time in
    seconds, `held` the conversations' time in seconds."""

    peak: int
    mean: float
    busy: float
    held: float


NO_LOAD = Load(0, 0.0, 0.0, 0.0)


def load_of(spans: Iterable[tuple[datetime, datetime]]) -> Load:
    """The load of spans, each at least as long as nothing."""
    changes: list[tuple[datetime, int]] = []
    for start, end in spans:
        if end > start:
            changes += [(start, 1), (end, -1)]
    changes.sort(
        key=lambda one: (one[0], one[1])
    )  # at the same moment, departures are counted before arrivals
    now = peak = 0
    busy = held = 0.0
    before: datetime | None = None
    for at, change in changes:
        if before is not None and now:
            seconds = (at - before).total_seconds()
            busy += seconds
            held += seconds * now
        now += change
        peak = max(peak, now)
        before = at
    return Load(peak, held / busy if busy else 0.0, busy, held)


def clipped(
    held: Iterable[Held], start: datetime, end: datetime, *, active_only: bool = False
) -> Mapping[UUID, Sequence[tuple[datetime, datetime]]]:
    """What of it lies within the period, by agent."""
    found: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in held:
        if active_only and not one.active:
            continue
        first, last = max(one.start, start), min(one.end or end, end)
        if last > first:
            found[one.agent_id].append((first, last))
    return found


def load_by_agent(
    held: Sequence[Held], start: datetime, end: datetime, *, active_only: bool = False
) -> dict[UUID, Load]:
    """Each agent's load in the period."""
    spans = clipped(held, start, end, active_only=active_only)
    return {agent: load_of(own) for agent, own in spans.items()}


Spans = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class WorkLoad:
    """The load within the time at work. `seconds`: that time; `busy`: with at least one conversation; `mean`: conversations at
    once, with the time that had none."""

    seconds: float
    busy: float
    mean: float


def load_at_work(held: Spans, at_work: Spans) -> WorkLoad | None:
    """What of the conversations lies within the time at work; None for somebody who was not at work."""
    seconds = sum((end - start).total_seconds() for start, end in at_work)
    if not seconds:
        return None
    within = load_of(
        (max(start, began), min(end, ended))
        for start, end in held
        for began, ended in at_work
        if max(start, began) < min(end, ended)
    )
    return WorkLoad(seconds, within.busy, within.held / seconds)


def concurrency(loads: Iterable[Load]) -> float | None:
    """How many conversations an agent who has any has at once, on average over agents' time; None of nothing."""
    known = list(loads)
    busy = sum(one.busy for one in known)
    return sum(one.held for one in known) / busy if busy else None
