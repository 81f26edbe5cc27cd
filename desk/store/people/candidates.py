"""Contacts who may be the same person, by their known data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class AlikeContact:
    """A contact and the latest of their conversations that the agent may see. `same` names what agrees: e-mail, phone,
    name."""

    contact_id: UUID
    conversation_id: UUID
    inbox: str
    name: str | None
    email: str | None
    phone: str | None
    updated_at: datetime
    same: list[str]


# Phones are compared by their last nine digits: with and without a country's code. The index has the same words.
_DIGITS = "right(regexp_replace({0}.phone, '[^0-9]', '', 'g'), 9)"
_SAME_EMAIL = "c.email IS NOT NULL AND lower(c.email) = $5"
_SAME_PHONE = f"c.phone IS NOT NULL AND {_DIGITS.format('c')} = $6"
_SAME_NAME = "c.name IS NOT NULL AND lower(c.name) = $7"
_FEWEST_DIGITS = 6


async def list_candidates(
    executor: Executor, scope: Scope, contact_id: UUID, limit: int = 8
) -> list[AlikeContact]:
    """Contacts with the same e-mail, phone or full name. Linked ones are left out."""
    return await _list(
        executor, scope, contact_id, f"({_SAME_EMAIL}) OR ({_SAME_PHONE}) OR ({_SAME_NAME})", limit
    )


async def list_named(
    executor: Executor, scope: Scope, contact_id: UUID, query: str, limit: int = 8
) -> list[AlikeContact]:
    """Contacts whose name, e-mail or phone contains `query`; every contact is read."""
    contains = "position(lower($9) IN lower(concat_ws(' ', c.name, c.email, c.phone))) > 0"
    return await _list(executor, scope, contact_id, contains, limit, query)


async def _list(
    executor: Executor, scope: Scope, contact_id: UUID, which: str, limit: int, *query: str
) -> list[AlikeContact]:
    me = await executor.fetchrow(
        f"SELECT lower(email) AS email, {_DIGITS.format('c')} AS phone, lower(name) AS name FROM contacts c WHERE id = $1",  # noqa: S608  (our own constants)
        contact_id,
    )
    if me is None:
        return []
    rows = await executor.fetch(
        f"""SELECT * FROM (
                SELECT DISTINCT ON (c.id) c.id AS contact_id, v.id AS conversation_id, c.inbox, c.name, c.email, c.phone,
                       v.updated_at,
                       array_remove(ARRAY[CASE WHEN {_SAME_EMAIL} THEN 'e-mail' END, CASE WHEN {_SAME_PHONE} THEN 'phone' END,
                                          CASE WHEN {_SAME_NAME} THEN 'name' END], NULL) AS same
                FROM contacts c JOIN conversations v ON v.contact_id = c.id AND {VISIBLE}
                WHERE c.id <> $4 AND ({which}) AND NOT coalesce(
                    c.person_id = (SELECT person_id FROM contacts WHERE id = $4), false)
                ORDER BY c.id, v.updated_at DESC
            ) AS found ORDER BY cardinality(same) DESC, updated_at DESC LIMIT $8""",  # noqa: S608  (SQL of this file; the values are parameters)
        *scope_values(scope),
        contact_id,
        me["email"],
        me["phone"] if len(me["phone"] or "") >= _FEWEST_DIGITS else None,
        me["name"] if " " in (me["name"] or "") else None,
        limit,
        *query,
    )
    return [AlikeContact(**dict(row)) for row in rows]
