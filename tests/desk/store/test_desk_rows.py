"""The desk's lists against a plain reference: the same conversations, in the same order, with the same counts."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from desk.model import Scope
from desk.store.dialogue import desk_rows, listing
from desk.store.pool import Store

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TEAMS = ("front-desk", "permits", None)
STATES = ("bot", "queued", "queued", "queued", "assigned", "waiting_on_contact", "resolved")
TOPICS = ["bins"]


@dataclass
class Stored:
    """One conversation. `said`: (author, text, intent, foreign) in the order of the log."""

    id: UUID
    contact_id: UUID
    state: str
    team: str | None
    agent_id: UUID | None
    language: str
    inbox: str
    reason: str | None
    urgency: str | None
    priority: int
    queued_at: datetime | None
    updated_at: datetime
    snoozed: bool
    held: bool
    tags: list[str]
    said: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)

    def sees(self, scope: Scope) -> bool:
        return (
            scope.everything
            or self.agent_id == scope.agent_id
            or self.team in scope.teams
            or (self.team is None and self.state == "queued")
        )

    def unanswered(self) -> list[int]:
        last = max((seq for seq, one in enumerate(self.said) if one[0] == "agent"), default=-1)
        return [seq for seq, one in enumerate(self.said) if seq > last and one[0] == "contact"]

    def since(self) -> datetime | None:
        return min((self.queued + timedelta(seconds=seq) for seq in self.unanswered()), default=None)

    @property
    def queued(self) -> datetime:
        return self.queued_at or self.updated_at

    def served(self) -> tuple[Any, ...]:
        return (self.urgency is None, -self.priority, self.queued, self.id)

    def mine_first(self) -> tuple[Any, ...]:
        return (self.snoozed, self.state == "waiting_on_contact", self.since() or self.updated_at, self.id)

    def has(self, filters: dict[str, str]) -> bool:
        own = {"language": self.language, "inbox": self.inbox, "reason": self.reason, "team": self.team}
        return all(
            value in self.tags if name == "tag" else own[name] == value for name, value in filters.items()
        )

    def shown(self) -> dict[str, Any]:
        """What a row says that is read from other tables."""
        words = [one for one in self.said if one[0] == "contact" and one[1]]
        telling = [one for one in words if one[2] != "greet"] or words
        topics = [one[2] for one in self.said if one[2] in TOPICS]
        foreign = [one[3] for one in self.said if one[3]]
        return {
            "unanswered": len(self.unanswered()),
            "since": self.since(),
            "last_text": telling[-1][1] if telling else "",
            "topic": topics[-1] if topics else None,
            "foreign": foreign[-1] if foreign else None,
            "tags": sorted(self.tags),
            "held": self.held,
            "snoozed": self.snoozed,
        }


@dataclass
class Stock:
    """Conversations, and the two agents who have some of them."""

    all: list[Stored]
    ana: UUID
    ben: UUID

    def scopes(self) -> list[Scope]:
        return [
            Scope(True, (), self.ana),
            Scope(False, ("front-desk",), self.ana),
            Scope(False, ("permits", "front-desk"), self.ben),
            Scope(False, (), self.ben),
        ]

    def seen(self, scope: Scope, which: Callable[[Stored], bool]) -> list[Stored]:
        return [one for one in self.all if one.sees(scope) and which(one)]


@pytest.fixture
async def stock(store: Store) -> Stock:
    draw = random.Random(13)
    ana, ben = [
        await store.pool.fetchval(
            "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, $1, 'agent', '{}', '-') RETURNING id",
            name,
        )
        for name in ("ana", "ben")
    ]
    made = [_draw(draw, number, ana, ben) for number in range(160)]
    await _store(store, made, ana)
    return Stock(made, ana, ben)


async def test_the_waiting_and_the_urgent(store: Store, stock: Stock) -> None:
    some: list[dict[str, str]] = [
        {},
        {"language": "es"},
        {"tag": "noise"},
        {"reason": "asked", "inbox": "mail"},
    ]
    some += [{"team": "permits", "tag": "noise", "language": "en"}, {"tag": "nobody has it"}]
    for scope, filters in product(stock.scopes(), some):
        expected = sorted(
            stock.seen(scope, lambda one: one.state == "queued" and not one.urgency and one.has(filters)),  # noqa: B023  (called at once)
            key=Stored.served,
        )
        assert await desk_rows.count_waiting(store.pool, scope, filters) == len(expected)
        for offset in (0, 7, 70):
            rows = await desk_rows.list_waiting(store.pool, scope, TOPICS, filters, 7, offset)
            _are(rows, expected[offset : offset + 7])
        ids = await desk_rows.list_waiting_ids(store.pool, scope, filters, 9)
        assert ids == [one.id for one in sorted(expected, key=lambda one: (one.queued, one.id))[:9]]
    for scope in stock.scopes():
        queued = sorted(stock.seen(scope, lambda one: one.state == "queued"), key=Stored.served)
        _are(
            await desk_rows.list_urgent(store.pool, scope, TOPICS, 5),
            [one for one in queued if one.urgency][:5],
        )
        assert await desk_rows.list_next(store.pool, scope, 20) == [one.id for one in queued[:20]]


async def test_ones_own_and_the_counts(store: Store, stock: Stock) -> None:
    for scope in stock.scopes():
        mine = stock.seen(
            scope,
            lambda one: one.agent_id == scope.agent_id and one.state in ("assigned", "waiting_on_contact"),  # noqa: B023  (called at once)
        )
        _are(await desk_rows.list_mine(store.pool, scope, TOPICS), sorted(mine, key=Stored.mine_first))
        queued = stock.seen(scope, lambda one: one.state == "queued")
        counts = await desk_rows.count_desk(store.pool, scope)
        assert (counts.waiting, counts.urgent) == (
            len(queued),
            sum(one.urgency is not None for one in queued),
        )
        unanswered = sum(one.state == "assigned" and not one.snoozed for one in mine)
        assert (counts.mine, counts.unanswered) == (len(mine), unanswered)


async def test_places_in_the_list_of_all_that_are_open(store: Store, stock: Stock) -> None:
    places: dict[UUID, int] = {}
    passed: Counter[str | None] = Counter()
    for one in sorted((one for one in stock.all if one.state == "queued"), key=Stored.served):
        passed[one.team] += 1
        places[one.id] = passed[one.team]
    for scope in stock.scopes():
        expected = sorted(
            stock.seen(scope, lambda one: one.state != "resolved"),
            key=lambda one: one.updated_at,
            reverse=True,
        )[:50]
        rows = await listing.list_page(store.pool, scope, "open", 50)
        assert [(row.id, row.place) for row in rows] == [(one.id, places.get(one.id)) for one in expected]
        assert [row.last_text for row in rows] == [_last_text(one) for one in expected]
        resolved = stock.seen(scope, lambda one: one.state == "resolved")
        over = await listing.list_page(store.pool, scope, "resolved")
        assert {row.id for row in over} == {one.id for one in resolved} and not any(row.place for row in over)


def _last_text(one: Stored) -> str:
    """The citizen's last words, else what was said last."""
    words = [said for said in one.said if said[1]]
    own = [said for said in words if said[0] == "contact"]
    return (own or words)[-1][1] if words else ""


def _are(rows: list[desk_rows.DeskRow], expected: list[Stored]) -> None:
    assert [row.id for row in rows] == [one.id for one in expected]
    for row, one in zip(rows, expected, strict=True):
        told = one.shown()
        assert {name: getattr(row, name) for name in told} == told


def _draw(draw: random.Random, number: int, ana: UUID, ben: UUID) -> Stored:
    state = draw.choice(STATES)
    has_agent = state in ("assigned", "waiting_on_contact", "resolved")
    said = [
        draw.choice(
            [
                ("contact", f"bins {number} {seq}", "bins", None),
                ("contact", "hello", "greet", None),
                ("contact", f"смітник {seq}", None, "uk"),
                ("contact", "", None, None),
                ("bot", "On Tuesday.", None, None),
                ("agent", "I look at it.", None, None),
            ]
        )
        for seq in range(draw.randint(0, 6))
    ]
    return Stored(
        id=uuid4(),
        contact_id=uuid4(),
        state=state,
        team=draw.choice(TEAMS),
        agent_id=draw.choice((ana, ben)) if has_agent else None,
        language=draw.choice(("en", "es")),
        inbox=draw.choice(("web", "mail")),
        reason=draw.choice(("asked", None)),
        urgency=draw.choice(("fire", None, None, None)),
        priority=draw.choice((0, 0, 0, 2)),
        # Many came at the same moment: only their ids put them in an order.
        queued_at=START + timedelta(minutes=draw.randint(0, 9)) if state != "bot" else None,
        updated_at=START + timedelta(hours=1, seconds=number),
        snoozed=has_agent and state != "resolved" and draw.random() < 0.3,
        held=draw.random() < 0.2,
        tags=draw.sample(("noise", "rent"), draw.randint(0, 2)),
        said=said,
    )


async def _store(store: Store, made: list[Stored], ana: UUID) -> None:
    pool = store.pool
    await pool.executemany(
        "INSERT INTO contacts (id, inbox, external_id, language, last_seq) VALUES ($1, 'web', $1::uuid::text, 'en', $2)",
        [(one.contact_id, len(one.said)) for one in made],
    )
    await pool.executemany(
        """INSERT INTO conversations (id, inbox, contact_id, state, agent_id, team, language, handoff_reason, urgency, priority,
                                      queued_at, updated_at, resolved_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, CASE WHEN $4 = 'resolved' THEN $12::timestamptz END)""",
        [
            (one.id, one.inbox, one.contact_id, one.state, one.agent_id, one.team, one.language, one.reason, one.urgency,
             one.priority, one.queued_at, one.updated_at)
            for one in made
        ],
    )  # fmt: skip
    for one in made:
        for seq, (author, text, intent, foreign) in enumerate(one.said):
            at = one.queued + timedelta(seconds=seq)
            message_id = uuid4()
            await pool.execute(
                """INSERT INTO messages (id, conversation_id, contact_id, seq, author, text, language, created_at)
                   VALUES ($1, $2, $3, $4, $5, $6, 'en', $7)""",
                message_id, one.id, one.contact_id, seq + 1, author, text, at,
            )  # fmt: skip
            if author == "contact":
                await pool.execute(
                    """INSERT INTO turns (message_id, conversation_id, fence, outcome, intent, parse, created_at)
                       VALUES ($1, $2, 0, 'answered', $3, $4, $5)""",
                    message_id, one.id, intent, {"foreign": foreign} if foreign else {}, at,
                )  # fmt: skip
    await pool.executemany(
        "INSERT INTO snoozes (conversation_id, agent_id, after_seq) VALUES ($1, $2, $3)",
        [(one.id, one.agent_id, len(one.said)) for one in made if one.snoozed],
    )
    await pool.executemany(
        "INSERT INTO conversation_holds (conversation_id, asked_at) VALUES ($1, now())",
        [(one.id,) for one in made if one.held],
    )
    await pool.execute("INSERT INTO tags (name) VALUES ('noise'), ('rent') ON CONFLICT DO NOTHING")
    await pool.executemany(
        "INSERT INTO conversation_tags (conversation_id, tag, added_by) VALUES ($1, $2, $3)",
        [(one.id, tag, ana) for one in made for tag in one.tags],
    )
