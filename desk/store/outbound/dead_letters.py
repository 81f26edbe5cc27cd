"""Messages that were not delivered, or not yet: dead letters, and how the conversation's page shows them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Failure
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was not delivered. `state` is `dead` (refused) or `unknown` (it may have arrived)."""

    id: int
    inbox: str
    state: str
    error: str | None
    failure: str | None
    attempts: int
    author: str
    conversation_id: UUID
    message_id: UUID
    contact_id: UUID
    contact_name: str | None
    created_at: datetime


async def list_dead_letters(executor: Executor, limit: int = 200) -> list[DeadLetter]:
    """Undelivered messages, newest first. What the desk held back itself comes last: a stranger can cause a
    lot of it."""
    rows = await executor.fetch(
        """SELECT o.id, o.inbox, o.state, o.error, o.failure, o.attempts, m.author, m.conversation_id, o.message_id,
                  o.contact_id, c.name AS contact_name, o.created_at
           FROM outbox o JOIN messages m ON m.id = o.message_id JOIN contacts c ON c.id = o.contact_id
           WHERE o.state IN ('dead', 'unknown')
           ORDER BY coalesce(o.failure IN ('forbidden_number', 'contact_cap'), false), o.id DESC LIMIT $1""",
        limit,
    )
    return [DeadLetter(**dict(row)) for row in rows]


async def replay(executor: Executor, item_id: int) -> DeadLetter | None:
    """Retry from the first part that was not accepted. None if it is not (or no longer) a dead letter."""
    row = await executor.fetchrow(
        """UPDATE outbox o SET state = 'pending', attempts = 0, deaths = 0, available_at = now(), error = NULL,
                  failure = NULL
           FROM outbox before, messages m, contacts c
           WHERE o.id = $1 AND o.state IN ('dead', 'unknown') AND before.id = o.id AND m.id = o.message_id
             AND c.id = o.contact_id
           RETURNING o.id, o.inbox, before.state, before.error, before.failure, before.attempts, m.author, m.conversation_id,
                     o.message_id, o.contact_id, c.name AS contact_name, o.created_at""",
        item_id,
    )
    if row is None:
        return None
    # The only case in which a status moves back: a person has sent the message on its way again.
    await executor.execute(
        "UPDATE messages SET status = 'accepted' WHERE id = $1 AND status = 'failed'", row["message_id"]
    )
    # A contact marked unreachable is tried again, because a person asked for it.
    await executor.execute("UPDATE contacts SET unreachable_at = NULL WHERE id = $1", row["contact_id"])
    return DeadLetter(**dict(row))


@dataclass(frozen=True, slots=True)
class Unsent:
    """A message that waits, or was not delivered. `state` is waiting, held_back, dead or unknown; `failure` says why (None in rows
    of older versions), `error` is what the provider or the program said."""

    state: str
    failure: Failure | None
    error: str | None


async def list_unsent(executor: Executor, conversation_id: UUID) -> dict[UUID, Unsent]:
    """The conversation's messages that were not sent yet, or not at all, by message id."""
    rows = await executor.fetch(
        """SELECT o.message_id, CASE o.state WHEN 'pending' THEN 'held_back' ELSE o.state END AS state, o.failure, o.error
           FROM outbox o JOIN messages m ON m.id = o.message_id
           WHERE m.conversation_id = $1
             AND (o.state IN ('waiting', 'dead', 'unknown') OR (o.state = 'pending' AND o.failure = 'inbox_cap'))""",
        conversation_id,
    )
    return {row["message_id"]: Unsent(row["state"], row["failure"], row["error"]) for row in rows}
