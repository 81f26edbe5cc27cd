"""Data for all open pages of a gateway: read once for all of them, and filtered for each in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import ConversationState, Scope
from desk.store.dialogue.desk_rows import DeskCounts
from desk.store.pool import Executor
from desk.store.replies.snoozes import SNOOZED

MOST = 2_000
"""Conversations of one kind that are looked at for changes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Differs whenever anything about this conversation does that its pages show. `in_hand`: an agent has it."""

    id: UUID
    state: ConversationState
    updated_at: datetime
    last_seq: int
    team: str | None
    agent_id: UUID | None

    @property
    def in_hand(self) -> bool:
        """Whether an agent has it."""
        return self.state in ("assigned", "waiting_on_contact")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of one team."""

    waiting: int = 0
    urgent: int = 0
    paged: int = 0


@dataclass(frozen=True, slots=True)
class InHand:
    """Of one agent. `calls`: due reminders, and notes that name the agent."""

    mine: int = 0
    unanswered: int = 0
    offered: int = 0
    calls: int = 0


NOTHING = InHand()


@dataclass(frozen=True, slots=True)
class AllCounts:
    """The counts of everybody."""

    teams: Mapping[str | None, Waiting]
    agents: Mapping[UUID, InHand]

    def of(self, scope: Scope) -> DeskCounts:
        """Those of one agent, as `desk_rows.count_desk` counts them."""
        seen = [
            one for team, one in self.teams.items() if scope.everything or team is None or team in scope.teams
        ]
        own = self.agents.get(scope.agent_id, NOTHING)
        return DeskCounts(
            urgent=sum(one.urgent for one in seen),
            waiting=sum(one.waiting for one in seen),
            mine=own.mine,
            unanswered=own.unanswered,
            paged=sum(one.paged for one in seen),
            offered=own.offered,
        )

    def other_than(self, before: "AllCounts | None") -> set[UUID]:
        """The agents whose counts differ from those before."""
        then = before.agents if before else {}
        return {id for id in self.agents.keys() | then.keys() if self.agents.get(id) != then.get(id)}

    def calls(self, agent_id: UUID) -> int:
        """Due reminders and unseen notes of this agent."""
        return self.agents.get(agent_id, NOTHING).calls


def is_seen(mark: Mark, scope: Scope) -> bool:
    """Whether this conversation is within `scope`: `listing.VISIBLE`, in memory."""
    return (
        scope.everything
        or mark.agent_id == scope.agent_id
        or mark.team in scope.teams
        or (mark.team is None and mark.state == "queued")
    )


async def list_marks(
    executor: Executor, since: datetime, named: Iterable[UUID], *, in_hand: bool
) -> list[Mark]:
    """Conversations that changed since then, those that are `named`, and with `in_hand` also all that an agent has:
    their contact's log may have grown."""
    held = """UNION SELECT v.id, v.state, v.updated_at, v.team, v.agent_id, v.contact_id FROM conversations v
              WHERE v.state IN ('assigned', 'waiting_on_contact')"""
    rows = await executor.fetch(
        f"""SELECT v.id, v.state, v.updated_at, c.last_seq, v.team, v.agent_id FROM (
                (SELECT v.id, v.state, v.updated_at, v.team, v.agent_id, v.contact_id FROM conversations v
                 WHERE v.updated_at > $1 ORDER BY v.updated_at DESC LIMIT {MOST})
                UNION SELECT v.id, v.state, v.updated_at, v.team, v.agent_id, v.contact_id FROM conversations v
                WHERE v.id = ANY($2)
                {held if in_hand else ""}) v JOIN contacts c ON c.id = v.contact_id""",  # noqa: S608  (our own constants)
        since,
        list(named),
    )
    return [Mark(**dict(row)) for row in rows]


async def count_all(executor: Executor, now: datetime) -> AllCounts:
    """What waits, by team, and what each agent has in hand, is offered and is reminded of."""
    waiting = await executor.fetch(
        """SELECT team, count(*) AS waiting, count(*) FILTER (WHERE urgency IS NOT NULL) AS urgent,
                  count(*) FILTER (WHERE paged_at IS NOT NULL) AS paged
           FROM conversations WHERE state = 'queued' GROUP BY team"""
    )
    agents = await executor.fetch(
        f"""SELECT agent_id, sum(mine)::int AS mine, sum(unanswered)::int AS unanswered, sum(offered)::int AS offered,
                   sum(calls)::int AS calls FROM (
                SELECT agent_id, count(*) AS mine, count(*) FILTER (WHERE state = 'assigned') AS unanswered, 0 AS offered,
                       0 AS calls
                FROM conversations WHERE state IN ('assigned', 'waiting_on_contact') GROUP BY agent_id
                UNION ALL SELECT v.agent_id, 0, -count(*), 0, 0 FROM snoozes s JOIN conversations v ON v.id = s.conversation_id
                WHERE v.state = 'assigned' AND {SNOOZED} GROUP BY v.agent_id
                UNION ALL SELECT agent_id, 0, 0, count(*), 0 FROM conversation_offers WHERE outcome IS NULL GROUP BY agent_id
                UNION ALL SELECT agent_id, 0, 0, 0, count(*) FROM reminders WHERE done_at IS NULL AND due_at <= $1 GROUP BY agent_id
                UNION ALL SELECT agent_id, 0, 0, 0, count(*) FROM note_mentions WHERE seen_at IS NULL GROUP BY agent_id
            ) n WHERE agent_id IS NOT NULL GROUP BY agent_id""",  # noqa: S608  (our own constants)
        now,
    )
    return AllCounts(
        {row["team"]: Waiting(row["waiting"], row["urgent"], row["paged"]) for row in waiting},
        {
            row["agent_id"]: InHand(row["mine"], row["unanswered"], row["offered"], row["calls"])
            for row in agents
        },
    )
