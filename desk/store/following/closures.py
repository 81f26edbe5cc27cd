"""Whether closed requests were really fixed, according to the citizen, who is asked once per request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Answer = Literal["fixed", "not_fixed"]


@dataclass(frozen=True, slots=True)
class ClosureCheck:
    """The question about one closed request; `answer` is None until the citizen gives one."""

    request_id: UUID
    contact_id: UUID
    answer: Answer | None


async def add_check(
    executor: Executor, request_id: UUID, contact_id: UUID, message_id: UUID, now: datetime
) -> bool:
    """Record that it is asked. False if it was asked before."""
    tag = await executor.execute(
        """INSERT INTO closure_checks (request_id, contact_id, message_id, asked_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING""",
        request_id,
        contact_id,
        message_id,
        now,
    )
    return tag == "INSERT 0 1"


async def is_asked(executor: Executor, request_id: UUID) -> bool:
    """Whether the citizen was asked about this request, or said it unasked."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT FROM closure_checks WHERE request_id = $1)", request_id
    )
    return found


async def get_of_contact(executor: Executor, contact_id: UUID, request_id: UUID) -> ClosureCheck | None:
    """The question, if it was put to this contact."""
    row = await executor.fetchrow(
        "SELECT request_id, contact_id, answer FROM closure_checks WHERE request_id = $2 AND contact_id = $1",
        contact_id,
        request_id,
    )
    return ClosureCheck(**dict(row)) if row else None


async def get_waiting(executor: Executor, contact_id: UUID, since: datetime) -> ClosureCheck | None:
    """The question that this contact's next message may answer: asked since then, and nothing was said after it."""
    row = await executor.fetchrow(
        """SELECT request_id, contact_id, answer FROM closure_checks
           WHERE contact_id = $1 AND answer IS NULL AND asked_at >= $2
             AND message_id = (SELECT id FROM messages WHERE contact_id = $1 ORDER BY seq DESC LIMIT 1)""",
        contact_id,
        since,
    )
    return ClosureCheck(**dict(row)) if row else None


async def set_answer(
    executor: Executor, request_id: UUID, contact_id: UUID, answer: Answer, now: datetime
) -> bool:
    """Store what the citizen says of the closure, asked or not. False if that is known already; "not fixed" stays."""
    tag = await executor.execute(
        """INSERT INTO closure_checks AS c (request_id, contact_id, asked_at, answer, answered_at)
           VALUES ($1, $2, $4, $3, $4)
           ON CONFLICT (request_id) DO UPDATE SET answer = $3, answered_at = $4
           WHERE c.answer IS DISTINCT FROM 'not_fixed' AND c.answer IS DISTINCT FROM $3""",
        request_id,
        contact_id,
        answer,
        now,
    )
    return tag == "INSERT 0 1"
