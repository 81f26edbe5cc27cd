"""Rules, the events that they run on, and their actions.

One long file on purpose: what a rule is, what an event is, and what a rule sees belong together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from desk.model import ConversationState, Scope
from desk.store.dialogue.listing import VISIBLE, scope_values
from desk.store.pool import Executor

Event = Literal["opened", "queued", "message", "waits", "tagged"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """All must be true; an empty one is. `words`: one of these words or phrases is in what the citizen wrote. `contact`: in
    name, e-mail or phone. `minutes`: for the event "waits". `tag`: for the event "tagged"; empty means any."""

    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    contact: str = ""
    minutes: int = 0
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Acts:
    """What is done; empty fields do nothing. `canned`: this text as a draft for whoever has the conversation. `notify`: an
    agent's id."""

    tag: str = ""
    priority: int | None = None
    team: str = ""
    canned: str = ""
    notify: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `since`: when it was last changed; it is tried on what happened after that. `runs` counts seven days."""

    id: UUID
    title: str
    event: Event
    conditions: Conditions
    acts: Acts
    active: bool
    place: int = 0
    since: datetime | None = None
    runs: int = 0


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that no worker has looked at yet. `key` is its name, and the same for all workers."""

    key: str
    event: Event
    conversation_id: UUID
    at: datetime
    rule_id: UUID | None = None
    text: str | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A conversation as rules see it. `text` is what the citizen wrote, the newest last."""

    conversation_id: UUID
    contact_id: UUID
    inbox: str
    language: str
    topic: str | None
    state: ConversationState
    contact: str
    text: str
    tags: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    waited: timedelta | None = None
    was_queued: bool = field(default=False)


_LOOK_BACK = timedelta(minutes=10)
"""How old an event may be that a worker still looks at: longer than any pause of a worker that is not an outage."""
_TEXT = 4_000


async def list_rules(executor: Executor, *, active: bool = False) -> list[Rule]:
    """The rules in the order in which they are tried; with `active` those that are switched on."""
    rows = await executor.fetch(
        """SELECT r.id, r.title, r.event, r.conditions, r.actions, r.active, r.place, r.since,
                  (SELECT count(*) FROM rule_runs x WHERE x.rule_id = r.id AND x.at > now() - interval '7 days') AS runs
           FROM rules r WHERE r.active OR NOT $1 ORDER BY r.place, r.title, r.id""",
        active,
    )
    return [_rule(row) for row in rows]


async def list_active(executor: Executor) -> list[Rule]:
    """The rules that are switched on, without what they did."""
    rows = await executor.fetch(
        """SELECT id, title, event, conditions, actions, active, place, since, 0 AS runs
           FROM rules WHERE active ORDER BY place, title, id"""
    )
    return [_rule(row) for row in rows]


async def set_rule(executor: Executor, rule: Rule, agent_id: UUID, now: datetime) -> None:
    """Add or replace a rule. It is tried on what happens from now on."""
    await executor.execute(
        """INSERT INTO rules (id, title, event, conditions, actions, active, place, since, updated_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (id) DO UPDATE SET title = $2, event = $3, conditions = $4, actions = $5, active = $6, place = $7,
               since = $8, updated_by = $9""",
        rule.id,
        rule.title,
        rule.event,
        _json(rule.conditions),
        _json(rule.acts),
        rule.active,
        rule.place,
        now,
        agent_id,
    )


async def list_happened(
    executor: Executor, rules: Sequence[Rule], now: datetime, limit: int = 200
) -> list[Happened]:
    """What happened since the rules were written, and nobody has looked at, the oldest first."""
    found: list[Happened] = []
    for event in dict.fromkeys(rule.event for rule in rules):
        wanted = [rule for rule in rules if rule.event == event]
        since = max(min(rule.since or now for rule in wanted), now - _LOOK_BACK)
        if event == "waits":
            for rule in wanted:
                long = timedelta(minutes=rule.conditions.minutes)
                begun = (rule.since or now) - long  # who waited already when it was written counts too
                found += await _list(executor, event, limit, begun, now - long, rule_id=rule.id)
        else:
            found += await _list(executor, event, limit, since)
    return sorted(found, key=lambda one: (one.at, one.key))[:limit]


_EVENTS: Mapping[Event, str] = {
    "opened": """SELECT 'opened:' || v.id AS key, v.id, v.created_at AS at, NULL::text AS text, '' AS tag
        FROM conversations v WHERE v.state <> 'resolved' AND v.updated_at > $1 AND v.created_at > $1""",
    "queued": """SELECT 'queued:' || v.id || ':' || extract(epoch FROM v.queued_at) AS key, v.id, v.queued_at AS at,
        NULL::text AS text, '' AS tag
        FROM conversations v WHERE v.state = 'queued' AND v.updated_at > $1 AND v.queued_at > $1""",
    "message": """SELECT 'message:' || m.id AS key, v.id, m.created_at AS at, left(m.text, 4000) AS text, '' AS tag
        FROM conversations v JOIN messages m ON m.conversation_id = v.id
        WHERE v.state <> 'resolved' AND v.updated_at > $1 AND m.created_at > $1 AND m.author = 'contact'""",
    "tagged": """SELECT 'tagged:' || t.conversation_id || ':' || extract(epoch FROM t.added_at) || ':' || t.tag AS key, v.id,
        t.added_at AS at, NULL::text AS text, t.tag
        FROM conversation_tags t JOIN conversations v ON v.id = t.conversation_id
        WHERE t.added_at > $1 AND t.added_by IS NOT NULL AND v.state <> 'resolved'""",
    "waits": """SELECT 'waits:' || $4::text || ':' || v.id || ':' || extract(epoch FROM v.queued_at) AS key, v.id,
        v.queued_at AS at, NULL::text AS text, '' AS tag
        FROM conversations v WHERE v.state = 'queued' AND v.queued_at <= $3 AND v.queued_at > $1""",
}
"""What a rule did raises none of these: tags without an agent are left out, so that no rule can start another."""


async def _list(
    executor: Executor,
    event: Event,
    limit: int,
    since: datetime,
    until: datetime | None = None,
    *,
    rule_id: UUID | None = None,
) -> list[Happened]:
    more = (until, str(rule_id)) if rule_id else ()
    rows = await executor.fetch(
        f"""SELECT * FROM ({_EVENTS[event]}) AS happened
            WHERE NOT EXISTS (SELECT FROM rule_events e WHERE e.key = happened.key) ORDER BY at LIMIT $2""",  # noqa: S608  (our own constants)
        since,
        limit,
        *more,
    )
    return [
        Happened(row["key"], event, row["id"], row["at"], rule_id, row["text"], row["tag"]) for row in rows
    ]


async def add_event(executor: Executor, key: str, now: datetime) -> bool:
    """Whether this worker is the first to look at the event."""
    tag = await executor.execute(
        "INSERT INTO rule_events (key, at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING", key, now
    )
    return tag == "INSERT 0 1"


async def delete_old_events(executor: Executor, before: datetime) -> None:
    """Forget events that no worker looks for any more."""
    await executor.execute(
        """DELETE FROM rule_events WHERE at < $1 AND NOT EXISTS (
               SELECT FROM conversations v WHERE v.state = 'queued' AND rule_events.key LIKE 'waits:%'
               AND split_part(rule_events.key, ':', 3) = v.id::text)""",
        before,
    )


async def add_run(executor: Executor, rule_id: UUID, conversation_id: UUID, now: datetime) -> None:
    """The rule did something with the conversation."""
    await executor.execute(
        "INSERT INTO rule_runs (rule_id, conversation_id, at) VALUES ($1, $2, $3)",
        rule_id,
        conversation_id,
        now,
    )


async def count_runs(executor: Executor, conversation_id: UUID, since: datetime) -> int:
    """How often rules did something with the conversation."""
    found: int = await executor.fetchval(
        "SELECT count(*) FROM rule_runs WHERE conversation_id = $1 AND at > $2", conversation_id, since
    )
    return found


async def get_subject(executor: Executor, conversation_id: UUID) -> Subject | None:
    """The conversation as rules see it now."""
    found = await _subjects(executor, "v.id = $1", conversation_id)
    return found[0] if found else None


async def list_subjects(executor: Executor, scope: Scope, limit: int) -> list[Subject]:
    """The newest conversations within the scope, as rules would have seen them."""
    chosen = f"v.id IN (SELECT v.id FROM conversations v WHERE {VISIBLE} ORDER BY v.created_at DESC LIMIT $4)"  # noqa: S608  (our own constants)
    return await _subjects(executor, chosen, *scope_values(scope), limit)


async def set_draft(executor: Executor, conversation_id: UUID, rule_id: UUID, canned_id: str) -> None:
    """The text that the reply box of this conversation begins with."""
    await executor.execute(
        """INSERT INTO rule_drafts (conversation_id, rule_id, canned_id) VALUES ($1, $2, $3)
           ON CONFLICT (conversation_id) DO UPDATE SET rule_id = $2, canned_id = $3""",
        conversation_id,
        rule_id,
        canned_id,
    )


async def get_draft(executor: Executor, conversation_id: UUID) -> str | None:
    """The id of the canned text that a rule put here."""
    found: str | None = await executor.fetchval(
        "SELECT canned_id FROM rule_drafts WHERE conversation_id = $1", conversation_id
    )
    return found


async def delete_draft(executor: Executor, conversation_id: UUID) -> None:
    """An agent used it, or does not want it."""
    await executor.execute("DELETE FROM rule_drafts WHERE conversation_id = $1", conversation_id)


async def add_tag(executor: Executor, conversation_id: UUID, tag: str) -> None:
    """A rule gives a tag that is still offered."""
    await executor.execute(
        """INSERT INTO conversation_tags (conversation_id, tag, added_by)
           SELECT $1, name, NULL FROM tags WHERE name = $2 AND active
           ON CONFLICT (conversation_id, tag) DO NOTHING""",
        conversation_id,
        tag,
    )


async def _subjects(executor: Executor, which: str, *values: object) -> list[Subject]:
    rows = await executor.fetch(
        f"""SELECT v.id AS conversation_id, v.contact_id, v.inbox, v.language, v.topic, v.state,
                   concat_ws(' ', c.name, c.email, c.phone) AS contact, w.texts,
                   ARRAY(SELECT tag FROM conversation_tags WHERE conversation_id = v.id ORDER BY tag) AS tags,
                   coalesce(v.assigned_at, v.resolved_at, now()) - v.queued_at AS waited,
                   v.queued_at IS NOT NULL AS was_queued
            FROM conversations v JOIN contacts c ON c.id = v.contact_id
            LEFT JOIN LATERAL (
                SELECT array_agg(left(text, {_TEXT}) ORDER BY seq) AS texts FROM (
                    SELECT text, seq FROM messages WHERE conversation_id = v.id AND author = 'contact'
                    AND NOT content ? 'deleted' ORDER BY seq DESC LIMIT 20) said) w ON true
            WHERE {which} ORDER BY v.created_at DESC""",  # noqa: S608  (our own constants)
        *values,
    )
    return [
        Subject(
            **{**dict(row), "texts": tuple(row["texts"] or ()), "tags": tuple(row["tags"])},
            text="\n".join(row["texts"] or ())[-_TEXT:],
        )
        for row in rows
    ]


def _rule(row: Any) -> Rule:
    given, acts = row["conditions"], row["actions"]
    conditions = Conditions(
        **{name: tuple(given.get(name, ())) for name in ("channels", "languages", "topics", "words")},
        contact=given.get("contact", ""),
        minutes=given.get("minutes", 0),
        tag=given.get("tag", ""),
    )
    return Rule(
        row["id"],
        row["title"],
        row["event"],
        conditions,
        Acts(**acts),
        row["active"],
        row["place"],
        row["since"],
        row["runs"],
    )


def _json(one: Conditions | Acts) -> dict[str, object]:
    values = {name: getattr(one, name) for name in one.__slots__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
