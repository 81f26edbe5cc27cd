"""Buttons: a citizen's click carries an opaque id; what it means stays here."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from desk.model import OfferedButton
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class KnownButton:
    """A button that was offered to this contact, and in which conversation."""

    conversation_id: UUID
    offer: OfferedButton


async def offer(
    executor: Executor, button_id: str, conversation_id: UUID, message_id: UUID, button: OfferedButton
) -> None:
    """Record a button under its opaque id."""
    await executor.execute(
        """INSERT INTO buttons (id, conversation_id, message_id, title, intent, entities)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        button_id,
        conversation_id,
        message_id,
        button.title,
        button.intent,
        dict(button.entities),
    )


async def find(executor: Executor, contact_id: UUID, button_id: str) -> KnownButton | None:
    """The button, if it was offered to this very contact: another citizen's buttons do not exist for it."""
    row: Any = await executor.fetchrow(
        """SELECT b.conversation_id, b.title, b.intent, b.entities FROM buttons b
           JOIN conversations v ON v.id = b.conversation_id WHERE b.id = $1 AND v.contact_id = $2""",
        button_id,
        contact_id,
    )
    if row is None:
        return None
    return KnownButton(row["conversation_id"], OfferedButton(row["title"], row["intent"], row["entities"]))
