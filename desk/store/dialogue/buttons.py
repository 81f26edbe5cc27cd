"""Stores what a button means: a citizen's click carries only an opaque id."""

from collections.abc import Mapping, Sequence
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


async def add_buttons(
    executor: Executor, conversation_id: UUID, message_id: UUID, offered: Mapping[str, OfferedButton]
) -> None:
    """Store a message's buttons under their opaque ids."""
    await executor.execute(
        """INSERT INTO buttons (id, conversation_id, message_id, title, intent, entities)
           SELECT one.id, $1, $2, one.title, one.intent, one.entities
           FROM unnest($3::text[], $4::text[], $5::text[], $6::jsonb[]) AS one (id, title, intent, entities)""",
        conversation_id,
        message_id,
        list(offered),
        [one.title for one in offered.values()],
        [one.intent for one in offered.values()],
        [dict(one.entities) for one in offered.values()],
    )


async def get_button(executor: Executor, contact_id: UUID, button_id: str) -> KnownButton | None:
    """The button, if it was offered to this very contact; other contacts' buttons are treated as unknown."""
    row: Any = await executor.fetchrow(
        """SELECT b.conversation_id, b.title, b.intent, b.entities FROM buttons b
           JOIN conversations v ON v.id = b.conversation_id WHERE b.id = $1 AND v.contact_id = $2""",
        button_id,
        contact_id,
    )
    if row is None:
        return None
    return KnownButton(row["conversation_id"], OfferedButton(row["title"], row["intent"], row["entities"]))


async def list_offered(
    executor: Executor, contact_id: UUID, conversation_id: UUID, event_id: int
) -> list[list[tuple[str, str]]]:
    """(id, title) of the buttons that the citizen's message may answer: those of each of our messages with buttons sent since
    the citizen's previous message, the newest message first, three at most."""
    rows = await executor.fetch(
        """SELECT content->'buttons' AS buttons FROM messages
           WHERE conversation_id = $2 AND author <> 'contact' AND content ? 'buttons'
             AND seq > coalesce((SELECT max(seq) FROM messages WHERE contact_id = $1 AND author = 'contact'
                                 AND event_id IS DISTINCT FROM $3), 0)
           ORDER BY seq DESC LIMIT 3""",
        contact_id,
        conversation_id,
        event_id,
    )
    return [[(one["id"], one["title"]) for one in row["buttons"] or ()] for row in rows]


async def list_intents(executor: Executor, button_ids: Sequence[str]) -> list[str]:
    """What these buttons stand for, in any order."""
    rows = await executor.fetch("SELECT intent FROM buttons WHERE id = ANY($1)", list(button_ids))
    return [row["intent"] for row in rows]
