"""Writes what several webhooks delivered, contacts and events, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor

Who = tuple[str, str]
"""A contact as a provider names it: inbox and external id."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A contact that wrote, with what the provider knows about it; each contact appears once per call."""

    inbox: str
    external_id: str
    name: str | None
    language: str | None
    phone: str | None
    email: str | None
    wrote_at: datetime | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event from the contact `contact`."""

    inbox: str
    contact: str
    external_id: str
    payload: Mapping[str, object]
    trace_id: str | None


async def add_all(
    executor: Executor, writers: Sequence[Writer], arrivals: Sequence[Arrival]
) -> tuple[dict[Who, UUID], set[Who]]:
    """Store everything, events in order. Returns each writer's contact id, and (inbox, external id) of the
    new events. An empty value never overwrites what is known about a contact; a language that the citizen
    has shown wins over the provider's guess. A contact that writes is reachable again; a provider's time
    later than our own is cut to ours. Every process locks contacts in the same order, so two concurrent
    calls cannot deadlock."""
    rows = await executor.fetch(
        """
        WITH who AS (
            INSERT INTO contacts (inbox, external_id, name, language, phone, email, wrote_at)
            SELECT inbox, external_id, name, language, phone, email, least(coalesce(wrote_at, now()), now())
            FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
                 AS one (inbox, external_id, name, language, phone, email, wrote_at)
            ORDER BY inbox, external_id
            ON CONFLICT (inbox, external_id) DO UPDATE
            SET name = coalesce(excluded.name, contacts.name),
                language = coalesce(contacts.language, excluded.language),
                phone = coalesce(excluded.phone, contacts.phone),
                email = coalesce(excluded.email, contacts.email),
                wrote_at = greatest(excluded.wrote_at, contacts.wrote_at),
                unreachable_at = NULL
            RETURNING id, inbox, external_id
        ), fresh AS (
            INSERT INTO events (inbox, external_id, contact_id, payload, trace_id)
            SELECT one.inbox, one.external_id, who.id, one.payload, one.trace_id
            FROM unnest($8::text[], $9::text[], $10::text[], $11::jsonb[], $12::text[]) WITH ORDINALITY
                 AS one (inbox, contact, external_id, payload, trace_id, place)
            JOIN who ON who.inbox = one.inbox AND who.external_id = one.contact
            ORDER BY one.place
            ON CONFLICT (inbox, external_id) DO NOTHING RETURNING contact_id, external_id
        )
        SELECT id, inbox, external_id, ARRAY(SELECT fresh.external_id FROM fresh WHERE contact_id = who.id) AS fresh
        FROM who
        """,
        *(list(column) for column in zip(*(_columns(one) for one in writers), strict=True)),
        [one.inbox for one in arrivals],
        [one.contact for one in arrivals],
        [one.external_id for one in arrivals],
        [dict(one.payload) for one in arrivals],
        [one.trace_id for one in arrivals],
    )
    known = {(row["inbox"], row["external_id"]): row["id"] for row in rows}
    return known, {(row["inbox"], external_id) for row in rows for external_id in row["fresh"]}


def _columns(one: Writer) -> tuple[object, ...]:
    return one.inbox, one.external_id, one.name, one.language, one.phone, one.email, one.wrote_at
