"""What a provider tells of a contact: STOP, blocked, moved, routed; and the windows that follow from when it wrote."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from channels.base import Capabilities, Inbound
from desk.model import Contact
from desk.outbound.reply_window import reach_of, window_of
from desk.store.people import contacts
from tests.support.desk import Desk

WHO = "+15550100"


async def take(desk: Desk, *inbounds: Inbound) -> list[bool]:
    return [one.new for one in await desk.intake.receive("sms", inbounds)]


async def contact_of(desk: Desk, external_id: str = WHO) -> Contact:
    found = await desk.store.pool.fetchval(
        "SELECT id FROM contacts WHERE inbox = 'sms' AND external_id = $1", external_id
    )
    contact = await contacts.get_by_id(desk.store.pool, found)
    assert contact
    return contact


def message(number: int, **more: Any) -> Inbound:
    return Inbound(f"m{number}", WHO, "message", f"text {number}", **more)


def change(number: int, what: Any, **more: Any) -> Inbound:
    return Inbound(f"c{number}", WHO, "contact", change=what, **more)


async def test_stop_is_remembered_and_start_takes_it_back(desk: Desk) -> None:
    await take(desk, change(1, "opted_out"))
    assert (await contact_of(desk)).opted_out_at
    await take(desk, message(1))
    assert (await contact_of(desk)).opted_out_at, "only START takes STOP back"
    await take(desk, change(2, "opted_in"))
    assert (await contact_of(desk)).opted_out_at is None
    await take(desk, change(1, "opted_out"))
    assert (await contact_of(desk)).opted_out_at is None, "a second delivery of the old STOP changes nothing"


async def test_who_writes_is_reachable_again(desk: Desk) -> None:
    await take(desk, change(1, "unreachable"))
    assert (await contact_of(desk)).unreachable_at
    await take(desk, message(1))
    assert (await contact_of(desk)).unreachable_at is None


async def test_a_moved_contact_keeps_its_log_and_never_swallows_another(desk: Desk) -> None:
    await take(desk, message(1))
    before = await contact_of(desk)
    await take(desk, change(1, "moved", moved_to="+15550199"))
    assert (await contact_of(desk, "+15550199")).id == before.id
    await take(desk, message(2))
    stranger = await contact_of(desk)
    await take(desk, change(2, "moved", moved_to="+15550199"))
    assert (await contact_of(desk)).id == stranger.id


async def test_the_last_message_counts_and_no_clock_runs_ahead_of_ours(desk: Desk) -> None:
    now = datetime.now(UTC)
    earlier, later = now - timedelta(hours=5), now - timedelta(hours=3)
    await take(desk, message(1, sent_at=later), message(2, sent_at=earlier))
    assert (await contact_of(desk)).wrote_at == later
    await take(desk, message(3, sent_at=now - timedelta(hours=9)))
    assert (await contact_of(desk)).wrote_at == later
    await take(desk, message(4, sent_at=now + timedelta(days=300)))
    wrote = (await contact_of(desk)).wrote_at
    assert wrote and wrote <= datetime.now(UTC)


async def test_verified_details_from_the_provider_stay_with_the_contact(desk: Desk) -> None:
    await take(desk, message(1, phone="+15550100", name="Lucía"))
    await take(desk, message(2, email="lucia@example.org"))
    contact = await contact_of(desk)
    assert (contact.phone, contact.email, contact.name) == ("+15550100", "lucia@example.org", "Lucía")


async def test_the_same_id_twice_in_one_batch_is_one_event(desk: Desk) -> None:
    assert await take(desk, message(1), change(1, "routed_away"), message(1), message(2)) == [
        True,
        False,
        True,
    ]
    assert await take(desk, message(1), message(3)) == [False, True]
    kept = await desk.store.pool.fetch("SELECT external_id, state FROM events ORDER BY id")
    assert [tuple(one) for one in kept] == [
        ("m1", "received"),
        ("m2", "received"),
        ("c1", "done"),
        ("m3", "received"),
    ]


NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DAY = Capabilities(100, reply_window_hours=24, human_window_hours=168)


def wrote(hours: float | None, **more: Any) -> Contact:
    at = None if hours is None else NOW - timedelta(hours=hours)
    return Contact(id=None, inbox="x", external_id="x", name=None, email=None, phone=None, language=None, last_seq=0, created_at=NOW, wrote_at=at, **more)  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("capabilities", "contact", "bot", "human"),
    [
        (Capabilities(100), wrote(None), True, True),
        (Capabilities(100), wrote(10_000), True, True),
        (DAY, wrote(None), False, False),
        (DAY, wrote(1), True, True),
        (DAY, wrote(23.95), True, True),
        (DAY, wrote(23.99), False, True),  # it would arrive too late
        (DAY, wrote(25), False, True),
        (DAY, wrote(169), False, False),
        (Capabilities(100, reply_window_hours=24), wrote(25), False, False),
        # The provider said that it is over, which counts until the citizen writes again.
        (DAY, wrote(1, window_shut_at=NOW - timedelta(minutes=5)), False, True),
        (DAY, wrote(1, human_shut_at=NOW - timedelta(minutes=5)), True, True),
        (DAY, wrote(1, window_shut_at=NOW - timedelta(hours=2)), True, True),
        (DAY, wrote(25, human_shut_at=NOW - timedelta(hours=2)), False, False),
    ],
)  # fmt: skip
def test_windows(capabilities: Capabilities, contact: Contact, bot: bool, human: bool) -> None:
    window = window_of(capabilities, contact)
    assert (window.open(NOW), window.open_to_humans(NOW)) == (bot, human)


@pytest.mark.parametrize(
    ("contact", "bot", "human", "takes_thread", "template"),
    [
        (wrote(1), None, None, None, None),
        (wrote(25), "window_over", None, "window_over", None),
        (wrote(169), "window_over", "window_over", "window_over", None),
        (wrote(1, opted_out_at=NOW), "opted_out", "opted_out", "opted_out", "opted_out"),
        (wrote(1, unreachable_at=NOW), "unreachable", "unreachable", "unreachable", "unreachable"),
        (wrote(1, unreachable_at=NOW - timedelta(hours=24)), None, None, None, None),
        (wrote(1, routed_away_at=NOW), "thread_elsewhere", "thread_elsewhere", None, "thread_elsewhere"),
        (wrote(25, routed_away_at=NOW), "thread_elsewhere", "thread_elsewhere", "window_over", "thread_elsewhere"),
        (wrote(1, routed_away_at=NOW, opted_out_at=NOW), "opted_out", "opted_out", "opted_out", "opted_out"),
    ],
)  # fmt: skip
def test_one_rule_says_what_may_go(
    contact: Contact, bot: str | None, human: str | None, takes_thread: str | None, template: str | None
) -> None:
    reach = reach_of(DAY, contact, NOW)
    assert (
        reach.keeps_back(human=False),
        reach.keeps_back(human=True),
        reach.keeps_back(human=False, takes_thread=True),
        reach.keeps_back(human=False, template=True),
    ) == (bot, human, takes_thread, template)
