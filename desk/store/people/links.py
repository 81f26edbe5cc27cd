"""Links between contacts that are one person, and the one-time codes that prove it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from desk.model import Contact
from desk.store.people import contacts
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code that was issued to `contact_id`."""

    selector: str
    contact_id: UUID
    code_hash: bytes
    expires_at: datetime
    used_by: UUID | None


async def add_code(
    executor: Executor, selector: str, contact_id: UUID, code_hash: bytes, now: datetime, expires: datetime
) -> None:
    """Store a code; this contact's earlier codes expire, and old codes of all contacts are deleted."""
    await executor.execute(
        "DELETE FROM link_codes WHERE expires_at < $1::timestamptz - interval '1 day'", now
    )
    await executor.execute("DELETE FROM link_misses WHERE at < $1::timestamptz - interval '1 day'", now)
    await executor.execute(
        "UPDATE link_codes SET expires_at = $2 WHERE contact_id = $1 AND used_at IS NULL AND expires_at > $2",
        contact_id,
        now,
    )
    await executor.execute(
        "INSERT INTO link_codes (selector, contact_id, code_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        selector,
        contact_id,
        code_hash,
        now,
        expires,
    )


async def get_code(executor: Executor, selector: str) -> LinkCode | None:
    """The code with this selector, locked because it can be used only once."""
    row: Any = await executor.fetchrow(
        """SELECT selector, contact_id, code_hash, expires_at, used_by FROM link_codes
           WHERE selector = $1 FOR UPDATE""",
        selector,
    )
    return LinkCode(**dict(row)) if row else None


async def mark_code_used(executor: Executor, selector: str, contact_id: UUID, now: datetime) -> None:
    """Mark the code as used."""
    await executor.execute(
        "UPDATE link_codes SET used_by = $2, used_at = $3 WHERE selector = $1", selector, contact_id, now
    )


async def count_codes_since(executor: Executor, contact_id: UUID, since: datetime) -> int:
    """How many codes this contact was given."""
    found: int = await executor.fetchval(
        "SELECT count(*) FROM link_codes WHERE contact_id = $1 AND created_at > $2", contact_id, since
    )
    return found


async def add_miss(executor: Executor, contact_id: UUID, now: datetime) -> None:
    """Record that a wrong code was entered."""
    await executor.execute("INSERT INTO link_misses (contact_id, at) VALUES ($1, $2)", contact_id, now)


async def count_misses_since(executor: Executor, contact_id: UUID, since: datetime) -> int:
    """How many wrong codes this contact entered."""
    found: int = await executor.fetchval(
        "SELECT count(*) FROM link_misses WHERE contact_id = $1 AND at > $2", contact_id, since
    )
    return found


async def set_linked(executor: Executor, one: UUID, other: UUID, most: int) -> bool:
    """Make the two one person, with everyone linked to either; False if that would be more than `most`
    contacts."""
    rows = await executor.fetch(
        """SELECT id, person_id FROM contacts WHERE id IN ($1, $2)
           OR person_id IN (SELECT person_id FROM contacts WHERE id IN ($1, $2) AND person_id IS NOT NULL)
           ORDER BY id FOR NO KEY UPDATE""",
        one,
        other,
    )
    if len(rows) > most:
        return False
    person = next((row["person_id"] for row in rows if row["person_id"]), None) or uuid4()
    await executor.execute(
        "UPDATE contacts SET person_id = $2 WHERE id = ANY($1)", [row["id"] for row in rows], person
    )
    return True


async def delete_link(executor: Executor, contact_id: UUID) -> bool:
    """Remove this contact from its person; False if it had none. A person with only one contact left is
    dissolved."""
    person: UUID | None = await executor.fetchval(
        "SELECT person_id FROM contacts WHERE id = $1 FOR NO KEY UPDATE", contact_id
    )
    if person is None:
        return False
    await executor.execute("UPDATE contacts SET person_id = NULL WHERE id = $1", contact_id)
    await executor.execute(
        """UPDATE contacts SET person_id = NULL WHERE person_id = $1
           AND (SELECT count(*) FROM contacts WHERE person_id = $1) = 1""",
        person,
    )
    return True


async def list_linked(executor: Executor, contact_id: UUID) -> list[Contact]:
    """The other contacts of this contact's person, oldest first."""
    rows = await executor.fetch(
        f"""SELECT {contacts.COLUMNS} FROM contacts WHERE id <> $1
            AND person_id = (SELECT person_id FROM contacts WHERE id = $1) ORDER BY created_at, id""",  # noqa: S608  (our own columns)
        contact_id,
    )
    return [Contact(**dict(row)) for row in rows]
