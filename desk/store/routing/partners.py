"""Transfers to partner desks. At most one is open for each conversation; the states only move forward."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from desk.store.pool import Executor

PartnerState = Literal[
    "asked",
    "refused",
    "unanswered",
    "consented",
    "sent",
    "accepted",
    "declined",
    "timed_out",
    "failed",
    "withdrawn",
]
OPEN: tuple[PartnerState, ...] = ("asked", "consented", "sent")

_COLUMNS = """p.id, p.conversation_id, p.partner, p.agent_id, p.note, p.state, p.question_seq, p.asked_at, p.consent_by,
    p.consented_at, p.sent_at, p.answer_by, p.closed_at, p.reference, p.reason, p.attempts, p.lease_token"""
_SELECT = f"SELECT {_COLUMNS} FROM partner_transfers p"  # noqa: S608  (our own columns)


@dataclass(frozen=True, slots=True)
class PartnerTransfer:
    """One transfer. `sent_at` is the time before the first call; `reason` and `reference` are the partner's."""

    id: UUID
    conversation_id: UUID
    partner: str
    agent_id: UUID
    note: str
    state: PartnerState
    question_seq: int
    asked_at: datetime
    consent_by: datetime
    consented_at: datetime | None
    sent_at: datetime | None
    answer_by: datetime | None
    closed_at: datetime | None
    reference: str | None
    reason: str | None
    attempts: int
    lease_token: UUID | None

    @property
    def is_open(self) -> bool:
        """Whether the transfer can still succeed."""
        return self.state in OPEN


async def add_transfer(
    executor: Executor,
    id: UUID,
    conversation_id: UUID,
    partner: str,
    agent_id: UUID,
    note: str,
    question_seq: int,
    now: datetime,
    consent_by: datetime,
) -> None:
    """Record that the citizen was asked. A second open one of the same conversation is an error."""
    await executor.execute(
        """INSERT INTO partner_transfers
               (id, conversation_id, partner, agent_id, note, question_seq, asked_at, consent_by, available_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)""",
        id,
        conversation_id,
        partner,
        agent_id,
        note,
        question_seq,
        now,
        consent_by,
    )


async def get_transfer(executor: Executor, id: UUID) -> PartnerTransfer | None:
    """The transfer with this id."""
    return _transfer(await executor.fetchrow(f"{_SELECT} WHERE p.id = $1", id))


async def get_latest(executor: Executor, conversation_id: UUID) -> PartnerTransfer | None:
    """The conversation's latest transfer, open or not."""
    return _transfer(
        await executor.fetchrow(
            f"{_SELECT} WHERE p.conversation_id = $1 ORDER BY p.asked_at DESC, p.id LIMIT 1", conversation_id
        )
    )


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[PartnerTransfer]:
    """Every transfer of this conversation, in order."""
    rows = await executor.fetch(
        f"{_SELECT} WHERE p.conversation_id = $1 ORDER BY p.asked_at, p.id", conversation_id
    )
    return [PartnerTransfer(**dict(row)) for row in rows]


async def is_last_said(executor: Executor, conversation_id: UUID, seq: int) -> bool:
    """Whether we have said nothing in the conversation since this message."""
    found: bool = await executor.fetchval(
        """SELECT NOT EXISTS (SELECT FROM messages WHERE conversation_id = $1 AND seq > $2 AND author <> 'contact')""",
        conversation_id,
        seq,
    )
    return found


async def mark_consented(executor: Executor, id: UUID, now: datetime) -> None:
    """The citizen agreed: it can be sent."""
    await executor.execute(
        """UPDATE partner_transfers SET state = 'consented', consented_at = $2, available_at = $2
           WHERE id = $1 AND state = 'asked'""",
        id,
        now,
    )


async def claim(executor: Executor, now: datetime, seconds: float) -> PartnerTransfer | None:
    """Claim the next one that is due to be sent; no other worker gets it until the lease ends by the database's clock."""
    return _transfer(
        await executor.fetchrow(
            f"""UPDATE partner_transfers p SET lease_until = now() + make_interval(secs => $2), lease_token = $3,
                   attempts = attempts + 1
               WHERE id = (SELECT id FROM partner_transfers WHERE state = 'consented' AND available_at <= $1
                             AND lease_until <= now() ORDER BY available_at LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
            now,
            seconds,
            uuid4(),
        )
    )


async def renew(executor: Executor, held: Mapping[UUID, UUID], seconds: float) -> None:
    """Renew these leases (transfer to token)."""
    await executor.execute(
        """UPDATE partner_transfers SET lease_until = now() + make_interval(secs => $3)
           FROM unnest($1::uuid[], $2::uuid[]) AS held (id, token)
           WHERE partner_transfers.id = held.id AND partner_transfers.lease_token = held.token""",
        list(held),
        list(held.values()),
        seconds,
    )


async def mark_sending(
    executor: Executor, row: PartnerTransfer, now: datetime, answer_by: datetime
) -> PartnerTransfer | None:
    """A call begins: from now on the partner may have it. None if the lease is no longer ours, or it is over."""
    return _transfer(
        await executor.fetchrow(
            f"""UPDATE partner_transfers p SET sent_at = coalesce(sent_at, $3), answer_by = coalesce(answer_by, $4)
               WHERE id = $1 AND lease_token = $2 AND state = 'consented' RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
            row.id,
            row.lease_token,
            now,
            answer_by,
        )
    )


async def mark_sent(executor: Executor, row: PartnerTransfer) -> None:
    """The partner has it and will answer later. An answer that arrived in the meantime is kept."""
    await executor.execute(
        """UPDATE partner_transfers SET state = 'sent', lease_token = NULL
           WHERE id = $1 AND lease_token = $2 AND state = 'consented'""",
        row.id,
        row.lease_token,
    )


async def mark_later(executor: Executor, row: PartnerTransfer, at: datetime) -> None:
    """The call failed: it is tried again then."""
    await executor.execute(
        """UPDATE partner_transfers SET available_at = $3, lease_until = '-infinity', lease_token = NULL
           WHERE id = $1 AND lease_token = $2""",
        row.id,
        row.lease_token,
        at,
    )


async def mark_closed(
    executor: Executor,
    id: UUID,
    state: PartnerState,
    now: datetime,
    reference: str | None = None,
    reason: str | None = None,
) -> bool:
    """It is over; False if it was before."""
    closed: bool | None = await executor.fetchval(
        """UPDATE partner_transfers SET state = $2, closed_at = $3, reference = $4, reason = $5, lease_token = NULL
           WHERE id = $1 AND state IN ('asked', 'consented', 'sent') RETURNING true""",
        id,
        state,
        now,
        reference,
        reason,
    )
    return bool(closed)


async def list_over(executor: Executor, now: datetime, limit: int = 50) -> list[PartnerTransfer]:
    """Open ones whose time is over, or whose conversation is resolved or the assistant's again."""
    rows = await executor.fetch(
        f"""{_SELECT} JOIN conversations v ON v.id = p.conversation_id
            WHERE p.state IN ('asked', 'consented', 'sent') AND (v.state IN ('bot', 'resolved')
                OR (p.state = 'asked' AND p.consent_by <= $1) OR (p.state <> 'asked' AND p.answer_by <= $1))
            ORDER BY p.asked_at LIMIT $2""",
        now,
        limit,
    )
    return [PartnerTransfer(**dict(row)) for row in rows]


def _transfer(row: Any) -> PartnerTransfer | None:
    return PartnerTransfer(**dict(row)) if row else None
