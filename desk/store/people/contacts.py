"""Contacts: the citizens. A contact's row is the lock of its log: every transaction that writes messages or
moves a conversation locks it first, so that order is kept and no two can deadlock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.model import Contact
from desk.store.pool import Executor

COLUMNS = (
    "id, inbox, external_id, name, email, phone, language, last_seq, created_at, "
    "wrote_at, window_shut_at, human_shut_at, opted_out_at, unreachable_at, routed_away_at, quiet_until, blocked_until"
)


async def get_by_id(executor: Executor, contact_id: UUID) -> Contact | None:
    """The contact with this id, or None."""
    return from_row(await executor.fetchrow(f"SELECT {COLUMNS} FROM contacts WHERE id = $1", contact_id))  # noqa: S608  (our own columns)


async def lock(executor: Executor, contact_id: UUID) -> Contact | None:
    """The contact, locked until the end of the transaction."""
    return from_row(
        await executor.fetchrow(
            f"SELECT {COLUMNS} FROM contacts WHERE id = $1 FOR NO KEY UPDATE",  # noqa: S608  (our own columns)
            contact_id,
        )
    )


async def lock_free(executor: Executor, contact_id: UUID) -> Contact | None:
    """The contact, locked until the end of the transaction; None if another transaction has it now."""
    return from_row(
        await executor.fetchrow(
            f"SELECT {COLUMNS} FROM contacts WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED",  # noqa: S608  (our own columns)
            contact_id,
        )
    )


async def lock_all(executor: Executor, contact_ids: Iterable[UUID]) -> set[UUID]:
    """Lock several contacts, always in the same order, so that two who lock the same ones do not wait for each other; those
    that exist."""
    rows = await executor.fetch(
        "SELECT id FROM contacts WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", list(set(contact_ids))
    )
    return {row["id"] for row in rows}


async def lock_of(executor: Executor, conversation_id: UUID, others: Iterable[UUID] = ()) -> UUID | None:
    """Lock the contact of this conversation, and `others`, in the order of `lock_all`. Its id; None if there is no such
    conversation or contact. A conversation never changes its contact."""
    rows = await executor.fetch(
        """SELECT c.id, v.contact_id FROM (SELECT contact_id FROM conversations WHERE id = $1) v
           JOIN contacts c ON c.id = ANY (array_append($2::uuid[], v.contact_id)) ORDER BY c.id FOR NO KEY UPDATE OF c""",
        conversation_id,
        list(set(others)),
    )
    return next((row["id"] for row in rows if row["id"] == row["contact_id"]), None)


async def add_contact(
    executor: Executor, inbox: str, external_id: str, language: str | None, origin: bytes | None = None
) -> Contact:
    """Create a contact. `origin` is a keyed digest of the network that a web chat comes from."""
    row = await executor.fetchrow(
        f"INSERT INTO contacts (inbox, external_id, language, origin) VALUES ($1, $2, $3, $4) RETURNING {COLUMNS}",  # noqa: S608  (our own columns)
        inbox,
        external_id,
        language,
        origin,
    )
    made = from_row(row)
    assert made is not None
    return made


async def get_or_add(
    executor: Executor, inbox: str, external_id: str, name: str | None, language: str | None
) -> UUID:
    """The id of the contact with this `external_id` at the provider, created if new. An empty value never
    overwrites what is known; a language the citizen has shown wins over the provider's guess."""
    found: UUID = await executor.fetchval(
        """
        INSERT INTO contacts (inbox, external_id, name, language) VALUES ($1, $2, $3, $4)
        ON CONFLICT (inbox, external_id) DO UPDATE
        SET name = coalesce(excluded.name, contacts.name),
            language = coalesce(contacts.language, excluded.language)
        RETURNING id
        """,
        inbox,
        external_id,
        name,
        language,
    )
    return found


async def get_id(executor: Executor, inbox: str, external_id: str) -> UUID | None:
    """The id of the contact with this `external_id`; None if there is none yet."""
    found: UUID | None = await executor.fetchval(
        "SELECT id FROM contacts WHERE inbox = $1 AND external_id = $2", inbox, external_id
    )
    return found


async def get_id_by_phone(executor: Executor, inbox: str, external_id: str, phone: str) -> UUID | None:
    """The one contact of the inbox with this number; None if several have it, or if a contact has the `external_id`."""
    rows = await executor.fetch(
        """SELECT id FROM contacts WHERE inbox = $1 AND phone = $3
               AND right(regexp_replace(phone, '[^0-9]', '', 'g'), 9) = right(regexp_replace($3::text, '[^0-9]', '', 'g'), 9)
               AND NOT EXISTS (SELECT FROM contacts WHERE inbox = $1 AND external_id = $2)
           LIMIT 2""",
        inbox,
        external_id,
        phone,
    )
    return rows[0]["id"] if len(rows) == 1 else None


async def set_language(executor: Executor, contact_id: UUID, language: str) -> None:
    """Store the language in which the citizen writes."""
    await executor.execute(
        "UPDATE contacts SET language = $2 WHERE id = $1 AND language IS DISTINCT FROM $2",
        contact_id,
        language,
    )


async def set_details(
    executor: Executor, contact_id: UUID, name: str | None, email: str | None, phone: str | None
) -> None:
    """Replace what an agent has corrected."""
    await executor.execute(
        "UPDATE contacts SET name = $2, email = $3, phone = $4 WHERE id = $1", contact_id, name, email, phone
    )


async def set_name_if_unknown(executor: Executor, contact_id: UUID, called: str) -> bool:
    """Store a name if none is known; True if it was stored."""
    kept = await executor.fetchval(
        "UPDATE contacts SET name = $2 WHERE id = $1 AND name IS NULL RETURNING true", contact_id, called
    )
    return kept is not None


async def set_quiet(executor: Executor, contact_id: UUID, since: datetime, minutes: int) -> None:
    """The bot stays silent until `minutes` after `since`; an earlier, longer silence stays."""
    await executor.execute(
        """UPDATE contacts SET quiet_until = greatest(quiet_until, $2::timestamptz + make_interval(mins => $3))
           WHERE id = $1""",
        contact_id,
        since,
        minutes,
    )


async def set_blocked(executor: Executor, contact_id: UUID, until: datetime | None) -> None:
    """Nobody but the bot answers this contact until then; None ends it."""
    await executor.execute("UPDATE contacts SET blocked_until = $2 WHERE id = $1", contact_id, until)


async def is_blocked(executor: Executor, contact_id: UUID, now: datetime) -> bool:
    """Whether people do not answer this contact now."""
    found: bool | None = await executor.fetchval(
        "SELECT blocked_until > $2 FROM contacts WHERE id = $1", contact_id, now
    )
    return bool(found)


async def is_quiet(executor: Executor, contact_id: UUID) -> bool:
    """Whether the bot has to stay silent, by the database's clock."""
    found: bool | None = await executor.fetchval(
        "SELECT quiet_until > now() FROM contacts WHERE id = $1", contact_id
    )
    return bool(found)


async def list_silences_over(executor: Executor, limit: int = 50) -> list[UUID]:
    """Contacts towards whom the bot need not be silent any longer, and of whom no event is still open."""
    rows = await executor.fetch(
        """SELECT id FROM contacts c WHERE quiet_until <= now() AND NOT EXISTS (
               SELECT FROM events WHERE contact_id = c.id AND state IN ('received', 'appended'))
           ORDER BY quiet_until LIMIT $1""",
        limit,
    )
    return [row["id"] for row in rows]


async def end_silence(executor: Executor, contact_id: UUID) -> bool:
    """Forget a silence that is over; False if it has been extended or ended since."""
    ended = await executor.fetchval(
        "UPDATE contacts SET quiet_until = NULL WHERE id = $1 AND quiet_until <= now() RETURNING true",
        contact_id,
    )
    return ended is not None


def from_row(row: Any) -> Contact | None:
    """Convert a row to a Contact."""
    return Contact(**dict(row)) if row else None
