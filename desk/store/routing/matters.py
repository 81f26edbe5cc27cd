"""Merged and split conversations. The messages of a merged one stay where they are, so that a merge can be undone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.model import By, Conversation, ConversationState, Message
from desk.store.dialogue import conversations, transitions
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Merge:
    """That `id` was merged `into` another one. `state` is the present one, `before` the one that it had."""

    id: UUID
    into: UUID
    inbox: str
    state: ConversationState
    before: ConversationState
    at: datetime
    agent_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """A merged conversation, and who has the one that it was merged into."""

    id: UUID
    agent_id: UUID | None
    team: str | None


_SELECT = """SELECT v.id, v.merged_into AS into, v.inbox, v.state, v.merged_state AS before, v.merged_at AS at,
    a.name AS agent_name, v.created_at FROM conversations v JOIN agents a ON a.id = v.merged_by"""


async def get_merge(executor: Executor, conversation_id: UUID) -> Merge | None:
    """Into what this conversation was merged, if it was."""
    row = await executor.fetchrow(f"{_SELECT} WHERE v.id = $1 AND v.merged_into IS NOT NULL", conversation_id)
    return Merge(**dict(row)) if row else None


async def list_merged(executor: Executor, conversation_id: UUID) -> list[Merge]:
    """The conversations merged into this one, in the order in which they began."""
    rows = await executor.fetch(f"{_SELECT} WHERE v.merged_into = $1 ORDER BY v.created_at", conversation_id)
    return [Merge(**dict(row)) for row in rows]


async def get_split_from(executor: Executor, conversation_id: UUID) -> UUID | None:
    """The conversation that this one was split from."""
    found: UUID | None = await executor.fetchval(
        "SELECT split_from FROM conversations WHERE id = $1", conversation_id
    )
    return found


async def list_split_off(executor: Executor, conversation_id: UUID) -> list[UUID]:
    """The conversations split off from this one."""
    rows = await executor.fetch(
        "SELECT id FROM conversations WHERE split_from = $1 ORDER BY created_at", conversation_id
    )
    return [row["id"] for row in rows]


async def is_one_person(executor: Executor, one: UUID, other: UUID) -> bool:
    """Whether the contacts are the same, or linked."""
    found: bool = await executor.fetchval(
        """SELECT $1::uuid = $2::uuid OR EXISTS (
               SELECT FROM contacts c JOIN contacts p ON p.person_id = c.person_id WHERE c.id = $1 AND p.id = $2)""",
        one,
        other,
    )
    return found


async def mark_merged(
    executor: Executor, source: Conversation, into: UUID, agent_id: UUID, now: datetime
) -> None:
    """Point from the merged conversation to the other; both must be locked by their contacts."""
    await executor.execute(
        """UPDATE conversations SET merged_into = $2, merged_at = $3, merged_by = $4, merged_state = $5
           WHERE id = $1""",
        source.id,
        into,
        now,
        agent_id,
        source.state,
    )


async def mark_unmerged(executor: Executor, source: UUID) -> None:
    """It is a conversation of its own again."""
    await executor.execute(
        """UPDATE conversations SET merged_into = NULL, merged_at = NULL, merged_by = NULL, merged_state = NULL
           WHERE id = $1""",
        source,
    )


async def mark_waits_as(executor: Executor, target: UUID, source: Conversation) -> None:
    """A citizen who waited in the merged conversation keeps that place, and its urgency and priority."""
    await executor.execute(
        """UPDATE conversations SET queued_at = CASE state WHEN 'queued' THEN least(queued_at, $2) ELSE queued_at END,
               urgency = coalesce(urgency, $3), priority = greatest(priority, $4), updated_at = clock_timestamp()
           WHERE id = $1""",
        target,
        source.queued_at if source.state == "queued" else None,
        source.urgency,
        source.priority,
    )


async def add_event(executor: Executor, conversation_id: UUID, by: By) -> None:
    """A row of `conversation_transitions` for what changes neither state nor owner."""
    await executor.execute(
        f"""{transitions.INSERT}
            SELECT id, inbox, state, agent_id, team, state, agent_id, team, $2, $3::uuid, $4, clock_timestamp()
            FROM conversations WHERE id = $1""",  # noqa: S608  (our own constants)
        conversation_id,
        by.kind,
        by.agent_id,
        by.why,
    )


async def get_followed(executor: Executor, contact_id: UUID) -> Followed | None:
    """The contact's conversation that was merged last into one on another channel, which people have."""
    row = await executor.fetchrow(
        """SELECT s.id, t.agent_id, t.team FROM conversations s JOIN conversations t ON t.id = s.merged_into
           WHERE s.contact_id = $1 AND s.state = 'resolved' AND t.contact_id <> $1
             AND t.state IN ('queued', 'assigned', 'waiting_on_contact')
           ORDER BY s.merged_at DESC LIMIT 1""",
        contact_id,
    )
    return Followed(**dict(row)) if row else None


async def split(executor: Executor, old: Conversation, first: Message, by: By) -> Conversation:
    """A new conversation of the agent who acts, with the old one's messages from `first` on, and what belongs to them. The
    old one must be resolved by then."""
    row = await executor.fetchrow(
        f"""WITH v AS (
                INSERT INTO conversations (inbox, contact_id, language, state, agent_id, team, queued_at, assigned_at,
                                           handoff_reason, handoff_summary, urgency, split_from)
                SELECT inbox, contact_id, language, 'assigned', $2, team, clock_timestamp(), clock_timestamp(),
                       handoff_reason, $3, urgency, id FROM conversations WHERE id = $1
                RETURNING *),
            noted AS ({transitions.INSERT}
                SELECT id, inbox, NULL, NULL, NULL, state, agent_id, team, $4, $2::uuid, $5, created_at FROM v)
            SELECT id FROM v""",  # noqa: S608  (our own constants)
        old.id,
        by.agent_id,
        first.text[:400],
        by.kind,
        by.why,
    )
    new: UUID = row["id"]
    moved = await executor.fetch(
        "UPDATE messages SET conversation_id = $2 WHERE conversation_id = $1 AND seq >= $3 RETURNING id",
        old.id,
        new,
        first.seq,
    )
    ids = [one["id"] for one in moved]
    await executor.execute("UPDATE turns SET conversation_id = $1 WHERE message_id = ANY($2)", new, ids)
    await executor.execute(
        "UPDATE scheduled_messages SET conversation_id = $2 WHERE conversation_id = $1 AND state = 'waiting' AND kind = 'reply'",
        old.id,
        new,
    )
    await executor.execute(
        "UPDATE reply_drafts SET conversation_id = $2 WHERE conversation_id = $1", old.id, new
    )
    await executor.execute(
        "UPDATE service_requests SET conversation_id = $2 WHERE conversation_id = $1 AND created_at >= $3",
        old.id,
        new,
        first.created_at,
    )
    await executor.execute(
        "UPDATE request_followers SET conversation_id = $2 WHERE conversation_id = $1 AND created_at >= $3",
        old.id,
        new,
        first.created_at,
    )
    made = await conversations.get_by_id(executor, new)
    assert made is not None
    return made
