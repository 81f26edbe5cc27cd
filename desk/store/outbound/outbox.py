"""The outbox: messages that a provider has yet to accept, in the order of each contact's log."""

from dataclasses import dataclass
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
        """Whether it is one of many, and leaves a share of slots and tokens to conversations."""
        return self.priority != Priority.CONVERSATION


_OURS = "WHERE id = $1 AND lease_token = $2 AND state = 'sending'"


async def claim(
    executor: Executor,
    token: UUID,
    seconds: float,
    limit: int,
    *,
    least: Priority = Priority.BROADCAST,
    most: Priority = Priority.EMERGENCY,
    oldest_first: bool = False,
) -> list[OutboxItem]:
    """Lease due messages with a priority from `least` to `most`, for each contact only the first one waiting;
    highest priority first, then oldest. `oldest_first` ignores the priority, so that low ones do not
    starve. Rows are read in index order until there are enough, as in `leases.claim`."""
    order = "o.id" if oldest_first else "o.priority DESC, o.id"
    rows = await executor.fetch(
        f"""
        WITH due AS (
            SELECT o.id FROM outbox o
            WHERE o.state = 'pending' AND o.available_at <= now()
              AND o.priority BETWEEN $4 AND $5
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
        int(most),
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
