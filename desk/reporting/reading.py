"""Reads the facts of a period, and the load of its agents, as far as a person may see them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city import City, Team
from desk.model import Actor
from desk.people.permissions import Permission, require, scope_of
from desk.reporting.facts import Fact, Facts
from desk.reporting.load import (
    NO_LOAD,
    Held,
    Load,
    WorkLoad,
    clipped,
    concurrency,
    load_at_work,
    load_by_agent,
)
from desk.reporting.periods import Period
from desk.reporting.presence import read_at_work
from desk.store.pool import Executor
from desk.store.reporting.held import list_held
from desk.store.reporting.records import MOST, Record, list_records


@dataclass(frozen=True, slots=True)
class Report:
    """`cut`: there were more conversations than a report reads, and the latest are missing."""

    facts: tuple[Fact, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class AgentLoad:
    """One agent's load in hand; `active`: while it was the agent's turn; `at_work`: by the history of presence."""

    agent_id: UUID
    name: str
    in_hand: Load
    active: Load | None
    at_work: WorkLoad | None


async def read_report(
    executor: Executor,
    actor: Actor,
    city: City,
    period: Period,
    topics: Sequence[str],
    now: datetime,
    teams: Sequence[Team] | None = None,
) -> Report:
    """The facts of the period that pass its filters. `teams`: as they are now, with their hours. Raises NotAllowed."""
    require(actor, Permission.READ_REPORTS)
    records = await list_records(executor, scope_of(actor), period.start, period.end, topics)
    # In a thread: a long report must not delay citizens' messages.
    facts = await asyncio.to_thread(_facts, Facts(city, now, period.start, teams), period, records)
    return Report(tuple(facts), len(records) == MOST)


def _facts(maker: Facts, period: Period, records: Sequence[Record]) -> list[Fact]:
    return [fact for fact in map(maker.of, records) if period.wants(fact)]


async def read_load(executor: Executor, actor: Actor, period: Period, now: datetime) -> list[AgentLoad]:
    """The load of every agent who had a conversation in the period or was at work, by name. Raises NotAllowed."""
    require(actor, Permission.READ_REPORTS)
    end = min(period.end, now)
    rows = await list_held(executor, scope_of(actor), period.start, end)
    present = await read_at_work(executor, actor, period, now)
    held = [Held(row.agent_id, row.start, row.end, row.active) for row in rows]
    names = {row.agent_id: row.agent_name for row in rows}
    names |= {one.id: one.name for one in present if one.working}
    working = {one.id: one.working for one in present}
    spans = clipped(held, period.start, end)
    in_hand = load_by_agent(held, period.start, end)
    active = load_by_agent(held, period.start, end, active_only=True)
    found = [
        AgentLoad(
            id,
            name,
            in_hand.get(id, NO_LOAD),
            active.get(id),
            load_at_work(spans.get(id, ()), working.get(id, ())),
        )
        for id, name in names.items()
    ]
    return sorted(found, key=lambda one: (one.name, one.agent_id))


def at_once(loads: Sequence[AgentLoad]) -> float | None:
    """How many conversations an agent has at once, on average over the time with any."""
    return concurrency(one.in_hand for one in loads)
