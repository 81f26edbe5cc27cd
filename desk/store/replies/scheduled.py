"""Messages that go to the citizen at a later time: an agent's own, and the sentence after a resolve.

waiting ──> sent        it was due; the message is in the contact's log
   ├──> cancelled       an agent cancelled it in time
   └──> dropped         it was due, but no longer applied or could not be written
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from desk.model import ConversationState, UsedAnswer
from desk.store.pool import Executor

Kind = Literal["reply", "resolved"]
Ended = Literal["cancelled", "dropped"]
State = Literal["waiting", "sent", "cancelled", "dropped"]

_COLUMNS = """s.id, s.conversation_id, s.kind, s.agent_id, a.name AS agent_name, s.text, s.choices, s.back_to, s.due_at,
    s.state, s.created_at, s.batch, s.resolves, s.answers, s.own_words"""
_SELECT = f"SELECT {_COLUMNS} FROM scheduled_messages s JOIN agents a ON a.id = s.agent_id"  # noqa: S608  (our own columns)


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the agent wrote, in `language`, before `provider` translated it."""

    text: str
    language: str
    provider: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One message that waits. `back_to`: the state before the resolve that it follows. `batch`: it is one of many with the
    same answer; `resolves`: the conversation is resolved with it; `answers`: what it is made from.
    `own_words`: what the agent wrote, if the text is a translation."""

    id: UUID
    conversation_id: UUID
    kind: Kind
    agent_id: UUID
    agent_name: str
    text: str
    choices: tuple[str, ...]
    back_to: ConversationState | None
    due_at: datetime
    state: State
    created_at: datetime
    batch: UUID | None
    resolves: bool
    answers: tuple[UsedAnswer, ...]
    own_words: OwnWords | None = None


async def add_scheduled(
    executor: Executor,
    id: UUID,
    conversation_id: UUID,
    kind: Kind,
    agent_id: UUID,
    due_at: datetime,
    now: datetime,
    *,
    text: str = "",
    choices: tuple[str, ...] = (),
    back_to: ConversationState | None = None,
    own_words: OwnWords | None = None,
) -> bool:
    """Keep a message for `due_at`; the same `id` again adds nothing (False)."""
    tag = await executor.execute(
        """INSERT INTO scheduled_messages (id, conversation_id, kind, agent_id, text, choices, back_to, due_at, created_at,
                                           own_words)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING""",
        id,
        conversation_id,
        kind,
        agent_id,
        text,
        list(choices),
        back_to,
        due_at,
        now,
        asdict(own_words) if own_words else None,
    )
    return tag == "INSERT 0 1"


async def list_due(executor: Executor, now: datetime, limit: int = 100) -> list[tuple[UUID, UUID]]:
    """(id, contact) of the messages whose time has come, the oldest first."""
    rows = await executor.fetch(
        """SELECT s.id, v.contact_id FROM scheduled_messages s JOIN conversations v ON v.id = s.conversation_id
           WHERE s.state = 'waiting' AND s.due_at <= $1 ORDER BY s.due_at, s.id LIMIT $2""",
        now,
        limit,
    )
    return [(row["id"], row["contact_id"]) for row in rows]


async def lock_waiting(executor: Executor, id: UUID) -> Scheduled | None:
    """The message, locked, if it still waits. The contact is locked first, as everywhere."""
    row = await executor.fetchrow(f"{_SELECT} WHERE s.id = $1 AND s.state = 'waiting' FOR UPDATE OF s", id)
    return _scheduled(row) if row else None


async def get_resolved(executor: Executor, conversation_id: UUID) -> Scheduled | None:
    """What the citizen is still to be told of a resolve; None if that was said or taken back."""
    row = await executor.fetchrow(
        f"{_SELECT} WHERE s.conversation_id = $1 AND s.kind = 'resolved' AND s.state = 'waiting'",
        conversation_id,
    )
    return _scheduled(row) if row else None


async def list_replies(executor: Executor, conversation_id: UUID) -> list[Scheduled]:
    """The agents' messages of this conversation that wait for their time, in that order, and those that could not
    go."""
    rows = await executor.fetch(
        f"""{_SELECT} WHERE s.conversation_id = $1 AND s.kind = 'reply' AND s.state IN ('waiting', 'dropped')
            ORDER BY s.due_at, s.id""",
        conversation_id,
    )
    return [_scheduled(row) for row in rows]


async def mark_said(executor: Executor, id: UUID, message_id: UUID) -> None:
    """It is in the contact's log now."""
    await executor.execute(
        "UPDATE scheduled_messages SET state = 'sent', message_id = $2 WHERE id = $1", id, message_id
    )


async def mark_ended(executor: Executor, id: UUID, state: Ended) -> bool:
    """It does not go. False if it went, or was ended, before."""
    tag = await executor.execute(
        "UPDATE scheduled_messages SET state = $2 WHERE id = $1 AND state = 'waiting'", id, state
    )
    return tag == "UPDATE 1"


def _scheduled(row: Any) -> Scheduled:
    answers = tuple(UsedAnswer(**one) for one in row["answers"])
    own = OwnWords(**row["own_words"]) if row["own_words"] else None
    return Scheduled(**{**dict(row), "choices": tuple(row["choices"]), "answers": answers, "own_words": own})
