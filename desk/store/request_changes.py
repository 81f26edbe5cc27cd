"""Citizens' changes to recorded requests: withdraw one, or add to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from desk.store.pool import Executor

Kind = Literal["withdraw", "complement", "reopen"]

_COLUMNS = """id, request_id, conversation_id, contact_id, kind, payload, state, attempts, told_delayed, lease_token,
    created_at, unclear_since"""
_OWN = """(contact_id IN (SELECT $2::uuid UNION SELECT id FROM contacts
        WHERE person_id = (SELECT person_id FROM contacts WHERE id = $2))
    OR id IN (SELECT request_id FROM request_proofs WHERE conversation_id = $3 AND state = 'confirmed'))"""


@dataclass(frozen=True, slots=True)
class RequestChangeRow:
    """A row of request_changes; `attempts` counts the claims in which the back end was called. `unclear_since`: when a call
    was made that may have been carried out."""

    id: UUID
    request_id: UUID
    conversation_id: UUID | None
    contact_id: UUID | None
    kind: Kind
    payload: Mapping[str, Any]
    state: str
    attempts: int
    told_delayed: bool
    lease_token: UUID | None
    created_at: datetime
    unclear_since: datetime | None = None


async def get_corrected_address(executor: Executor, request_id: UUID) -> str | None:
    """The place that the request was corrected to last; None if it never was."""
    found: str | None = await executor.fetchval(
        """SELECT payload->'fixes'->>'address' FROM request_changes
           WHERE request_id = $1 AND payload->'fixes' ? 'address' ORDER BY created_at DESC LIMIT 1""",
        request_id,
    )
    return found


async def add_change(
    executor: Executor,
    *,
    id: UUID,
    request_id: UUID,
    conversation_id: UUID,
    contact_id: UUID,
    kind: Kind,
    payload: Mapping[str, object],
    now: datetime,
    agent_id: UUID | None = None,
) -> bool:
    """Store a change of one of this contact's own requests, or of one that this conversation proved to be. False if this id exists (a turn that ran twice),
    or if the request is not the contact's."""
    tag = await executor.execute(
        f"""INSERT INTO request_changes
               (id, request_id, conversation_id, contact_id, kind, payload, available_at, created_at, updated_at, agent_id)
           SELECT $1, id, $3, $2, $5, $6, $7, $7, $7, $8 FROM service_requests WHERE id = $4 AND {_OWN}
           ON CONFLICT (id) DO NOTHING""",  # noqa: S608  (our own constants)
        id,
        contact_id,
        conversation_id,
        request_id,
        kind,
        dict(payload),
        now,
        agent_id,
    )
    return tag == "INSERT 0 1"


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """A change as agents see it. `agent_name` is None if the citizen asked for it through the bot."""

    kind: Kind
    state: str
    text: str
    agent_name: str | None
    created_at: datetime
    updated_at: datetime


async def list_of_request(executor: Executor, request_id: UUID, limit: int = 50) -> list[ChangeMade]:
    """What was to be changed of a request, newest first."""
    rows = await executor.fetch(
        """SELECT c.kind, c.state, left(coalesce(c.payload->>'text', ''), 4000) AS text, a.name AS agent_name,
                  c.created_at, c.updated_at
           FROM request_changes c LEFT JOIN agents a ON a.id = c.agent_id
           WHERE c.request_id = $1 ORDER BY c.created_at DESC LIMIT $2""",
        request_id,
        limit,
    )
    return [ChangeMade(**dict(row)) for row in rows]


async def claim(executor: Executor, now: datetime, seconds: float) -> RequestChangeRow | None:
    """Claim the next due change. Changes of one request are carried out in the order in which they were
    asked for. No other worker gets it until the lease ends by the database's clock."""
    row = await executor.fetchrow(
        f"""UPDATE request_changes SET lease_until = now() + make_interval(secs => $2), lease_token = $3,
               attempts = attempts + 1
           WHERE id = (SELECT id FROM request_changes c
                       WHERE state = 'recorded' AND available_at <= $1 AND lease_until <= now()
                         AND NOT EXISTS (SELECT 1 FROM request_changes e
                                         WHERE e.request_id = c.request_id AND e.state = 'recorded'
                                           AND (e.created_at, e.id) < (c.created_at, c.id))
                       ORDER BY available_at LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
        now,
        seconds,
        uuid4(),
    )
    return RequestChangeRow(**row) if row else None


async def renew(executor: Executor, held: Mapping[UUID, UUID], seconds: float) -> None:
    """Renew these leases (change to token)."""
    await executor.execute(
        """UPDATE request_changes SET lease_until = now() + make_interval(secs => $3)
           FROM unnest($1::uuid[], $2::uuid[]) AS held (id, token)
           WHERE request_changes.id = held.id AND request_changes.lease_token = held.token""",
        list(held),
        list(held.values()),
        seconds,
    )


async def mark_settled(
    executor: Executor,
    row: RequestChangeRow,
    state: Literal["done", "person"],
    error: str | None,
    now: datetime,
) -> bool:
    """It is carried out, or a person has it. False if the lease is no longer ours: then nothing may be told."""
    return await _change(
        executor,
        row,
        "state = $3, error = $4, updated_at = $5, lease_until = '-infinity', lease_token = NULL",
        state,
        error,
        now,
    )


async def mark_calling(executor: Executor, row: RequestChangeRow, now: datetime) -> bool:
    """Record, before the call is made, that the back end may have the change from now on. False if the lease is no longer
    ours."""
    return await _change(executor, row, "unclear_since = coalesce(unclear_since, $3)", now)


async def mark_put_off(
    executor: Executor,
    row: RequestChangeRow,
    error: str,
    available_at: datetime,
    *,
    tried: bool,
    unclear: bool = False,
) -> bool:
    """Retry later. Without `tried`, this claim does not count as an attempt. `unclear`: the back end may have it already,
    now or from an earlier call."""
    return await _change(
        executor,
        row,
        """error = $3, available_at = $4, attempts = attempts - $5, lease_until = '-infinity', lease_token = NULL,
           unclear_since = CASE WHEN $6 THEN unclear_since ELSE $7 END""",
        error,
        available_at,
        0 if tried else 1,
        unclear,
        row.unclear_since,
    )


async def mark_told(executor: Executor, row: RequestChangeRow) -> bool:
    """Record that the citizen is told of the delay; True only the first time."""
    tag = await executor.execute(
        "UPDATE request_changes SET told_delayed = true WHERE id = $1 AND NOT told_delayed", row.id
    )
    return tag == "UPDATE 1"


async def _change(executor: Executor, row: RequestChangeRow, changes: str, *values: object) -> bool:
    # The lease token is a fencing token: a worker that outlived its lease changes nothing.
    tag = await executor.execute(
        f"UPDATE request_changes SET {changes} WHERE id = $1 AND lease_token = $2",  # noqa: S608  (SQL of this file; the values are parameters)
        row.id,
        row.lease_token,
        *values,
    )
    return tag == "UPDATE 1"
