"""A contact's own service requests, as the bot may speak of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A filed request of a contact: its number, the back end that assigned it, and where it was recorded."""

    reference: str
    backend: str
    service_code: str
    conversation_id: UUID | None


async def list_own(
    executor: Executor, contact_id: UUID, conversation_id: UUID | None = None
) -> list[OwnRequest]:
    """This contact's filed requests that have a number, those of contacts linked to it, and those that the conversation
    proved to be its citizen's; newest first."""
    rows = await executor.fetch(
        """SELECT reference, backend, service_code,
                  CASE WHEN id IN (SELECT request_id FROM request_proofs WHERE conversation_id = $2::uuid AND state = 'confirmed') THEN $2 ELSE conversation_id END AS conversation_id FROM service_requests
           WHERE reference IS NOT NULL AND (id IN (SELECT request_id FROM request_proofs WHERE conversation_id = $2::uuid AND state = 'confirmed') OR contact_id IN (
               SELECT $1::uuid UNION SELECT id FROM contacts
               WHERE person_id = (SELECT person_id FROM contacts WHERE id = $1)))
           ORDER BY filed_at DESC LIMIT 50""",
        contact_id,
        conversation_id,
    )
    return [OwnRequest(**row) for row in rows]


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A contact's request as the bot may speak of it. `at` is when it was recorded."""

    id: UUID
    state: str
    reference: str | None
    backend: str
    service_code: str
    description: str
    address: str | None
    photos: int
    status: str | None
    at: datetime
    conversation_id: UUID | None
    latitude: float | None
    longitude: float | None


async def list_reports(
    executor: Executor,
    contact_id: UUID,
    now: datetime,
    limit: int = 8,
    *,
    conversation_id: UUID | None = None,
) -> list[OwnReport]:
    """The requests of this contact, and of contacts linked to it, of the last 90 days, and those that the conversation
    proved to be its citizen's; newest first, each with the place that it was corrected to last. The refused ones are
    left out: a person has them."""
    rows = await executor.fetch(
        """SELECT id, state, reference, backend, service_code, left(payload->>'description', 300) AS description,
                  left(coalesce(
                      (SELECT c.payload->'fixes'->>'address' FROM request_changes c
                       WHERE c.request_id = service_requests.id AND c.payload->'fixes' ? 'address'
                       ORDER BY c.created_at DESC LIMIT 1),
                      payload->>'address'), 200) AS address,
                  CASE jsonb_typeof(payload->'media') WHEN 'array' THEN jsonb_array_length(payload->'media') ELSE 0 END
                      AS photos,
                  status, created_at AS at,
                  CASE WHEN id IN (SELECT request_id FROM request_proofs WHERE conversation_id = $4::uuid AND state = 'confirmed') THEN $4 ELSE conversation_id END AS conversation_id,
                  CASE jsonb_typeof(payload->'latitude') WHEN 'number' THEN (payload->>'latitude')::float8 END AS latitude,
                  CASE jsonb_typeof(payload->'longitude') WHEN 'number' THEN (payload->>'longitude')::float8 END AS longitude
           FROM service_requests
           WHERE state <> 'refused' AND (id IN (SELECT request_id FROM request_proofs WHERE conversation_id = $4::uuid AND state = 'confirmed')
               OR created_at > $2::timestamptz - interval '90 days' AND contact_id IN (
                   SELECT $1::uuid UNION SELECT id FROM contacts
                   WHERE person_id = (SELECT person_id FROM contacts WHERE id = $1)))
           ORDER BY created_at DESC LIMIT $3""",
        contact_id,
        now,
        limit,
        conversation_id,
    )
    return [OwnReport(**{**row, "description": row["description"] or ""}) for row in rows]


@dataclass(frozen=True, slots=True)
class RequestOfContact:
    """A contact's request as agents see it. `agent_name`: who recorded it; None if it was the citizen, with the bot."""

    id: UUID
    conversation_id: UUID | None
    backend: str
    service_code: str
    state: str
    reference: str | None
    status: str | None
    raw_status: str | None
    error: str | None
    payload: Mapping[str, Any]
    tells_status: bool
    agent_name: str | None
    created_at: datetime
    filed_at: datetime | None
    updated_at: datetime


async def get_of_contact(executor: Executor, contact_id: UUID, id: UUID) -> RequestOfContact | None:
    """The request, if it is this contact's or of a contact linked to it."""
    row = await executor.fetchrow(
        """SELECT s.id, s.conversation_id, s.backend, s.service_code, s.state, s.reference, s.status, s.raw_status, s.error, s.payload,
                  s.told_status IS NOT NULL AS tells_status, a.name AS agent_name, s.created_at, s.filed_at, s.updated_at
           FROM service_requests s LEFT JOIN agents a ON a.id = s.agent_id
           WHERE s.id = $2 AND s.contact_id IN (
               SELECT $1::uuid UNION SELECT id FROM contacts
               WHERE person_id = (SELECT person_id FROM contacts WHERE id = $1))""",
        contact_id,
        id,
    )
    return RequestOfContact(**dict(row)) if row else None
