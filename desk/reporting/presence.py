"""How long agents were at work, and in which state. Pure, except for the read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Actor
from desk.people.permissions import Permission, require, scope_of
from desk.reporting.periods import Period
from desk.store.pool import Executor
from desk.store.routing.presence_history import Stay, list_stays

WORKING = ("available", "wrap_up")


@dataclass(frozen=True, slots=True)
class AtWork:
    """One agent: `seconds` by state, and the spans behind them, cut to the period."""

    id: UUID
    name: str
    seconds: Mapping[str, float]
    spans: Sequence[tuple[str, datetime, datetime]]

    @property
    def working(self) -> Sequence[tuple[datetime, datetime]]:
        """The spans in which the agent could have conversations: not those on break or away."""
        return [(began, ended) for state, began, ended in self.spans if state in WORKING]

    @property
    def total(self) -> float:
        """All seconds at work."""
        return sum(self.seconds.values())


async def read_at_work(executor: Executor, actor: Actor, period: Period, now: datetime) -> list[AtWork]:
    """Everybody who was at work in the period, as this person may see them. Raises NotAllowed."""
    require(actor, Permission.READ_REPORTS)
    end = min(period.end, now)
    return at_work(await list_stays(executor, scope_of(actor), period.start, end), period.start, end)


def at_work(stays: Sequence[Stay], start: datetime, end: datetime) -> list[AtWork]:
    """The stays by agent, cut to the period."""
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for stay in stays:
        found[stay.agent_id].append(stay)
    people = []
    for id, own in found.items():
        spans = [
            (one.state, max(one.began_at, start), min(one.ended_at or end, end))
            for one in own
            if max(one.began_at, start) < min(one.ended_at or end, end)
        ]
        seconds: dict[str, float] = defaultdict(float)
        for state, began, ended in spans:
            seconds[state] += (ended - began).total_seconds()
        if spans:
            people.append(AtWork(id, own[0].agent_name, dict(seconds), spans))
    return people
