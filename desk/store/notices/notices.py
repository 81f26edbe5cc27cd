"""Notices and their versions: draft, proposed, released; and what was done to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Content:
    """What a version says. `area`: see city/notices/districts.py; `texts` by language: see desk/notices/checking.py; `topics`
    and `overrides` are ids of answers."""

    level: str
    area: Mapping[str, Any]
    topics: Sequence[str]
    overrides: Sequence[str]
    texts: Mapping[str, Mapping[str, str]]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """One version of a notice. `kind`: first, update or all_clear; `state`: draft, proposed, released or dropped. Without
    `written_by` the alert `alert_id` wrote it; `rule_by` is the administrator whose rule released it."""

    notice_id: UUID
    version: int
    scenario: str
    kind: str
    state: str
    content: Content
    written_at: datetime
    written_by: UUID | None
    writer: str
    proposed_at: datetime | None
    proposed_by: UUID | None
    proposer: str | None
    released_at: datetime | None
    released_by: UUID | None
    releaser: str | None
    alone_why: str | None
    code: str
    """Six letters by which people check a message that says it."""
    alert_id: UUID | None = None
    rule_by: UUID | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it is released and between its start and its end."""
        return self.state == "released" and self.content.starts_at <= now < self.content.ends_at


@dataclass(frozen=True, slots=True)
class NoticeEvent:
    """Who did what to a version, when, and why."""

    version: int
    what: str
    at: datetime
    name: str
    why: str


_CONTENT = ("level", "area", "topics", "overrides", "texts", "starts_at", "ends_at")
_VERSIONS = """
    SELECT v.notice_id, v.version, n.scenario, v.kind, v.state, v.level, v.area, v.topics, v.overrides, v.texts, v.starts_at,
           v.ends_at, v.written_at, v.written_by,
           coalesce(w.name, 'an alert of ' || (SELECT a.source FROM alerts a WHERE a.id = v.alert_id)) AS writer, v.proposed_at, v.proposed_by, p.name AS proposer,
           v.released_at, v.released_by, coalesce(r.name, 'a rule of ' || u.name) AS releaser, v.alone_why,
           v.alert_id, v.rule_by, v.code
    FROM notice_versions v JOIN notices n ON n.id = v.notice_id LEFT JOIN agents w ON w.id = v.written_by
    LEFT JOIN agents p ON p.id = v.proposed_by LEFT JOIN agents r ON r.id = v.released_by LEFT JOIN agents u ON u.id = v.rule_by"""


async def list_versions(executor: Executor, notice_id: UUID) -> list[NoticeVersion]:
    """All versions of a notice, the first one first; none if there is no such notice."""
    rows = await executor.fetch(f"{_VERSIONS} WHERE v.notice_id = $1 ORDER BY v.version", notice_id)
    return [_version(row) for row in rows]


async def list_newest(executor: Executor, limit: int) -> list[NoticeVersion]:
    """The newest version of each notice that was not dropped, the latest notice first."""
    rows = await executor.fetch(
        f"""{_VERSIONS} WHERE v.version = (SELECT max(o.version) FROM notice_versions o WHERE o.notice_id = v.notice_id
                                           AND o.state <> 'dropped')
            ORDER BY v.written_at DESC LIMIT $1""",  # noqa: S608  (our own constant)
        limit,
    )
    return [_version(row) for row in rows]


async def list_released(executor: Executor, since: datetime) -> list[NoticeVersion]:
    """The released versions of each notice whose last one ended after `since`; by notice, the first version first."""
    rows = await executor.fetch(
        f"""{_VERSIONS} WHERE v.state = 'released' AND v.notice_id IN (
                SELECT notice_id FROM notice_versions WHERE state = 'released' AND ends_at > $1)
            ORDER BY v.notice_id, v.version""",  # noqa: S608  (our own constant)
        since,
    )
    return [_version(row) for row in rows]


async def get_by_code(executor: Executor, code: str) -> NoticeVersion | None:
    """The released version with this code, at any time."""
    row = await executor.fetchrow(f"{_VERSIONS} WHERE v.code = $1 AND v.state = 'released'", code)
    return None if row is None else _version(row)


async def list_events(executor: Executor, notice_id: UUID) -> list[NoticeEvent]:
    """What was done to a notice, in order."""
    rows = await executor.fetch(
        """SELECT e.version, e.what, e.at, coalesce(a.name, 'An alert') AS name, e.why
           FROM notice_events e LEFT JOIN agents a ON a.id = e.by
           WHERE e.notice_id = $1 ORDER BY e.id""",
        notice_id,
    )
    return [NoticeEvent(**dict(row)) for row in rows]


async def lock(executor: Executor, notice_id: UUID) -> bool:
    """Lock a notice until the end of the transaction; False if there is none."""
    found = await executor.fetchval("SELECT 1 FROM notices WHERE id = $1 FOR NO KEY UPDATE", notice_id)
    return found is not None


async def get_plan(executor: Executor, notice_id: UUID) -> str | None:
    """The prepared message from which it was drafted."""
    plan: str | None = await executor.fetchval("SELECT plan FROM notices WHERE id = $1", notice_id)
    return plan


async def add_notice(
    executor: Executor, scenario: str, plan: str | None, at: datetime, by: UUID | None
) -> UUID:
    """A notice that has no version yet; `by` nobody: by an alert."""
    id: UUID = await executor.fetchval(
        "INSERT INTO notices (scenario, plan, created_at, created_by) VALUES ($1, $2, $3, $4) RETURNING id",
        scenario, plan, at, by,
    )  # fmt: skip
    return id


async def add_version(
    executor: Executor, notice_id: UUID, kind: str, content: Content, at: datetime, by: UUID | None,
    *, alert: UUID | None = None, rule_by: UUID | None = None,
) -> int:  # fmt: skip
    """The next version: a draft, or with `rule_by` released at once. Without `by` the alert wrote it."""
    version: int = await executor.fetchval(
        """INSERT INTO notice_versions (notice_id, version, kind, level, area, topics, overrides, texts, starts_at, ends_at,
                                        written_at, written_by, alert_id, rule_by, state, released_at)
           VALUES ($1, (SELECT coalesce(max(version), 0) + 1 FROM notice_versions WHERE notice_id = $1),
                   $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamptz, $11, $12, $13,
                   CASE WHEN $13::uuid IS NULL THEN 'draft' ELSE 'released' END, CASE WHEN $13::uuid IS NOT NULL THEN $10::timestamptz END)
           RETURNING version""",
        notice_id, kind, *_values(content), at, by, alert, rule_by,
    )  # fmt: skip
    return version


async def set_content(
    executor: Executor, notice_id: UUID, version: int, content: Content, at: datetime, by: UUID | None,
    alert: UUID | None = None,
) -> None:  # fmt: skip
    """Change a draft: from now on `by`, or the alert, wrote it."""
    await executor.execute(
        """UPDATE notice_versions SET level = $3, area = $4, topics = $5, overrides = $6, texts = $7, starts_at = $8,
                  ends_at = $9, written_at = $10, written_by = $11, alert_id = coalesce($12, alert_id)
           WHERE notice_id = $1 AND version = $2""",
        notice_id, version, *_values(content), at, by, alert,
    )  # fmt: skip


async def mark_proposed(executor: Executor, notice_id: UUID, version: int, at: datetime, by: UUID) -> None:
    """A second person may release it now."""
    await executor.execute(
        """UPDATE notice_versions SET state = 'proposed', proposed_at = $3, proposed_by = $4
           WHERE notice_id = $1 AND version = $2""",
        notice_id, version, at, by,
    )  # fmt: skip


async def mark_sent_back(executor: Executor, notice_id: UUID, version: int) -> None:
    """It is a draft again."""
    await executor.execute(
        """UPDATE notice_versions SET state = 'draft', proposed_at = NULL, proposed_by = NULL
           WHERE notice_id = $1 AND version = $2""",
        notice_id, version,
    )  # fmt: skip


async def mark_released(
    executor: Executor, notice_id: UUID, version: int, at: datetime, by: UUID, alone_why: str | None
) -> None:
    """It is said from now on. Raises asyncpg.CheckViolationError where two people are needed (constraint `two_people`)."""
    await executor.execute(
        """UPDATE notice_versions SET state = 'released', released_at = $3, released_by = $4, alone_why = $5
           WHERE notice_id = $1 AND version = $2""",
        notice_id, version, at, by, alone_why,
    )  # fmt: skip


async def mark_dropped(executor: Executor, notice_id: UUID, version: int) -> None:
    """It is never released."""
    await executor.execute(
        "UPDATE notice_versions SET state = 'dropped' WHERE notice_id = $1 AND version = $2",
        notice_id,
        version,
    )


async def add_event(
    executor: Executor, notice_id: UUID, version: int, what: str, at: datetime, by: UUID | None, why: str = ""
) -> None:
    """Record what was done to a version."""
    await executor.execute(
        "INSERT INTO notice_events (notice_id, version, what, at, by, why) VALUES ($1, $2, $3, $4, $5, $6)",
        notice_id, version, what, at, by, why,
    )  # fmt: skip


def _values(content: Content) -> tuple[Any, ...]:
    return (
        content.level,
        dict(content.area),
        list(content.topics),
        list(content.overrides),
        {language: dict(text) for language, text in content.texts.items()},
        content.starts_at,
        content.ends_at,
    )


def _version(row: Any) -> NoticeVersion:
    values = dict(row)
    content = Content(**{name: values.pop(name) for name in _CONTENT})
    return NoticeVersion(content=content, **values)
