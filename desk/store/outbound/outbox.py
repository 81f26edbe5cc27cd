"""The outbox: messages that a provider has yet to accept, in the order of each contact's log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Failure, Priority
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message to deliver. `parts`: how many of its requests were already accepted; `contact` is the
    provider's id; `token` is the lease."""

    id: int
    inbox: str
    contact_id: UUID
    contact: str
    message_id: UUID
    attempts: int
    parts: int
    token: UUID
    priority: int = Priority.CONVERSATION
    trace_id: str | None = None  # of the citizen's message that this answers

    @property
    def bulk(self) -> bool:
        """Whether conversations take precedence over it."""
        return self.priority < Priority.CONVERSATION


_OURS = "WHERE id = $1 AND lease_token = $2 AND state = 'sending'"


async def claim(
    executor: Executor,
    token: UUID,
    seconds: float,
    limit: int,
    *,
    least: Priority = Priority.BROADCAST,
    oldest_first: bool = False,
) -> list[OutboxItem]:
    """Lease due messages with a priority of at least `least`, for each contact only the first one waiting;
    highest priority first, then oldest. `oldest_first` ignores the priority, so that low ones do not
    starve. Rows are read in index order until there are enough, as in `leases.claim`."""
    order = "o.id" if oldest_first else "o.priority DESC, o.id"
    rows = await executor.fetch(
        f"""
        WITH due AS (
            SELECT o.id FROM outbox o
            WHERE o.state = 'pending' AND o.available_at <= now()
              AND o.priority >= $4
              AND o.id = (SELECT p.id FROM outbox p WHERE p.contact_id = o.contact_id
                          AND p.state IN ('pending', 'sending') ORDER BY p.contact_id, p.id LIMIT 1)
              AND NOT EXISTS (SELECT 1 FROM inbox_health h WHERE h.inbox = o.inbox
                              AND (h.stopped_at IS NOT NULL OR h.paused_until > now()))
            ORDER BY {order} LIMIT $3 FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease_token = $1,
               lease_until = now() + make_interval(secs => $2)
        FROM due, contacts c WHERE outbox.id = due.id AND c.id = outbox.contact_id
        RETURNING outbox.id, outbox.inbox, outbox.contact_id, c.external_id AS contact, outbox.message_id,
                  outbox.attempts, outbox.parts, outbox.lease_token AS token, outbox.priority,
                  (SELECT e.trace_id FROM messages m JOIN messages q ON q.id = m.reply_to JOIN events e ON e.id = q.event_id
                   WHERE m.id = outbox.message_id) AS trace_id
        """,  # noqa: S608  (`order` is one of this function's own)
        token,
        seconds,
        limit,
        int(least),
    )
    return sorted((OutboxItem(**dict(row)) for row in rows), key=lambda item: (-item.priority, item.id))


async def list_same_turn(executor: Executor, item: OutboxItem) -> list[OutboxItem]:
    """The items behind this one that the same turn wrote, in order. The claim of the first keeps them waiting."""
    rows = await executor.fetch(
        """SELECT o.id, o.inbox, o.contact_id, o.message_id, o.attempts, o.parts, o.priority
           FROM outbox first JOIN messages said ON said.id = first.message_id
           JOIN outbox o ON o.contact_id = first.contact_id AND o.inbox = first.inbox AND o.id > first.id
           JOIN messages m ON m.id = o.message_id AND m.reply_to = said.reply_to AND m.author <> 'agent'
           WHERE first.id = $1 AND said.author <> 'agent' AND o.state = 'pending' AND o.parts = 0
             AND o.created_at = first.created_at
           ORDER BY o.id""",
        item.id,
    )
    return [OutboxItem(**dict(row), contact=item.contact, token=item.token) for row in rows]


async def mark_part_taken(
    executor: Executor, item_id: int, parts: int, external_id: str | None = None
) -> None:
    """The provider accepted one more request of this message, which is never sent again. Its id is kept for
    receipts."""
    await executor.execute(
        """UPDATE outbox SET parts = $2, external_ids = CASE WHEN $3::text IS NULL THEN external_ids
           ELSE array_append(external_ids, $3) END WHERE id = $1 AND parts < $2""",
        item_id,
        parts,
        external_id,
    )


async def mark_sent(executor: Executor, item_id: int) -> None:
    """All of it was accepted. Applies regardless of who holds the lease now: it must not be sent again."""
    await executor.execute(
        """UPDATE outbox SET state = 'sent', sent_at = now(), error = NULL, failure = NULL, lease_token = NULL
           WHERE id = $1""",
        item_id,
    )


async def mark_later(executor: Executor, item: OutboxItem, seconds: float, error: str) -> None:
    """Retry in `seconds`. This function and those below change nothing once the lease is lost: the new
    holder may have sent the item."""
    await executor.execute(
        f"""UPDATE outbox SET state = 'pending', available_at = now() + make_interval(secs => $3),
            error = left($4, 500), failure = NULL, lease_token = NULL {_OURS}""",  # noqa: S608  (_OURS is this file's own)
        item.id,
        item.token,
        seconds,
        error,
    )


async def mark_stopped(executor: Executor, item: OutboxItem, failure: Failure, error: str | None) -> bool:
    """It stays: `dead` when refused, `unknown` when the provider may have taken it. A person decides. False where the
    lease was lost."""
    tag = await executor.execute(
        f"UPDATE outbox SET state = $3, error = left($4, 500), failure = $5, lease_token = NULL {_OURS}",  # noqa: S608  (as above)
        item.id,
        item.token,
        "unknown" if failure == "unknown" else "dead",
        error,
        failure,
    )
    return tag == "UPDATE 1"


async def mark_held(executor: Executor, item: OutboxItem, seconds: float, reason: str) -> None:
    """Not allowed to go yet (a rate limit, a pause of the inbox): no attempt was made."""
    await executor.execute(
        f"""UPDATE outbox SET state = 'pending', available_at = now() + make_interval(secs => $3),
            attempts = greatest(attempts - 1, 0), error = left($4, 500), failure = NULL, lease_token = NULL {_OURS}""",  # noqa: S608  (as above)
        item.id,
        item.token,
        seconds,
        reason,
    )


async def mark_held_back(executor: Executor, item: OutboxItem, seconds: float, failure: Failure) -> bool:
    """One of our own limits holds it back for now. True if it was not held back before."""
    was = await executor.fetchrow(
        """UPDATE outbox SET state = 'pending', available_at = now() + make_interval(secs => $3),
           attempts = greatest(outbox.attempts - 1, 0), error = NULL, failure = $4, lease_token = NULL
           FROM outbox before WHERE outbox.id = $1 AND before.id = outbox.id AND outbox.lease_token = $2
             AND outbox.state = 'sending' RETURNING before.failure""",
        item.id,
        item.token,
        seconds,
        failure,
    )
    return was is not None and was["failure"] != failure


async def mark_waiting_for_contact(executor: Executor, item: OutboxItem, failure: Failure) -> None:
    """It waits until the citizen writes (or the thread comes back); `reach.release` then releases it."""
    await executor.execute(
        f"""UPDATE outbox SET state = 'waiting', attempts = greatest(attempts - 1, 0), error = NULL, failure = $3,
            lease_token = NULL {_OURS}""",  # noqa: S608  (as above)
        item.id,
        item.token,
        failure,
    )


async def mark_failed_later(executor: Executor, message_id: UUID, error: str) -> None:
    """The provider accepted it but could not deliver it after all."""
    await executor.execute(
        """UPDATE outbox SET state = 'dead', error = left($2, 500), failure = 'refused_later'
           WHERE message_id = $1 AND state = 'sent'""",
        message_id,
        error,
    )


async def lock(executor: Executor, message_id: UUID) -> None:
    """Lock the message's outbox item until the end of the transaction: everywhere, it is locked before its
    message."""
    await executor.execute("SELECT 1 FROM outbox WHERE message_id = $1 FOR UPDATE", message_id)


async def list_external_ids(executor: Executor, item_id: int) -> list[str]:
    """The provider's ids of the parts it accepted, in order."""
    found = await executor.fetchval("SELECT external_ids FROM outbox WHERE id = $1", item_id)
    return list(found or ())


async def mark_window_closed(executor: Executor, message_id: UUID, reason: str) -> bool:
    """The provider accepted the message but dropped it because the reply window was over. It is requeued
    from its first part. Also True if an earlier dropped part has already requeued it."""
    was = await executor.fetchval("SELECT state FROM outbox WHERE message_id = $1 FOR UPDATE", message_id)
    if was == "sent":
        await executor.execute(
            """UPDATE outbox SET state = 'pending', parts = 0, attempts = 0, available_at = now(),
               error = left($2, 500) WHERE message_id = $1""",
            message_id,
            reason,
        )
        # As when a person replays a dead letter: nothing of it has arrived.
        await executor.execute(
            "UPDATE messages SET status = 'accepted' WHERE id = $1 AND status = 'sent'", message_id
        )
    return was in ("sent", "pending", "waiting")


async def renew(executor: Executor, held: Mapping[int, UUID], seconds: float) -> set[int]:
    """Renew these leases (item to token); returns the items still held."""
    rows = await executor.fetch(
        """UPDATE outbox SET lease_until = now() + make_interval(secs => $3)
           FROM unnest($1::bigint[], $2::uuid[]) AS held (id, token)
           WHERE outbox.id = held.id AND outbox.lease_token = held.token AND outbox.state = 'sending'
           RETURNING outbox.id""",
        list(held),
        list(held.values()),
        seconds,
    )
    return {row["id"] for row in rows}


async def list_lapsed(executor: Executor, longest: float) -> dict[int, datetime]:
    """Items being sent whose lease has expired, with its end: their worker may have died, or a clock may
    have jumped. Or it ends more than `longest` seconds from now, as no lease does: it dates from before the
    database's clock was set back."""
    rows = await executor.fetch(
        """SELECT id, lease_until FROM outbox WHERE state = 'sending'
           AND (lease_until < now() OR lease_until > now() + make_interval(secs => $1))""",
        longest,
    )
    return {row["id"]: row["lease_until"] for row in rows}


async def mark_abandoned(
    executor: Executor, items: Mapping[int, datetime], deaths: int
) -> list[tuple[int, str]]:
    """The worker sending these items (with the end of the lease when first seen) died. They are sent again
    under the same key; after `deaths` such deaths they are `unknown` and a person decides. Returns each
    item's id and its new state."""
    rows = await executor.fetch(
        """
        WITH lost AS (
            SELECT o.id FROM outbox o JOIN unnest($2::bigint[], $3::timestamptz[]) AS seen (id, until)
            ON o.id = seen.id AND o.lease_until = seen.until WHERE o.state = 'sending' FOR UPDATE OF o SKIP LOCKED
        )
        UPDATE outbox SET state = CASE WHEN deaths + 1 >= $1 THEN 'unknown' ELSE 'pending' END, deaths = deaths + 1,
               failure = CASE WHEN deaths + 1 >= $1 THEN 'unknown' END, error = 'the worker stopped while sending',
               lease_token = NULL
        FROM lost WHERE outbox.id = lost.id RETURNING outbox.id, outbox.state
        """,
        deaths,
        list(items),
        list(items.values()),
    )
    return [(row["id"], row["state"]) for row in rows]


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
