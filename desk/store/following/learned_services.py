"""Which service a citizen's words mean, learned from back ends that said "not ours"; editors decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

State = Literal["proposed", "used", "dropped"]
MOST = 500


@dataclass(frozen=True, slots=True)
class LearnedService:
    """`words` with the service that they seemed to name (`from_code`) mean `service_code`; "" while nobody knows."""

    id: UUID
    words: str
    from_code: str
    service_code: str
    state: State
    request_id: UUID | None
    created_at: datetime


async def add_proposal(
    executor: Executor,
    id: UUID,
    words: str,
    from_code: str,
    service_code: str,
    request_id: UUID,
    now: datetime,
) -> None:
    """Propose it, once for a request."""
    await executor.execute(
        """INSERT INTO learned_services (id, words, from_code, service_code, request_id, created_at)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING""",
        id,
        words,
        from_code,
        service_code,
        request_id,
        now,
    )


async def set_found(executor: Executor, contact_id: UUID, service_code: str) -> None:
    """A person files it with another service now: that is proposed for this citizen's words of which nobody knew."""
    await executor.execute(
        """UPDATE learned_services l SET service_code = $2 FROM service_requests s
           WHERE l.request_id = s.id AND s.contact_id = $1 AND l.state = 'proposed' AND l.service_code = ''
             AND l.from_code <> $2""",
        contact_id,
        service_code,
    )


async def list_learned(executor: Executor, states: tuple[State, ...]) -> list[LearnedService]:
    """Those in these states, proposals first, then the newest."""
    rows = await executor.fetch(
        """SELECT id, words, from_code, service_code, state, request_id, created_at FROM learned_services
           WHERE state = ANY ($1::text[]) ORDER BY state = 'proposed' DESC, created_at DESC, id LIMIT $2""",
        list(states),
        MOST,
    )
    return [LearnedService(**dict(row)) for row in rows]


async def add_used(
    executor: Executor, id: UUID, words: str, from_code: str, service_code: str, agent_id: UUID, now: datetime
) -> None:
    """An editor's own."""
    await executor.execute(
        """INSERT INTO learned_services (id, words, from_code, service_code, state, created_at, decided_at, decided_by)
           VALUES ($1, $2, $3, $4, 'used', $5, $5, $6)""",
        id,
        words,
        from_code,
        service_code,
        now,
        agent_id,
    )


async def set_decided(
    executor: Executor,
    id: UUID,
    state: Literal["used", "dropped"],
    words: str,
    service_code: str,
    agent_id: UUID,
    now: datetime,
) -> bool:
    """An editor's decision, with the words and the service as they left them. Words in use are the editor's, and no longer
    go with the citizen's request. False if there is no such row."""
    tag = await executor.execute(
        """UPDATE learned_services SET state = $2, words = $3, service_code = $4, decided_by = $5, decided_at = $6,
               request_id = CASE WHEN $2 = 'dropped' THEN request_id END
           WHERE id = $1""",
        id,
        state,
        words,
        service_code,
        agent_id,
        now,
    )
    return tag == "UPDATE 1"
