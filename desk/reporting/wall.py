"""The live wall: every team's queue and promises, and what every agent has, at this moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from city import City
from desk.model import Actor
from desk.people.permissions import Permission, require, scope_of
from desk.routing.sla import Sla
from desk.store.pool import Executor
from desk.store.reporting import wall
from desk.store.reporting.wall import AgentNow, Cutoff, TeamNow

Presence = Literal["here", "idle", "signed_out"]
HERE = timedelta(minutes=2)
"""Sessions note a person's input every half a minute at most."""


@dataclass(frozen=True, slots=True)
class AgentShown:
    """`presence` follows from the agent's sessions."""

    agent: AgentNow
    presence: Presence


@dataclass(frozen=True, slots=True)
class Wall:
    """`total` adds the teams up."""

    teams: tuple[TeamNow, ...]
    total: TeamNow
    agents: tuple[AgentShown, ...]


async def read_wall(executor: Executor, actor: Actor, city: City, now: datetime, idle: timedelta) -> Wall:
    """The wall as this person may see it. `idle`: sessions end after this long without input. Raises NotAllowed."""
    require(actor, Permission.READ_REPORTS)
    scope = scope_of(actor)
    cutoffs = [
        Cutoff(one.team, one.urgent, one.promise, one.at_risk, one.missed) for one in Sla(city, now).cutoffs()
    ]
    teams = await wall.list_teams(executor, scope, cutoffs)
    agents = await wall.list_agents(executor, scope, now)
    return Wall(
        tuple(teams), _total(teams), tuple(AgentShown(one, presence_of(one, now, idle)) for one in agents)
    )


def presence_of(agent: AgentNow, now: datetime, idle: timedelta) -> Presence:
    """Whether the agent is at work, as far as sessions tell."""
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
