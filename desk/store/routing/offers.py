"""Conversations that are offered to an agent: by the queue (push), because the citizen came back (return), or by a
colleague (transfer). Until it is accepted the conversation stays where it is. At most one offer is open for each, and
`conversations._move` withdraws it when the owner changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

OfferKind = Literal["push", "return", "transfer"]
OfferOutcome = Literal["accepted", "declined", "timed_out", "withdrawn"]

WITHDRAW = """UPDATE conversation_offers o SET outcome = 'withdrawn', closed_at = clock_timestamp()
    FROM v WHERE o.conversation_id = v.id AND o.outcome IS NULL AND o.fence <> v.fence"""
"""Part of a statement in which `v` is the conversation that has moved."""

_SELECT = """SELECT o.id, o.conversation_id, o.agent_id, a.name AS agent_name, o.kind, o.from_agent_id,
    f.name AS from_name, o.offered_at, o.expires_at, o.outcome, v.contact_id, c.name AS contact_name, v.team, v.language
    FROM conversation_offers o JOIN conversations v ON v.id = o.conversation_id JOIN contacts c ON c.id = v.contact_id
    JOIN agents a ON a.id = o.agent_id LEFT JOIN agents f ON f.id = o.from_agent_id"""


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer. `from_agent_id` is the colleague who offers it; `outcome` is None while it is open."""

    id: int
    conversation_id: UUID
    agent_id: UUID
    agent_name: str
    kind: OfferKind
    from_agent_id: UUID | None
    from_name: str | None
    offered_at: datetime
    expires_at: datetime
    outcome: OfferOutcome | None
    contact_id: UUID
    contact_name: str | None
    team: str | None
    language: str


async def add_offer(
    executor: Executor,
    conversation_id: UUID,
    agent_id: UUID,
    kind: OfferKind,
    seconds: int,
    from_agent_id: UUID | None = None,
) -> None:
    """Offer it to this agent; an offer that is open is withdrawn. The caller has locked the contact."""
    await executor.execute(
        """UPDATE conversation_offers SET outcome = 'withdrawn', closed_at = clock_timestamp()
           WHERE conversation_id = $1 AND outcome IS NULL""",
        conversation_id,
    )
    await executor.execute(
        """INSERT INTO conversation_offers (conversation_id, fence, agent_id, kind, from_agent_id, expires_at)
           SELECT id, fence, $2, $3, $4, clock_timestamp() + make_interval(secs => $5) FROM conversations WHERE id = $1""",
        conversation_id,
        agent_id,
        kind,
        from_agent_id,
        seconds,
    )


async def get_open(executor: Executor, conversation_id: UUID) -> Offer | None:
    """The open offer of this conversation, if there is one."""
    row = await executor.fetchrow(
        f"{_SELECT} WHERE o.conversation_id = $1 AND o.outcome IS NULL", conversation_id
    )
    return Offer(**dict(row)) if row else None


async def get_last_transfer(executor: Executor, conversation_id: UUID) -> Offer | None:
    """The latest offer of a colleague, open or not."""
    row = await executor.fetchrow(
        f"{_SELECT} WHERE o.conversation_id = $1 AND o.kind = 'transfer' ORDER BY o.id DESC LIMIT 1",
        conversation_id,
    )
    return Offer(**dict(row)) if row else None


async def list_of_agent(executor: Executor, agent_id: UUID) -> list[Offer]:
    """The open offers to this agent, ordered by their end."""
    rows = await executor.fetch(
        f"{_SELECT} WHERE o.agent_id = $1 AND o.outcome IS NULL ORDER BY o.expires_at, o.id", agent_id
    )
    return [Offer(**dict(row)) for row in rows]


async def list_over(executor: Executor) -> list[Offer]:
    """Open offers whose time is over, or whose agent is no longer there."""
    rows = await executor.fetch(
        f"""{_SELECT} LEFT JOIN agent_presence p ON p.agent_id = o.agent_id
            WHERE o.outcome IS NULL AND (o.expires_at <= clock_timestamp() OR NOT a.active
                OR (o.kind <> 'transfer' AND coalesce(p.state, 'offline') = 'offline'))"""
    )
    return [Offer(**dict(row)) for row in rows]


async def mark_closed(executor: Executor, offer_id: int, outcome: OfferOutcome) -> bool:
    """Close an open offer; False if it is closed already."""
    tag = await executor.execute(
        """UPDATE conversation_offers SET outcome = $2, closed_at = clock_timestamp()
           WHERE id = $1 AND outcome IS NULL""",
        offer_id,
        outcome,
    )
    return tag == "UPDATE 1"
