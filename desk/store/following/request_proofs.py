"""Codes that prove who filed a request: sent to the contact given at filing, entered in any conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from desk.store.pool import Executor

Purpose = Literal["open", "news"]


@dataclass(frozen=True, slots=True)
class RequestProof:
    """`request_id` and `sent_to` are None if no code went out: there is no such request, or it has no contact."""

    id: UUID
    conversation_id: UUID
    contact_id: UUID
    request_id: UUID | None
    sent_to: UUID | None
    named: str
    purpose: Purpose
    expires_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """How often codes were asked for lately: by this contact, for this request, to this address."""

    by_contact: int
    for_request: int
    to_address: int


async def add_proof(executor: Executor, proof: RequestProof, now: datetime) -> None:
    """Record it before the code is sent; an open one of the conversation is over."""
    await executor.execute(
        "UPDATE request_proofs SET state = 'replaced' WHERE conversation_id = $1 AND state = 'sent'",
        proof.conversation_id,
    )
    await executor.execute(
        """INSERT INTO request_proofs (id, conversation_id, contact_id, request_id, sent_to, named, purpose, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        proof.id,
        proof.conversation_id,
        proof.contact_id,
        proof.request_id,
        proof.sent_to,
        proof.named,
        proof.purpose,
        now,
        proof.expires_at,
    )


async def count_asked(
    executor: Executor, contact_id: UUID, named: str, sent_to: UUID | None, now: datetime
) -> Asked:
    """How often in the last hour. A number that does not exist counts like any other."""
    row = await executor.fetchrow(
        """SELECT count(*) FILTER (WHERE contact_id = $1) AS by_contact, count(*) FILTER (WHERE named = $2) AS for_request,
                  count(*) FILTER (WHERE sent_to = $3) AS to_address
           FROM request_proofs WHERE created_at > $4 AND (contact_id = $1 OR named = $2 OR sent_to = $3)""",
        contact_id,
        named,
        sent_to,
        now - timedelta(hours=1),
    )
    assert row is not None  # an aggregate has one row
    return Asked(**dict(row))


async def get_open(executor: Executor, conversation_id: UUID) -> RequestProof | None:
    """The one whose code the conversation waits for."""
    row = await executor.fetchrow(
        """SELECT id, conversation_id, contact_id, request_id, sent_to, named, purpose, expires_at, tries
           FROM request_proofs WHERE conversation_id = $1 AND state = 'sent' ORDER BY created_at DESC LIMIT 1""",
        conversation_id,
    )
    return RequestProof(**dict(row)) if row else None


async def add_try(executor: Executor, id: UUID) -> int:
    """Count a wrong code; returns how many there were."""
    tries: int = await executor.fetchval(
        "UPDATE request_proofs SET tries = tries + 1 WHERE id = $1 RETURNING tries", id
    )
    return tries


async def mark_over(executor: Executor, id: UUID, state: Literal["expired", "failed", "confirmed"]) -> None:
    """No code ends it any more."""
    await executor.execute("UPDATE request_proofs SET state = $2 WHERE id = $1", id, state)


async def get_request_id(executor: Executor, backend: str | None, reference: str) -> UUID | None:
    """The one request of ours with this number, at this back end if it is named; None if none or several have it."""
    rows = await executor.fetch(
        """SELECT id FROM service_requests WHERE upper(reference) = upper($2) AND ($1::text IS NULL OR backend = $1)
           LIMIT 2""",
        backend,
        reference,
    )
    return rows[0]["id"] if len(rows) == 1 else None


async def set_news_contact(executor: Executor, request_id: UUID, contact_id: UUID | None) -> None:
    """To whom news of the request goes beside its conversation; None: nobody."""
    await executor.execute(
        "UPDATE service_requests SET news_contact_id = $2 WHERE id = $1", request_id, contact_id
    )


async def get_news_contact(executor: Executor, request_id: UUID) -> UUID | None:
    """To whom news of the request goes beside its conversation."""
    found: UUID | None = await executor.fetchval(
        "SELECT news_contact_id FROM service_requests WHERE id = $1", request_id
    )
    return found
