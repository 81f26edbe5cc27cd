"""The live wall: every team's queue and promises, and what every agent has, at this moment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from city import City, Team
from desk.model import Actor, Scope
from desk.people.permissions import Permission, require, scope_of
from desk.routing.capacity import measure_of
from desk.routing.sla import Sla, SlaState
from desk.store.pool import Executor
from desk.store.reporting import wall
from desk.store.reporting.endings import list_in_hand
from desk.store.reporting.wall import AgentNow, Cutoff, TeamNow
from desk.store.routing import presence

Availability = Literal["here", "idle", "signed_out"]
HERE = timedelta(minutes=2)
"""Sessions note a person's input every half a minute at most."""


@dataclass(frozen=True, slots=True)
class AgentShown:
    """`availability` is what the agent chose, corrected by inactivity, or follows from the agent's sessions. `load`: as
    "3/5", where it is known."""

    agent: AgentNow
    availability: str
    load: str


@dataclass(frozen=True, slots=True)
class Wall:
    """`total` adds the teams up. `late_ends`: by team, what agents have that missed its promised end."""

    teams: tuple[TeamNow, ...]
    total: TeamNow
    agents: tuple[AgentShown, ...]
    late_ends: Mapping[str | None, int]


async def read_wall(
    executor: Executor,
    actor: Actor,
    city: City,
    now: datetime,
    idle: timedelta,
    teams: Sequence[Team] | None = None,
) -> Wall:
    """The wall as this person may see it. `idle`: sessions end after this long without input. `teams`: as they are now,
    with their hours. Raises NotAllowed."""
    require(actor, Permission.READ_REPORTS)
    scope = scope_of(actor)
    sla = Sla(city, now, teams=teams)
    cutoffs = [Cutoff(one.team, one.urgent, one.promise, one.at_risk, one.missed) for one in sla.cutoffs()]
    rows = await wall.list_teams(executor, scope, cutoffs)
    ends = await late_ends(executor, scope, sla)
    late = Counter(team for state, team in ends.values() if state == "missed")
    agents = await wall.list_agents(executor, scope, now)
    present = {one.agent_id: one for one in await presence.list_presences(executor, measure_of(city))}
    shown = tuple(_shown(one, present.get(one.id), now, idle) for one in agents)
    return Wall(tuple(rows), _total(rows), shown, late)


async def late_ends(
    executor: Executor, scope: Scope, sla: Sla, agent_id: UUID | None = None
) -> dict[UUID, tuple[SlaState, str | None]]:
    """Conversation -> (at_risk or missed, team), of what agents, or one agent, have and should have ended."""
    cutoffs = [
        Cutoff(one.team, one.urgent, one.promise, one.at_risk, one.missed)
        for one in sla.cutoffs(("resolution",))
    ]
    found = await list_in_hand(executor, scope, cutoffs, agent_id) if cutoffs else []
    states = {one.id: (sla.of_end(one.team, one.urgent, one.stays), one.team) for one in found}
    return {id: (state, team) for id, (state, team) in states.items() if state and state != "on_time"}


def _shown(agent: AgentNow, known: presence.Presence | None, now: datetime, idle: timedelta) -> AgentShown:
    if known is None or known.since is None:
        return AgentShown(agent, availability_of(agent, now, idle), "")
    return AgentShown(agent, known.state, known.shown)


def availability_of(agent: AgentNow, now: datetime, idle: timedelta) -> Availability:
    """Whether the agent is at work, according to their sessions."""
    if agent.seen_at is None or now - agent.seen_at >= idle:
        return "signed_out"
    return "here" if now - agent.seen_at <= HERE else "idle"


async def conversations_of(executor: Executor, actor: Actor, agent_id: UUID) -> list[tuple[UUID, str]]:
    """(conversation, state) of what this agent has. Raises NotAllowed."""
    require(actor, Permission.READ_REPORTS)
    return await wall.list_of_agent(executor, scope_of(actor), agent_id)


def _total(teams: list[TeamNow]) -> TeamNow:
    oldest = min((one.oldest for one in teams if one.oldest), default=None)
    sums = {
        name: sum(getattr(one, name) for one in teams)
        for name in ("waiting", "urgent", "turn", "on_contact", "at_risk", "missed")
    }
    return TeamNow(team=None, oldest=oldest, **sums)
