"""Service requests from citizens, from the turn that recorded one to the back end's number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from desk.store.pool import Executor

_COLUMNS = """id, conversation_id, contact_id, backend, service_code, payload, state, reference, token, status,
    raw_status, attempts, told_delayed, lease_token, created_at, filed_at, updated_at"""


@dataclass(frozen=True, slots=True)
class ServiceRequestRow:
    """A row of service_requests. `updated_at` is when it entered its `state`; `attempts` counts the claims
    in which the back end was called."""

    id: UUID
    conversation_id: UUID | None
    contact_id: UUID | None
    backend: str
    service_code: str
    payload: Mapping[str, Any]
    state: str
    reference: str | None
    token: str | None
    status: str | None
    raw_status: str | None
    attempts: int
    told_delayed: bool
    lease_token: UUID | None
    created_at: datetime
    filed_at: datetime | None
    updated_at: datetime


async def add_request(
    executor: Executor,
    *,
    id: UUID,
    conversation_id: UUID,
    contact_id: UUID,
    backend: str,
    service_code: str,
    payload: Mapping[str, object],
    now: datetime,
    agent_id: UUID | None = None,
    tells_status: bool = False,
    reopens: UUID | None = None,
) -> bool:
    """Store a request to be filed; False if this id already exists (a turn that ran twice). `agent_id`: who recorded it
    for the citizen. `tells_status`: the citizen is told when its status changes. `reopens`: the closed request that it files
    again."""
    tag = await executor.execute(
        """INSERT INTO service_requests
               (id, conversation_id, contact_id, backend, service_code, payload, available_at, created_at, updated_at,
                agent_id, told_status, reopens)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING""",
        id,
        conversation_id,
        contact_id,
        backend,
        service_code,
        dict(payload),
        now,
        agent_id,
        "open" if tells_status else None,
        reopens,
    )
    return tag == "INSERT 0 1"


async def claim(executor: Executor, now: datetime, seconds: float) -> ServiceRequestRow | None:
    """Claim the next due request and return it as it was before the claim. No other worker gets it until
    the lease ends by the database's clock: a worker whose own clock is wrong must not take what another is
    working on. A row found in `filing` is one whose worker died in the middle of a call.
    """
    row = await executor.fetchrow(
        f"""UPDATE service_requests SET lease_until = now() + make_interval(secs => $2), lease_token = $3, attempts = attempts + 1
           WHERE id = (SELECT id FROM service_requests
                       WHERE state IN ('recorded', 'filing', 'unknown', 'awaiting_reference')
                         AND available_at <= $1 AND lease_until <= now()
                       ORDER BY available_at LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING {_COLUMNS}""",  # noqa: S608  (our own columns)
        now,
        seconds,
        uuid4(),
    )
    return ServiceRequestRow(**row) if row else None


async def renew(executor: Executor, held: Mapping[UUID, UUID], seconds: float) -> None:
    """Renew these leases (request to token)."""
    await executor.execute(
        """UPDATE service_requests SET lease_until = now() + make_interval(secs => $3)
           FROM unnest($1::uuid[], $2::uuid[]) AS held (id, token)
           WHERE service_requests.id = held.id AND service_requests.lease_token = held.token""",
        list(held),
        list(held.values()),
        seconds,
    )


async def mark_filing(executor: Executor, row: ServiceRequestRow, now: datetime) -> bool:
    """Record, before the call is made, that a create is under way. False if the lease is no longer ours."""
    return await _change(executor, row, "state = 'filing', updated_at = $3", now)


async def mark_filed(
    executor: Executor,
    row: ServiceRequestRow,
    reference: str | None,
    now: datetime,
    *,
    expected: str = "open",
) -> bool:
    """The back end accepted it under this number (None: it gives none)."""
    return await _change(
        executor,
        row,
        """state = 'filed', reference = $4, status = $5, filed_at = $3, updated_at = $3, error = NULL,
           lease_until = '-infinity', lease_token = NULL""",
        now,
        reference,
        expected,
    )


async def mark_awaiting_reference(
    executor: Executor, row: ServiceRequestRow, token: str, now: datetime, available_at: datetime
) -> bool:
    """The back end accepted it and will assign a number to this token."""
    return await _change(
        executor,
        row,
        """state = 'awaiting_reference', token = $4, available_at = $5, updated_at = $3, attempts = 0,
           error = NULL, lease_until = '-infinity', lease_token = NULL""",
        now,
        token,
        available_at,
    )


async def mark_refused(executor: Executor, row: ServiceRequestRow, error: str, now: datetime) -> bool:
    """The back end refuses it."""
    return await _change(
        executor,
        row,
        """state = 'refused', error = $4, updated_at = $3, lease_until = '-infinity', lease_token = NULL""",
        now,
        error,
    )


async def mark_put_off(
    executor: Executor,
    row: ServiceRequestRow,
    state: str,
    error: str | None,
    now: datetime,
    available_at: datetime,
    *,
    tried: bool = True,
) -> bool:
    """Retry later, in this state; `updated_at` keeps the time it entered it. Without `tried`, this claim
    does not count as an attempt."""
    return await _change(
        executor,
        row,
        """updated_at = CASE WHEN state = $4 THEN updated_at ELSE $3 END, state = $4, error = $5,
           available_at = $6, attempts = attempts - $7, lease_until = '-infinity', lease_token = NULL""",
        now,
        state,
        error,
        available_at,
        0 if tried else 1,
    )


async def mark_told(executor: Executor, row: ServiceRequestRow) -> bool:
    """Record that the citizen is told that filing is delayed; True only the first time."""
    tag = await executor.execute(
        "UPDATE service_requests SET told_delayed = true WHERE id = $1 AND NOT told_delayed", row.id
    )
    return tag == "UPDATE 1"


async def get_request(executor: Executor, id: UUID) -> ServiceRequestRow | None:
    """The request with this id of ours, or None."""
    row = await executor.fetchrow(f"SELECT {_COLUMNS} FROM service_requests WHERE id = $1", id)  # noqa: S608  (our own columns)
    return ServiceRequestRow(**row) if row else None


async def withdraw_unsent(executor: Executor, id: UUID, now: datetime) -> bool:
    """Withdraw a request that the back end certainly does not have, and that no worker is working on."""
    tag = await executor.execute(f"UPDATE service_requests SET state = 'withdrawn', {_UNSENT}", id, now)  # noqa: S608  (our own constants)
    return tag == "UPDATE 1"


async def rewrite_unsent(executor: Executor, id: UUID, payload: Mapping[str, object], now: datetime) -> bool:
    """Change what will be sent, under the same condition as `withdraw_unsent`."""
    tag = await executor.execute(
        f"UPDATE service_requests SET payload = $3, {_UNSENT}",  # noqa: S608  (our own constants)
        id,
        now,
        dict(payload),
    )
    return tag == "UPDATE 1"


async def set_place(executor: Executor, id: UUID, place: Mapping[str, object]) -> None:
    """Where a request that was sent really is (address, latitude, longitude)."""
    await executor.execute(
        "UPDATE service_requests SET payload = payload || $2::jsonb WHERE id = $1", id, dict(place)
    )


# Without a lease token, a filer whose lease ran out can no longer begin a call with what it read before.
_UNSENT = "updated_at = $2, lease_token = NULL WHERE id = $1 AND state = 'recorded' AND lease_until <= now()"


async def mark_withdrawn(executor: Executor, id: UUID, now: datetime) -> None:
    """The back end has closed it at the citizen's request."""
    await executor.execute(
        "UPDATE service_requests SET state = 'withdrawn', status = 'closed', updated_at = $2 WHERE id = $1",
        id,
        now,
    )


async def mark_reopened(executor: Executor, id: UUID, now: datetime) -> None:
    """The back end has opened it again: its next closure is news."""
    await executor.execute(
        """UPDATE service_requests SET status = 'open', raw_status = 'reopened', updated_at = $2,
               told_status = CASE WHEN told_status IS NOT NULL THEN 'open' END
           WHERE id = $1 AND state = 'filed'""",
        id,
        now,
    )


async def _change(executor: Executor, row: ServiceRequestRow, changes: str, *values: object) -> bool:
    # The lease token is a fencing token: a worker that outlived its lease changes nothing.
    tag = await executor.execute(
        f"UPDATE service_requests SET {changes} WHERE id = $1 AND lease_token = $2",  # noqa: S608  (SQL of this file; the values are parameters)
        row.id,
        row.lease_token,
        *values,
    )
    return tag == "UPDATE 1"
