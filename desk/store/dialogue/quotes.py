"""Finds a message by the id that its provider knows it by: what another message answers, changes or deletes."""

from datetime import datetime
from uuid import UUID

from desk.model import Quoted
from desk.store.pool import Executor

_FOUND = """SELECT m.id, m.seq FROM messages m JOIN events e ON e.id = m.event_id
            WHERE m.contact_id = $1 AND (e.external_id = $2 OR e.payload->>'ref' = $2)
              AND coalesce(e.payload->>'kind', '') <> 'deletion'"""
_ANSWERED = """coalesce((SELECT entity->>'value' FROM jsonb_array_elements(
                   CASE jsonb_typeof(t.parse->'entities') WHEN 'array' THEN t.parse->'entities' ELSE '[]' END
               ) AS entity WHERE entity->>'entity' = 'answer' LIMIT 1), t.intent)"""
"""What a turn answered; `t` is its row."""


async def get_by_ref(executor: Executor, contact_id: UUID, ref: str) -> UUID | None:
    """The contact's own message, or one of ours, with this id at the provider; None if it is not in the log."""
    found: UUID | None = await executor.fetchval(
        f"""SELECT id FROM (
                {_FOUND}
                UNION ALL
                SELECT m.id, m.seq FROM outbox o JOIN messages m ON m.id = o.message_id
                WHERE o.contact_id = $1 AND o.external_ids @> ARRAY[$2]
            ) AS found ORDER BY seq LIMIT 1""",  # noqa: S608  (our own constants)
        contact_id,
        ref,
    )
    return found


async def list_quoted(executor: Executor, contact_id: UUID, message_ids: list[UUID]) -> dict[UUID, Quoted]:
    """These messages of the contact's log, by id; unknown ones are left out."""
    rows = await executor.fetch(
        f"""SELECT m.id, m.author, m.text, m.created_at, m.content ? 'deleted' AS deleted, {_ANSWERED} AS intent
            FROM messages m LEFT JOIN turns t ON t.message_id = coalesce(m.reply_to, m.id)
            WHERE m.contact_id = $1 AND m.id = ANY($2)""",  # noqa: S608  (our own constants)
        contact_id,
        message_ids,
    )
    return {
        row["id"]: Quoted(row["author"], row["text"], row["created_at"], row["intent"], row["deleted"])
        for row in rows
    }


async def get_said_before(executor: Executor, conversation_id: UUID, message_id: UUID) -> str | None:
    """What stands right before this message in its conversation, if it is one of the desk's own messages."""
    row = await executor.fetchrow(
        """SELECT m.author, m.text FROM messages m WHERE m.conversation_id = $1
           AND m.seq < (SELECT seq FROM messages WHERE id = $2) ORDER BY m.seq DESC LIMIT 1""",
        conversation_id,
        message_id,
    )
    return row["text"] if row is not None and row["author"] == "system" else None


async def list_answered(
    executor: Executor, conversation_id: UUID, since: datetime, newest: int = 3
) -> list[str]:
    """What the bot's latest messages in this conversation answered, newest first: the answer that a button or a follow-up
    led to, else the intent."""
    rows = await executor.fetch(
        f"""SELECT {_ANSWERED} AS intent FROM messages m JOIN turns t ON t.message_id = m.reply_to
            WHERE m.conversation_id = $1 AND m.author = 'bot' AND m.created_at > $2
            ORDER BY m.seq DESC LIMIT $3""",  # noqa: S608  (our own constants)
        conversation_id,
        since,
        newest,
    )
    return [row["intent"] for row in rows if row["intent"]]


async def mark_deleted(executor: Executor, contact_id: UUID, ref: str, at: datetime) -> dict[UUID, UUID]:
    """Hide the contact's message with this id at the provider, and all later versions of it. The text leaves
    the log and the search; it is kept in the row, with the time, until the contact is erased. Returns the
    messages, with the conversation of each; the ones that were hidden before are left out."""
    rows = await executor.fetch(
        f"""UPDATE messages SET text = '', content = (content - ARRAY['attachments', 'location', 'unshown', 'note', 'chosen'])
                || jsonb_build_object('deleted', jsonb_strip_nulls(jsonb_build_object(
                       'at', $3::timestamptz, 'text', text, 'attachments', content->'attachments',
                       'location', content->'location')))
            WHERE id IN (SELECT id FROM ({_FOUND}) AS found) AND author = 'contact' AND NOT content ? 'deleted'
            RETURNING id, conversation_id""",  # noqa: S608  (our own constants)
        contact_id,
        ref,
        at,
    )
    return {row["id"]: row["conversation_id"] for row in rows}


async def list_deleted_texts(executor: Executor, contact_id: UUID, newest: int = 50) -> list[str]:
    """What the contact wrote and deleted. Only for taking it out of what quotes it; it is shown to nobody."""
    rows = await executor.fetch(
        """SELECT content->'deleted'->>'text' AS text FROM messages
           WHERE contact_id = $1 AND author = 'contact' AND content->'deleted'->>'text' <> ''
           ORDER BY seq DESC LIMIT $2""",
        contact_id,
        newest,
    )
    return [row["text"] for row in rows]
