"""A conversation's state and owner. Each change of owner raises the fence; each move names its allowed
start states. Every move records its actor and reason, and writes its row of `conversation_transitions` in
the same statement.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from desk.model import By, Contact, Conversation, ConversationState, Scope
from desk.store.dialogue import transitions
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor
from desk.store.routing import offers

_COLUMNS = """v.id, v.inbox, v.contact_id, v.state, v.fence, v.agent_id, a.name AS agent_name, v.team, v.language,
    v.handoff_reason, v.handoff_summary, v.created_at, v.updated_at, v.queued_at, v.assigned_at, v.resolved_at,
    v.urgency, v.priority, v.topic"""
_SELECT = f"SELECT {_COLUMNS} FROM conversations v LEFT JOIN agents a ON a.id = v.agent_id"  # noqa: S608  (our own columns)


OPENED = By("contact", "opened")


async def get_by_id(executor: Executor, conversation_id: UUID) -> Conversation | None:
    """The conversation with this id, or None."""
    return _conversation(await executor.fetchrow(f"{_SELECT} WHERE v.id = $1", conversation_id))


async def get_visible(executor: Executor, scope: Scope, conversation_id: UUID) -> Conversation | None:
    """The conversation with this id, if it is within `scope`; otherwise None."""
    row = await executor.fetchrow(
        f"{_SELECT} WHERE {VISIBLE} AND v.id = $4", *scope_values(scope), conversation_id
    )
    return _conversation(row)


async def get_contact_id(executor: Executor, conversation_id: UUID) -> UUID | None:
    """The conversation's contact (it never changes, so it may be read before the lock is taken)."""
    found: UUID | None = await executor.fetchval(
        "SELECT contact_id FROM conversations WHERE id = $1", conversation_id
    )
    return found


async def is_last_word_the_contacts(executor: Executor, conversation_id: UUID) -> bool:
    """Whether the newest message is the contact's and was not deleted: it has no answer."""
    found: bool | None = await executor.fetchval(
        """SELECT author = 'contact' AND NOT content ? 'deleted' FROM messages
           WHERE conversation_id = $1 ORDER BY seq DESC LIMIT 1""",
        conversation_id,
    )
    return bool(found)


async def get_open(executor: Executor, contact_id: UUID) -> Conversation | None:
    """The contact's open conversation; there is at most one."""
    return _conversation(
        await executor.fetchrow(f"{_SELECT} WHERE v.contact_id = $1 AND v.state <> 'resolved'", contact_id)
    )


async def add_conversation(
    executor: Executor, contact: Contact, language: str, by: By = OPENED
) -> Conversation:
    """A new conversation, owned by the bot."""
    row = await executor.fetchrow(
        f"""WITH v AS (INSERT INTO conversations (inbox, contact_id, language) VALUES ($1, $2, $3) RETURNING *),
            noted AS ({transitions.INSERT}
                SELECT id, inbox, NULL, NULL, NULL, state, agent_id, team, $4, $5::uuid, $6, created_at FROM v)
            SELECT {_COLUMNS} FROM v LEFT JOIN agents a ON a.id = v.agent_id""",  # noqa: S608  (our own constants)
        contact.inbox,
        contact.id,
        language,
        by.kind,
        by.agent_id,
        by.why,
    )
    conversation = _conversation(row)
    assert conversation is not None
    return conversation


async def enqueue(
    executor: Executor,
    conversation_id: UUID,
    fence: int,
    team: str,
    reason: str,
    summary: str,
    by: By,
    urgency: str | None = None,
    topic: str | None = None,
) -> Conversation | None:
    """bot -> queued; None if `fence` is out of date. `reason` and `summary` are for the agent; with an
    `urgency` it is queued before those without. `topic` is the intent that the team was chosen by."""
    return await _move(
        executor,
        conversation_id,
        by,
        """state = 'queued', fence = fence + 1, agent_id = NULL, team = $6, handoff_reason = $7, handoff_summary = $8,
           queued_at = clock_timestamp(), assigned_at = NULL, urgency = $9, topic = $10, paged_at = NULL""",
        "state = 'bot' AND fence = $5",
        fence,
        team,
        reason,
        summary,
        urgency,
        topic,
    )


async def mark_urgent(executor: Executor, conversation_id: UUID, urgency: str, summary: str) -> bool:
    """A queued conversation moves before those that are not urgent; False if it is not queued. The first
    kind of danger stays; `summary` is put before the one that the agent has."""
    marked = await executor.fetchval(
        """UPDATE conversations SET urgency = coalesce(urgency, $2), handoff_reason = 'distress',
               handoff_summary = left(concat_ws(E'\n', $3::text, handoff_summary), 4000), updated_at = clock_timestamp()
           WHERE id = $1 AND state = 'queued' RETURNING true""",
        conversation_id,
        urgency,
        summary,
    )
    return bool(marked)


async def assign(
    executor: Executor, conversation_id: UUID, agent_id: UUID, by: By, queued_for: Sequence[str | None] = ()
) -> Conversation | None:
    """queued or bot -> assigned: only the agent who gets a row back has claimed it. `queued_for`: if it waits for this team."""
    waits = "state = 'queued' AND team IS NOT DISTINCT FROM $6::text"
    change = "state = 'assigned', fence = fence + 1, agent_id = $5, assigned_at = clock_timestamp(), paged_at = NULL"
    condition = waits if queued_for else "state IN ('queued', 'bot')"
    return await _move(executor, conversation_id, by, change, condition, agent_id, *queued_for)


async def hand_back(executor: Executor, conversation_id: UUID, by: By) -> Conversation | None:
    """queued, assigned or waiting_on_contact -> bot."""
    return await _move(
        executor,
        conversation_id,
        by,
        "state = 'bot', fence = fence + 1, agent_id = NULL, queued_at = NULL, assigned_at = NULL",
        "state IN ('queued', 'assigned', 'waiting_on_contact')",
    )


async def release(executor: Executor, conversation_id: UUID, by: By) -> Conversation | None:
    """assigned or waiting_on_contact -> queued, at its previous position."""
    return await _move(
        executor,
        conversation_id,
        by,
        """state = 'queued', fence = fence + 1, agent_id = NULL, assigned_at = NULL,
           queued_at = coalesce(queued_at, clock_timestamp())""",
        "state IN ('assigned', 'waiting_on_contact')",
    )


async def transfer_to_team(
    executor: Executor, conversation_id: UUID, team: str, by: By
) -> Conversation | None:
    """queued, assigned or waiting_on_contact -> queued for `team`, at the place that its wait gives it there."""
    return await _move(
        executor,
        conversation_id,
        by,
        """state = 'queued', fence = fence + 1, agent_id = NULL, assigned_at = NULL, team = $5,
           queued_at = coalesce(queued_at, clock_timestamp())""",
        "state IN ('queued', 'assigned', 'waiting_on_contact')",
        team,
    )


async def transfer_to_agent(
    executor: Executor, conversation_id: UUID, agent_id: UUID, by: By
) -> Conversation | None:
    """queued, assigned or waiting_on_contact -> assigned to another agent, whose turn it is."""
    return await _move(
        executor,
        conversation_id,
        by,
        "state = 'assigned', fence = fence + 1, agent_id = $5, assigned_at = clock_timestamp(), paged_at = NULL",
        "state IN ('queued', 'assigned', 'waiting_on_contact') AND agent_id IS DISTINCT FROM $5",
        agent_id,
    )


async def resolve(executor: Executor, conversation_id: UUID, by: By) -> Conversation | None:
    """Any open state -> resolved. The last owner stays on record."""
    return await _move(
        executor,
        conversation_id,
        by,
        "state = 'resolved', fence = fence + 1, resolved_at = clock_timestamp()",
        "state <> 'resolved'",
    )


async def undo_resolve(
    executor: Executor, conversation_id: UUID, state: ConversationState, by: By
) -> Conversation | None:
    """resolved -> the state before, with the owner it had; None if it is open, or if the contact has another
    open one."""
    return await _move(
        executor,
        conversation_id,
        by,
        "state = $5, fence = fence + 1, resolved_at = NULL",
        """state = 'resolved' AND NOT EXISTS (SELECT 1 FROM conversations o
               WHERE o.contact_id = conversations.contact_id AND o.state <> 'resolved')""",
        state,
    )


async def reopen(
    executor: Executor, conversation_id: UUID, team: str, by: By, agent_id: UUID | None = None
) -> Conversation | None:
    """resolved -> assigned to this agent; without one -> queued, at the end, for its own team or else for `team`.
    None if it is open, or if the contact has another open one."""
    return await _move(
        executor,
        conversation_id,
        by,
        """state = CASE WHEN $6::uuid IS NULL THEN 'queued' ELSE 'assigned' END, fence = fence + 1, agent_id = $6,
           assigned_at = CASE WHEN $6::uuid IS NULL THEN NULL ELSE clock_timestamp() END, resolved_at = NULL,
           queued_at = clock_timestamp(), team = coalesce(team, $5), urgency = NULL, paged_at = NULL""",
        """state = 'resolved' AND NOT EXISTS (SELECT 1 FROM conversations o
               WHERE o.contact_id = conversations.contact_id AND o.state <> 'resolved')""",
        team,
        agent_id,
    )


async def mark_contact_wrote(executor: Executor, conversation_id: UUID) -> None:
    """The contact wrote: waiting_on_contact -> assigned (the same owner, the same fence)."""
    moved = await _move(
        executor,
        conversation_id,
        By("contact", "wrote"),
        "state = 'assigned'",
        "state = 'waiting_on_contact'",
    )
    if moved is None:
        await _touch(executor, conversation_id)


async def mark_agent_replied(executor: Executor, conversation_id: UUID, by: By) -> None:
    """The agent replied: assigned -> waiting_on_contact."""
    moved = await _move(executor, conversation_id, by, "state = 'waiting_on_contact'", "state = 'assigned'")
    if moved is None:
        await _touch(executor, conversation_id)


async def set_language(executor: Executor, conversation_id: UUID, language: str) -> None:
    """The citizen's language in this conversation."""
    await executor.execute(
        "UPDATE conversations SET language = $2 WHERE id = $1 AND language <> $2", conversation_id, language
    )


async def _move(
    executor: Executor, conversation_id: UUID, by: By, change: str, condition: str, *values: object
) -> Conversation | None:
    """The only place where a state or an owner changes: the row and its transition are written together, or
    neither is; an offer to somebody is over when the owner changes. `change` and `condition` are SQL from this file, with $5 and so on for `values`.
    """
    reason = f"${5 + len(values)}::text"
    row = await executor.fetchrow(
        f"""
        WITH before AS (SELECT id AS moving, state AS from_state, agent_id AS from_agent_id, team AS from_team
                        FROM conversations WHERE id = $1 AND {condition} FOR UPDATE),
        v AS (UPDATE conversations SET {change}, updated_at = clock_timestamp() FROM before WHERE id = moving
              RETURNING *),
        noted AS ({transitions.INSERT_REASONED}
            SELECT id, inbox, from_state, from_agent_id, from_team, state, agent_id, team, $2, $3::uuid, $4, updated_at,
                   {reason} FROM v),
        withdrawn AS ({offers.WITHDRAW})
        SELECT {_COLUMNS} FROM v LEFT JOIN agents a ON a.id = v.agent_id
        """,  # noqa: S608  (SQL of this file; the values are parameters)
        conversation_id,
        by.kind,
        by.agent_id,
        by.why,
        *values,
        by.reason,
    )
    return _conversation(row)


async def _touch(executor: Executor, conversation_id: UUID) -> None:
    await executor.execute(
        "UPDATE conversations SET updated_at = clock_timestamp() WHERE id = $1 AND state <> 'resolved'",
        conversation_id,
    )


def _conversation(row: Any) -> Conversation | None:
    return Conversation(**dict(row)) if row else None
