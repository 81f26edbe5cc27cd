"""The audit log: who did what, when, to which conversation. Ids only, never the text of a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


async def add_line(
    executor: Executor,
    agent_id: UUID | None,
    action: str,
    conversation_id: UUID | None,
    detail: dict[str, str],
    at: datetime,
) -> None:
    """Append one line."""
    await executor.execute(
        "INSERT INTO audit (agent_id, action, conversation_id, detail, at) VALUES ($1, $2, $3, $4, $5)",
        agent_id, action, conversation_id, detail, at,
    )  # fmt: skip


async def add_line_once(
    executor: Executor,
    agent_id: UUID,
    action: str,
    conversation_id: UUID | None,
    detail: dict[str, str],
    at: datetime,
    *,
    since: datetime,
    same: Sequence[str] = (),
) -> bool:
    """Append one line, unless this agent already has one since then with the same detail and conversation,
    and this action or one of `same`. True if it was appended."""
    tag = await executor.execute(
        "INSERT INTO audit (agent_id, action, conversation_id, detail, at) SELECT $1, $2, $3, $4, $5 "
        "WHERE NOT EXISTS (SELECT 1 FROM audit WHERE agent_id = $1 AND at > $6 AND action = ANY($7) "
        "AND conversation_id IS NOT DISTINCT FROM $3 AND detail = $4)",
        agent_id, action, conversation_id, detail, at, since, [action, *same],
    )  # fmt: skip
    return tag == "INSERT 0 1"


async def list_of_conversation(executor: Executor, conversation_id: UUID, limit: int = 200) -> Sequence[Any]:
    """The latest lines about a conversation, newest first, with the agents' names."""
    return await executor.fetch(
        "SELECT u.at, u.action, a.name AS agent_name FROM audit u LEFT JOIN agents a ON a.id = u.agent_id "
        "WHERE u.conversation_id = $1 ORDER BY u.at DESC, u.id DESC LIMIT $2",
        conversation_id, limit,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are looked for; None means all. `about` is an id or a number: a conversation's, an account's, a
    request's. `teams`: only what is about conversations of these teams, and what `reader` did."""

    since: datetime
    until: datetime
    agent_id: UUID | None = None
    action: str | None = None
    about: str | None = None
    teams: tuple[str, ...] | None = None
    reader: UUID | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit; `agent_name` is None for the system."""

    id: int
    at: datetime
    action: str
    agent_id: UUID | None
    agent_name: str | None
    conversation_id: UUID | None
    detail: dict[str, str]


async def list_lines(executor: Executor, wanted: Wanted, limit: int, offset: int = 0) -> list[AuditLine]:
    """The lines that are wanted, newest first."""
    rows = await executor.fetch(
        """SELECT u.id, u.at, u.action, u.agent_id, a.name AS agent_name, u.conversation_id, u.detail
           FROM audit u LEFT JOIN agents a ON a.id = u.agent_id
           WHERE u.at >= $1 AND u.at < $2 AND ($3::uuid IS NULL OR u.agent_id = $3)
             AND ($4::text IS NULL OR u.action = $4)
             AND ($5::text IS NULL OR u.conversation_id::text = $5
                  OR EXISTS (SELECT FROM jsonb_each_text(u.detail) AS said WHERE said.value = $5))
             AND ($6::text[] IS NULL OR u.agent_id = $7
                  OR u.conversation_id IN (SELECT id FROM conversations WHERE team = ANY($6)))
           ORDER BY u.at DESC, u.id DESC LIMIT $8 OFFSET $9""",
        wanted.since, wanted.until, wanted.agent_id, wanted.action, wanted.about,
        list(wanted.teams) if wanted.teams is not None else None, wanted.reader, limit, offset,
    )  # fmt: skip
    return [AuditLine(**dict(row)) for row in rows]


async def list_people(executor: Executor) -> list[tuple[UUID, str]]:
    """Everybody who may have done something, by name."""
    rows = await executor.fetch("SELECT id, name FROM agents ORDER BY name, id")
    return [(row["id"], row["name"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody changed these fields of a thing that has versions."""

    at: datetime
    agent_name: str | None
    fields: tuple[str, ...]


async def list_changes(executor: Executor, kind: str, id: str, version: int, since: datetime) -> list[Change]:
    """The changes of this team or account (`kind`) after this version, the first first."""
    rows = await executor.fetch(
        """SELECT u.at, a.name AS agent_name, u.detail->>'fields' AS fields
           FROM audit u LEFT JOIN agents a ON a.id = u.agent_id
           WHERE u.at > $4 AND u.action = $1 || '_changed' AND u.detail->>$1 = $2 AND (u.detail->>'version')::integer > $3
           ORDER BY u.at, u.id""",
        kind, id, version, since,
    )  # fmt: skip
    return [Change(row["at"], row["agent_name"], tuple(row["fields"].split())) for row in rows]
