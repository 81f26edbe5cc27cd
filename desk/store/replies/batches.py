"""One answer to many conversations: each gets its own message, which is briefly delayed and can be cancelled individually."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class BatchMessage:
    """One message of a batch. `state` is that of scheduled messages."""

    id: UUID
    conversation_id: UUID
    contact_name: str | None
    language: str
    text: str
    state: str
    due_at: datetime


async def add_batch(
    executor: Executor,
    scope: Scope,
    conversation_ids: Sequence[UUID],
    texts: Mapping[str, str],
    answers: Mapping[str, list[dict[str, object]]],
    *,
    first_language: str,
    batch: UUID,
    due_at: datetime,
    now: datetime,
    resolves: bool,
    for_others: bool,
) -> int:
    """Keep a message for each of these conversations that is open, within `scope` and not with somebody else (unless
    `for_others`), in its language; and its line in the audit. Returns how many. One statement, whatever the number."""
    added: int = await executor.fetchval(
        f"""WITH chosen AS (
                SELECT v.id, CASE WHEN $7::jsonb ? v.language THEN v.language ELSE $9 END AS language
                FROM conversations v WHERE {VISIBLE} AND v.id = ANY($4) AND v.state IN ('queued', 'assigned', 'waiting_on_contact')
                  AND ($13 OR v.agent_id IS NULL OR v.agent_id = $3)),
            added AS (
                INSERT INTO scheduled_messages
                    (id, conversation_id, kind, agent_id, text, due_at, created_at, batch, resolves, answers)
                SELECT gen_random_uuid(), id, 'reply', $3, $7::jsonb->>language, $5, $6, $10, $11,
                       coalesce($8::jsonb->language, '[]'::jsonb) FROM chosen RETURNING id, conversation_id),
            noted AS (
                INSERT INTO audit (agent_id, action, conversation_id, detail, at)
                SELECT $3, 'bulk_reply', conversation_id, jsonb_build_object('batch', $12::text), $6 FROM added)
            SELECT count(*) FROM added""",  # noqa: S608  (our own constants)
        *scope_values(scope),
        list(conversation_ids),
        due_at,
        now,
        dict(texts),
        dict(answers),
        first_language,
        batch,
        resolves,
        str(batch),
        for_others,
    )
    return added


async def list_of_batch(
    executor: Executor, batch: UUID, agent_id: UUID, limit: int = 2_000
) -> list[BatchMessage]:
    """The agent's own messages of this batch."""
    rows = await executor.fetch(
        """SELECT s.id, s.conversation_id, c.name AS contact_name, v.language, s.text, s.state, s.due_at
           FROM scheduled_messages s JOIN conversations v ON v.id = s.conversation_id JOIN contacts c ON c.id = v.contact_id
           WHERE s.batch = $1 AND s.agent_id = $2 ORDER BY c.name, s.id LIMIT $3""",
        batch,
        agent_id,
        limit,
    )
    return [BatchMessage(**dict(row)) for row in rows]


async def mark_cancelled(executor: Executor, batch: UUID, agent_id: UUID, id: UUID | None) -> int:
    """Cancel one message of the agent's batch, or (None) all that still wait; returns how many."""
    tag = await executor.execute(
        """UPDATE scheduled_messages SET state = 'cancelled'
           WHERE batch = $1 AND agent_id = $2 AND state = 'waiting' AND ($3::uuid IS NULL OR id = $3)""",
        batch,
        agent_id,
        id,
    )
    return int(tag.removeprefix("UPDATE "))
