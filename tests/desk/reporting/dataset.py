"""Twenty conversations whose every figure was worked out by hand (test_hand_computed.py says how)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from desk.store.pool import Store

ANA, BEN = UUID(int=1), UUID(int=2)
MONDAY = datetime(2026, 11, 2, 15, tzinfo=UTC)
"""10:00 in the demo city, which is open until 17:00 (22:00 UTC)."""
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
"""A Friday, 10:00."""
DAY = 24 * 60

Step = tuple[float, str | None, UUID | None, str]
"""Minutes after the opening, the new state, the agent, and why."""


@dataclass(frozen=True)
class Case:
    """One conversation: `at` in days after MONDAY; `steps` after its opening; `said` are (minute, author)."""

    number: int
    at: float
    steps: Sequence[Step] = ()
    said: Sequence[tuple[float, str]] = ()
    bot: bool = True
    inbox: str = "web"
    language: str = "en"
    topic: str = ""
    contact: int = 0
    reason: str | None = None
    urgency: str | None = None
    rating: int | None = None
    asked: bool = False
    erased: bool = False
    extra: dict[str, int] = field(default_factory=dict)


def queue(minute: float, why: str = "asked") -> Step:
    return (minute, "queued", None, why)


def claim(minute: float, who: UUID) -> Step:
    return (minute, "assigned", who, "claimed")


def replied(minute: float, who: UUID) -> Step:
    return (minute, "waiting_on_contact", who, "replied")


def wrote(minute: float, who: UUID) -> Step:
    return (minute, "assigned", who, "wrote")


def done(minute: float, who: UUID | None) -> Step:
    return (minute, "resolved", who, "resolved")


IDLE: Step = (DAY, "resolved", None, "idle")

CASES = (
    Case(1, 0, [IDLE], topic="parking_permit"),
    Case(2, 0, [IDLE], language="es", contact=2),
    Case(3, 3, [IDLE], language="es", contact=2),
    Case(4, 0, [IDLE], inbox="wa", contact=4),
    Case(5, 4, [queue(2), claim(12, ANA), replied(14, ANA), wrote(20, ANA), replied(26, ANA), done(30, ANA)],
         [(0, "contact"), (14, "agent"), (20, "contact"), (26, "agent")], reason="solved", contact=5, rating=5),
    Case(6, 1, [queue(1, "unsure"), claim(31, BEN), replied(33, BEN), done(40, BEN), (60, "queued", None, "not_solved"),
                claim(65, BEN), replied(66, BEN), done(70, BEN)],
         [(0, "contact"), (33, "agent"), (45, "contact"), (60, "contact"), (66, "agent")], bot=False, reason="solved", rating=2),
    Case(7, 1, [queue(1), (11, "bot", None, "cancelled"), IDLE], [(0, "contact"), (11, "contact")]),
    Case(8, 1, [queue(1, "distress"), claim(2, ANA), replied(2.5, ANA), done(10, ANA)],
         [(0, "contact"), (2.5, "agent")], bot=False, urgency="fire", reason="solved"),
    Case(9, 17, [queue(1)], [(0, "contact")]),
    Case(10, 17 + 23 / 24, [], [(0, "contact")]),
    Case(11, 15, [IDLE], [(0, "contact")]),
    Case(12, 16, [(3, "assigned", BEN, "claimed"), replied(4, BEN), done(6, BEN)], [(0, "contact"), (4, "agent")],
         reason="duplicate"),
    Case(13, 2, [queue(1), (5, "resolved", None, "resolved")], [(0, "contact")], bot=False, reason="spam"),
    Case(14, 5, [queue(1), claim(2800, ANA), replied(2805, ANA), done(2810, ANA)], [(0, "contact"), (2805, "agent")],
         reason="not_ours", asked=True),
    Case(15, 2, [queue(2, "bot_failed"), claim(4, ANA), (8, "assigned", BEN, "transferred"), replied(10, BEN),
                 wrote(12, BEN), replied(50, BEN), done(52, BEN)],
         [(0, "contact"), (10, "agent"), (12, "contact"), (50, "agent")], bot=False, inbox="wa", language="fr",
         reason="solved", rating=3),
    Case(16, 2, [queue(1), claim(3, BEN), replied(4, BEN), (6, "bot", None, "handed_back"), IDLE],
         [(0, "contact"), (4, "agent")]),
    Case(17, 3, [queue(1), claim(6, ANA), done(9, ANA), (2 * DAY, None, None, "erased")], reason="solved", erased=True),
    Case(18, 4, [queue(1), claim(20, ANA), replied(22, ANA), done(40, ANA)], [(0, "contact"), (22, "agent")],
         reason="solved", rating=4),
    Case(19, 18 - 1 / DAY, [], [(0, "contact")], bot=False),
    Case(20, 3, [IDLE], language="es", topic="parking_permit"),
)  # fmt: skip
LINKED = (4, 5)
"""Their contacts are one person."""
REVIEWS = {5: (80, 60)}


def conversation_id(number: int) -> UUID:
    return UUID(int=1000 + number)


CLOSURES = ((2, "not_fixed"), (3, "fixed"), (15, None))
"""Conversations with a closed request, and what its citizen said to the question."""


async def store_cases(store: Store) -> None:
    """Write them as the desk would have."""
    pool = store.pool
    for agent, name in ((ANA, "Ana"), (BEN, "Ben")):
        await pool.execute(
            "INSERT INTO agents (id, email, name, role, password_hash) VALUES ($1, $2, $2, 'agent', '-')",
            agent,
            name,
        )
    for case in CASES:
        await _store(store, case)
    for number in LINKED:
        await pool.execute(
            "UPDATE contacts SET person_id = $2 WHERE id = $1", UUID(int=2000 + number), UUID(int=1)
        )
    for number, answer in CLOSURES:
        request = UUID(int=7000 + number)
        await pool.execute(
            """INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload, state)
               SELECT $1, id, contact_id, 'requests', 'pothole', '{}', 'filed' FROM conversations WHERE id = $2""",
            request,
            conversation_id(number),
        )
        await pool.execute(
            """INSERT INTO closure_checks (request_id, contact_id, asked_at, answer)
               SELECT id, contact_id, now(), $2 FROM service_requests WHERE id = $1""",
            request,
            answer,
        )


async def _store(store: Store, case: Case) -> None:
    pool, id, opened = store.pool, conversation_id(case.number), MONDAY + timedelta(days=case.at)
    steps: list[Step] = [(0, "bot", None, "opened"), *case.steps]
    before: str | None = None
    for minute, state, agent, why in steps:
        reason = "idle" if why == "idle" else case.reason if state == "resolved" else None
        kind = "agent" if why in ("claimed", "replied", "resolved", "transferred") else "contact"
        await pool.execute(
            """INSERT INTO conversation_transitions
                   (conversation_id, inbox, from_state, to_state, to_agent_id, to_team, actor_kind, why, reason, at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
            id, case.inbox, before, state, agent, "front-desk" if before and state else None, kind, why, reason,
            opened + timedelta(minutes=minute),
        )  # fmt: skip
        before = state or before
    if case.erased:
        return
    contact = UUID(int=2000 + (case.contact or case.number + 100))
    await pool.execute(
        "INSERT INTO contacts (id, inbox, external_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        contact, case.inbox, str(contact),
    )  # fmt: skip
    last = steps[-1]
    await pool.execute(
        """INSERT INTO conversations (id, inbox, contact_id, state, agent_id, team, language, urgency, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        id, case.inbox, contact, last[1], last[2], "front-desk" if len(steps) > 1 else None, case.language, case.urgency,
        opened,
    )  # fmt: skip
    seq = await pool.fetchval("SELECT count(*) FROM messages WHERE contact_id = $1", contact)
    first = None
    for number, (minute, author) in enumerate(case.said or [(0, "contact")], 1):
        message = await pool.fetchval(
            """INSERT INTO messages (conversation_id, contact_id, seq, author, language, created_at)
               VALUES ($1, $2, $3, $4, 'en', $5) RETURNING id""",
            id, contact, seq + number, author, opened + timedelta(minutes=minute),
        )  # fmt: skip
        first = first or message
    await pool.execute(
        """INSERT INTO turns (message_id, conversation_id, fence, outcome, intent, took_ms, created_at)
           VALUES ($1, $2, 0, $3, $4, 10, $5)""",
        first, id, "answered" if case.bot else "handed_off", case.topic or "library_hours", opened,
    )  # fmt: skip
    if case.rating or case.asked:
        await pool.execute(
            "INSERT INTO surveys (conversation_id, contact_id, message_id, rating) VALUES ($1, $2, $3, $4)",
            id, contact, first, case.rating,
        )  # fmt: skip
    for reviewer, score in zip((ANA, BEN), REVIEWS.get(case.number, ()), strict=False):
        await pool.execute(
            "INSERT INTO quality_reviews (conversation_id, reviewer_id, points, score) VALUES ($1, $2, '{}', $3)",
            id, reviewer, score,
        )  # fmt: skip
