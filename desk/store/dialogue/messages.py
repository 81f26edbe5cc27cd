"""A contact's log of messages, in order and without gaps.

One long file on purpose: everything that reads or writes a row of messages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from desk.model import (
    Attachment,
    Author,
    Conversation,
    InReply,
    Message,
    MessageButton,
    NotShown,
    Point,
    Priority,
    ReportAnswer,
    ReportControl,
    ReportView,
    Source,
    Status,
    UsedAnswer,
)
from desk.store.dialogue import transitions
from desk.store.pool import Executor

_COLUMNS = """m.id, m.conversation_id, m.contact_id, m.seq, m.author, m.agent_id, m.text, m.content, m.language,
              m.reply_to, m.reply_index, m.status, m.created_at"""
_SELECT = f"SELECT {_COLUMNS}, a.name AS agent_name FROM messages m LEFT JOIN agents a ON a.id = m.agent_id"  # noqa: S608  (our own columns)

# Items ahead of it in the contact's log must not hold it back, so they get the same priority. A locked row is
# already being sent.
_TO_OUTBOX = """, item AS (INSERT INTO outbox (inbox, contact_id, message_id, priority)
                            SELECT v.inbox, m.contact_id, m.id, $13 FROM m JOIN conversations v ON v.id = m.conversation_id),
        behind AS (SELECT id FROM outbox WHERE contact_id = $3 AND state IN ('pending', 'sending') AND priority < $13
                   FOR UPDATE SKIP LOCKED),
        raised AS (UPDATE outbox SET priority = $13 FROM behind WHERE outbox.id = behind.id)"""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A message to be stored. With a `priority` it is also added to the outbox; without an `id` it is given
    one."""

    author: Author
    text: str
    language: str
    content: Mapping[str, object] = field(default_factory=dict)
    reply: InReply | None = None
    agent_id: UUID | None = None
    id: UUID | None = None
    event_id: int | None = None
    status: Status = "accepted"
    priority: Priority | None = None


async def add_message(executor: Executor, conversation: Conversation, new: NewRow) -> Message:
    """Append a message to the contact's log. The contact's row stays locked, so numbers appear in order."""
    row = await executor.fetchrow(
        f"""
        WITH number AS (UPDATE contacts SET last_seq = last_seq + 1 WHERE id = $3 RETURNING last_seq),
        m AS (INSERT INTO messages (id, conversation_id, contact_id, seq, author, agent_id, text, content, language,
                                    event_id, reply_to, reply_index, status)
              SELECT $1, $2, $3, last_seq, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM number RETURNING *)
              {_TO_OUTBOX if new.priority is not None else ""}
        SELECT {_COLUMNS}, a.name AS agent_name FROM m LEFT JOIN agents a ON a.id = m.agent_id
        """,  # noqa: S608  (our own constants)
        new.id or uuid4(),
        conversation.id,
        conversation.contact_id,
        new.author,
        new.agent_id,
        new.text,
        dict(new.content),
        new.language,
        new.event_id,
        new.reply.to if new.reply else None,
        new.reply.index if new.reply else None,
        new.status,
        *([] if new.priority is None else [int(new.priority)]),
    )
    return _message(row)


async def add_received(
    executor: Executor,
    conversation: Conversation,
    event_id: int,
    text: str,
    content: Mapping[str, object],
    *,
    answer: bool,
) -> Message:
    """Append what a contact wrote, and also do the work of `conversations.mark_contact_wrote` and `events.mark_appended`
    (`events.mark_done` if no answer is due from us): one round trip to the database, as this runs for every
    message."""
    row = await executor.fetchrow(
        f"""
        WITH number AS (UPDATE contacts SET last_seq = last_seq + 1 WHERE id = $3 RETURNING last_seq),
        m AS (INSERT INTO messages (id, conversation_id, contact_id, seq, author, text, content, language, event_id, status)
              SELECT $1, $2, $3, last_seq, 'contact', $4, $5, $6, $7, 'delivered' FROM number RETURNING *),
        before AS (SELECT id AS moving, state AS from_state FROM conversations WHERE id = $2),
        moved AS (UPDATE conversations SET updated_at = clock_timestamp(),
                  state = CASE state WHEN 'waiting_on_contact' THEN 'assigned' ELSE state END
                  FROM before WHERE id = moving RETURNING *),
        noted AS ({transitions.INSERT}
                  SELECT id, inbox, from_state, agent_id, team, state, agent_id, team, 'contact', NULL, 'wrote',
                         updated_at FROM moved WHERE from_state <> state),
        kept AS (UPDATE events SET state = CASE WHEN $8 THEN 'appended' ELSE 'done' END,
                 error = CASE WHEN $8 THEN error END,
                 attempts = attempts + ($8 AND waiting_since IS NULL)::int WHERE id = $7)
        SELECT {_COLUMNS}, NULL AS agent_name FROM m
        """,  # noqa: S608  (our own constants)
        uuid4(),
        conversation.id,
        conversation.contact_id,
        text,
        dict(content),
        conversation.language,
        event_id,
        answer,
    )
    return _message(row)


async def get_by_id(executor: Executor, message_id: UUID) -> Message | None:
    """The message with this id, or None."""
    row = await executor.fetchrow(f"{_SELECT} WHERE m.id = $1", message_id)
    return _message(row) if row else None


async def get_of_event(executor: Executor, event_id: int) -> Message | None:
    """The message of an event, if it has been appended."""
    row = await executor.fetchrow(f"{_SELECT} WHERE m.event_id = $1", event_id)
    return _message(row) if row else None


async def count_since(executor: Executor, conversation_id: UUID, since: datetime | None) -> int:
    """How many messages the contact has written in this conversation since then."""
    found: int = await executor.fetchval(
        """SELECT count(*) FROM messages WHERE conversation_id = $1 AND author = 'contact'
           AND ($2::timestamptz IS NULL OR created_at >= $2)""",
        conversation_id,
        since,
    )
    return found


async def list_after(executor: Executor, contact_id: UUID, seq: int, limit: int = 200) -> list[Message]:
    """The contact's messages with a `seq` above the given one, in order."""
    rows = await executor.fetch(
        f"{_SELECT} WHERE m.contact_id = $1 AND m.seq > $2 ORDER BY m.seq LIMIT $3", contact_id, seq, limit
    )
    return [_message(row) for row in rows]


async def list_of_conversation(executor: Executor, conversation_id: UUID) -> list[Message]:
    """The transcript of one conversation, in order."""
    rows = await executor.fetch(f"{_SELECT} WHERE m.conversation_id = $1 ORDER BY m.seq", conversation_id)
    return [_message(row) for row in rows]


@dataclass(frozen=True, slots=True)
class LogMarks:
    """What may change in a log besides new messages. `statuses`: by client id, of the contact's own most recent messages.
    `corrected`: how often an agent changed a message, or withdrew it, by its number."""

    statuses: Mapping[str, str]
    corrected: Mapping[int, int]


async def get_marks(executor: Executor, contact_id: UUID, limit: int = 50) -> LogMarks:
    """What may have changed in this contact's log."""
    rows = await executor.fetch(
        """(SELECT content->>'client_id' AS client_id, status, NULL::bigint AS seq, NULL::int AS times FROM messages
            WHERE contact_id = $1 AND author = 'contact' ORDER BY messages.seq DESC LIMIT $2)
           UNION ALL
           (SELECT NULL, NULL, seq, jsonb_array_length(content->'earlier') FROM messages
            WHERE contact_id = $1 AND content ? 'earlier' ORDER BY seq DESC LIMIT $2)""",
        contact_id,
        limit,
    )
    return LogMarks(
        {row["client_id"]: row["status"] for row in rows if row["client_id"]},
        {row["seq"]: row["times"] for row in rows if row["seq"] is not None},
    )


async def list_numbered(executor: Executor, contact_id: UUID, numbers: Sequence[int]) -> list[Message]:
    """The messages of this contact's log with these numbers, in order."""
    rows = await executor.fetch(
        f"{_SELECT} WHERE m.contact_id = $1 AND m.seq = ANY($2) ORDER BY m.seq", contact_id, list(numbers)
    )
    return [_message(row) for row in rows]


async def set_language(executor: Executor, message_id: UUID, language: str) -> None:
    """Store the language that the bot detected for this message."""
    await executor.execute(
        "UPDATE messages SET language = $2 WHERE id = $1 AND language <> $2", message_id, language
    )


async def get_external_id(executor: Executor, message_id: UUID) -> str | None:
    """The provider's id of a citizen's message."""
    found: str | None = await executor.fetchval(
        "SELECT e.external_id FROM messages m JOIN events e ON e.id = m.event_id WHERE m.id = $1", message_id
    )
    return found


async def mark_sent_as_template(executor: Executor, message_id: UUID, template: str) -> None:
    """Record that a template was sent instead of this message."""
    await executor.execute(
        "UPDATE messages SET content = content || jsonb_build_object('sent_as', $2::text) WHERE id = $1",
        message_id,
        template,
    )


async def is_stop_confirmed(executor: Executor, contact_id: UUID) -> bool:
    """Whether the last thing we said to this contact is that no more messages will come."""
    found: bool | None = await executor.fetchval(
        """SELECT content ? 'confirms_stop' FROM messages WHERE contact_id = $1 AND author <> 'contact'
           ORDER BY seq DESC LIMIT 1""",
        contact_id,
    )
    return bool(found)


async def get_last_opening(executor: Executor, conversation_id: UUID) -> str | None:
    """The opening that was told last in this conversation (`Places.stated`); None if none was."""
    found: str | None = await executor.fetchval(
        """SELECT content->>'opens' FROM messages WHERE conversation_id = $1 AND author = 'system' AND content ? 'opens'
           ORDER BY seq DESC LIMIT 1""",
        conversation_id,
    )
    return found


async def is_report_open(executor: Executor, conversation_id: UUID) -> bool:
    """Whether the bot's last message asks a question of a report."""
    found: bool | None = await executor.fetchval(
        """SELECT content ? 'report' FROM messages WHERE conversation_id = $1 AND author = 'bot'
           ORDER BY seq DESC LIMIT 1""",
        conversation_id,
    )
    return bool(found)


async def list_report_documents(executor: Executor, conversation_id: UUID, kind: str, most: int) -> list[str]:
    """The ids of the files of this kind that the contact sent while a report was written, since the last one that was
    recorded in this conversation."""
    rows = await executor.fetch(
        """SELECT file->>'id' AS id FROM messages m, jsonb_array_elements(m.content->'attachments') AS file
           WHERE m.conversation_id = $1 AND m.author = 'contact' AND m.content ? 'for_report'
             AND file->>'content_type' = $2 AND m.created_at > coalesce(
                 (SELECT max(created_at) FROM service_requests WHERE conversation_id = $1), '-infinity')
           ORDER BY m.seq LIMIT $3""",
        conversation_id, kind, most,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def list_album(executor: Executor, conversation_id: UUID, album_id: str) -> list[tuple[str, list[str]]]:
    """(text, media ids) of the messages in an album, in order."""
    rows = await executor.fetch(
        """SELECT text, content->'attachments' AS files FROM messages WHERE conversation_id = $1
           AND author = 'contact' AND content->'thread'->>'album' = $2 ORDER BY seq""",
        conversation_id,
        album_id,
    )
    return [(row["text"], [one["id"] for one in row["files"] or ()]) for row in rows]


async def is_followed(executor: Executor, contact_id: UUID, reply_to: UUID, reply_index: int) -> bool:
    """Whether the same answer continues after this message."""
    found: bool = await executor.fetchval(
        "SELECT EXISTS (SELECT 1 FROM messages WHERE contact_id = $1 AND reply_to = $2 AND reply_index > $3)",
        contact_id,
        reply_to,
        reply_index,
    )
    return found


def _message(row: Any) -> Message:
    content = row["content"]
    place = content.get("location")
    source = content.get("source")
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        contact_id=row["contact_id"],
        seq=row["seq"],
        author=row["author"],
        text=row["text"],
        language=row["language"],
        status=row["status"],
        created_at=row["created_at"],
        client_id=content.get("client_id"),
        agent_id=row["agent_id"],
        agent_name=row["agent_name"],
        buttons=tuple(MessageButton(one["id"], one["title"]) for one in content.get("buttons", ())),
        attachments=tuple(
            Attachment(one["id"], one["content_type"], one.get("alt"))
            for one in content.get("attachments", ())
        ),
        location=Point(place["latitude"], place["longitude"], place.get("label")) if place else None,
        source=Source(
            title=source["title"],
            url=source["url"],
            reviewed_on=date.fromisoformat(source["reviewed_on"]),
            stale=source["stale"],
            answer=source.get("answer"),
            version=source.get("version"),
        )
        if source
        else None,
        reply_to=row["reply_to"],
        reply_index=row["reply_index"],
        asks_location=bool(content.get("asks_location")),
        news=content.get("news"),
        template=content.get("template"),
        sent_as=content.get("sent_as"),
        edited=bool(content.get("edited")),
        chosen=content.get("chosen"),
        takes_thread=bool(content.get("takes_thread")),
        passes_thread=bool(content.get("passes_thread")),
        note=content.get("note"),
        unshown=tuple(NotShown(one["kind"], one.get("name")) for one in content.get("unshown", ())),
        quotes=UUID(content["quotes"]) if content.get("quotes") else None,
        quotes_unknown=content.get("quotes") == "",
        deleted_at=datetime.fromisoformat(content["deleted"]["at"]) if "deleted" in content else None,
        elsewhere=bool(content.get("elsewhere")),
        confirms_stop=bool(content.get("confirms_stop")),
        answers=tuple(
            UsedAnswer(one["id"], one["version"], bool(one.get("changed")), one.get("published"))
            for one in content.get("answers", ())
        ),
        earlier=tuple(one["text"] for one in content.get("earlier", ())),
        withdrawn=bool(content.get("withdrawn")),
        identity_check=UUID(content["identity_check"]) if "identity_check" in content else None,
        report=_report(content["report"]) if "report" in content else None,
    )


def _report(kept: Any) -> ReportView:
    return ReportView(
        kept["step"],
        kept["steps"],
        kept["paused"],
        tuple(ReportAnswer(one["part"], one["text"], one["title"]) for one in kept["answers"]),
        tuple(ReportControl(one["id"], one["title"], one["does"]) for one in kept["controls"]),
    )
