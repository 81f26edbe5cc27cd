"""What the people of an incident are told: news, and once the question at its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news, with how many people it goes to and how many were told."""

    id: UUID
    kind: str
    texts: Mapping[str, str]
    written_at: datetime
    name: str
    due_at: datetime
    cancelled_at: datetime | None
    people: int
    told: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is to be told. `titles` are the incident's."""

    news_id: UUID
    contact_id: UUID
    kind: str
    texts: Mapping[str, str]
    titles: Mapping[str, str]


async def add_news(
    executor: Executor, incident: UUID, kind: str, texts: Mapping[str, str], at: datetime, by: UUID, due_at: datetime
) -> UUID | None:  # fmt: skip
    """Tell everybody who is attached, one contact for each person: the one that wrote last. None for a second question."""
    id: UUID | None = await executor.fetchval(
        """INSERT INTO incident_news (incident_id, kind, texts, written_at, written_by, due_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT DO NOTHING RETURNING id""",
        incident, kind, dict(texts), at, by, due_at,
    )  # fmt: skip
    if id is not None:
        await executor.execute(
            """INSERT INTO incident_people (news_id, contact_id)
               SELECT DISTINCT ON (coalesce(c.person_id, c.id)) $2::uuid, c.id
               FROM incident_attachments t JOIN contacts c ON c.id = t.contact_id
               WHERE t.incident_id = $1 AND t.undone_at IS NULL
               ORDER BY coalesce(c.person_id, c.id), c.opted_out_at IS NOT NULL, c.wrote_at DESC NULLS LAST, c.id""",
            incident, id,
        )  # fmt: skip
    return id


async def mark_cancelled(executor: Executor, incident: UUID, id: UUID, at: datetime) -> int:
    """Take news back; returns how many people are not told."""
    await executor.execute(
        "UPDATE incident_news SET cancelled_at = $3 WHERE incident_id = $1 AND id = $2 AND cancelled_at IS NULL",
        incident,
        id,
        at,
    )
    tag = await executor.execute(
        """UPDATE incident_people p SET state = 'cancelled' FROM incident_news n
           WHERE n.id = p.news_id AND n.incident_id = $1 AND n.id = $2 AND p.state = 'waiting'""",
        incident, id,
    )  # fmt: skip
    return int(tag.removeprefix("UPDATE "))


async def list_news(executor: Executor, incident: UUID) -> list[News]:
    """What was said, the latest first."""
    rows = await executor.fetch(
        """SELECT n.id, n.kind, n.texts, n.written_at, a.name, n.due_at, n.cancelled_at, count(p.contact_id) AS people,
                  count(p.contact_id) FILTER (WHERE p.state = 'said') AS told
           FROM incident_news n JOIN agents a ON a.id = n.written_by LEFT JOIN incident_people p ON p.news_id = n.id
           WHERE n.incident_id = $1 GROUP BY n.id, a.name ORDER BY n.written_at DESC, n.id""",
        incident,
    )
    return [News(**dict(row)) for row in rows]


async def list_waiting(executor: Executor, now: datetime, limit: int) -> list[Waiting]:
    """People who are to be told now, locked; other workers skip them."""
    rows = await executor.fetch(
        """SELECT p.news_id, p.contact_id, n.kind, n.texts, i.titles
           FROM incident_people p JOIN incident_news n ON n.id = p.news_id JOIN incidents i ON i.id = n.incident_id
           WHERE p.state = 'waiting' AND n.due_at <= $1 ORDER BY n.written_at, p.contact_id LIMIT $2
           FOR UPDATE OF p SKIP LOCKED""",
        now, limit,
    )  # fmt: skip
    return [Waiting(**dict(row)) for row in rows]


async def mark_said(
    executor: Executor, one: Waiting, state: str, at: datetime, message_id: UUID | None = None
) -> None:
    """What became of it: said (in this message) or opted_out."""
    await executor.execute(
        "UPDATE incident_people SET state = $3, said_at = $4, message_id = $5 WHERE news_id = $1 AND contact_id = $2",
        one.news_id, one.contact_id, state, at, message_id,
    )  # fmt: skip
