"""One wait for each person. Nothing that a city can set or do lowers it, unless somebody waits less."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.model import By
from desk.reporting.waits import LONGEST, figures_of, waits_of
from desk.store.dialogue import conversations
from desk.store.people import links
from desk.store.waits.people import Move, list_moves
from tests.support.desk import Desk

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UNTIL = START + timedelta(days=30)
Log = list[Move]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def person(number: int) -> UUID:
    return UUID(int=number << 64)


def conversation(number: int, count: int = 0) -> UUID:
    return UUID(int=(number << 64) + count + 1)


def move(
    number: int,
    at: datetime,
    states: str,
    actor: str,
    why: str,
    count: int = 0,
) -> Move:
    before, _, after = states.partition(">")
    return Move(person(number), conversation(number, count), at, before or None, after or None, actor, why)


def asked(number: int, at: datetime, count: int = 0) -> Move:
    return move(number, at, "bot>queued", "bot", "asked", count)


def replied(number: int, at: datetime, count: int = 0) -> Log:
    return [
        move(number, at, "queued>assigned", "agent", "claimed", count),
        move(number, at, "assigned>waiting_on_contact", "agent", "replied", count),
    ]


def gave_up(number: int, at: datetime, count: int = 0) -> Move:
    return move(number, at, "queued>bot", "contact", "cancelled", count)


def lengths(log: Log, until: datetime = UNTIL) -> list[float]:
    return [wait.seconds / 60 for wait in waits_of(log, until)]


def test_from_the_first_wish_to_the_first_reply() -> None:
    (wait,) = waits_of([asked(1, START), *replied(1, START + minutes(12))], UNTIL)
    assert (wait.seconds, wait.ending, wait.start) == (720, "answered", START)


def test_who_gives_up_is_counted_with_the_time_and_who_is_never_answered_too() -> None:
    given_up, never = waits_of([asked(1, START), gave_up(1, START + minutes(9)), asked(2, START)], UNTIL)
    assert (given_up.seconds, given_up.ending) == (540, "gave_up")
    assert (never.seconds, never.ending) == (LONGEST.total_seconds(), "never")


def test_the_agency_that_reported_a_quarter_of_an_hour() -> None:
    """Half are told after a few minutes that they are called back, and are, an hour later."""
    log = []
    for number in range(10):
        log.append(asked(number, START))
        if number % 2:
            log += replied(number, START + minutes(18))
            continue
        closed = START + minutes(13.8)
        log.append(move(number, closed, "queued>resolved", "system", "resolved"))
        log.append(move(number, START + minutes(100), ">queued", "agent", "reopened", 1))
        log += replied(number, START + minutes(100), 1)
    first_leg = [18.0 if number % 2 else 13.8 for number in range(10)]
    figures = figures_of(waits_of(log, UNTIL))
    assert figures and figures.mean / 60 == 59 and sum(first_leg) / 10 == 15.9


def test_asking_again_is_the_same_wait_and_a_new_matter_is_a_new_one() -> None:
    again = [asked(1, START), gave_up(1, START + minutes(10)), asked(1, START + minutes(60))]
    assert lengths([*again, *replied(1, START + minutes(75))]) == [75], "they gave up and had to come back"
    solved = [
        asked(1, START),
        *replied(1, START + minutes(5)),
        move(1, START + minutes(6), "waiting_on_contact>resolved", "agent", "resolved"),
    ]
    later = [asked(1, START + minutes(30), 1), *replied(1, START + minutes(50), 1)]
    assert lengths([*solved, *later]) == [25], "a quick word, and the same again: 5 and 20 minutes"
    next_week = [replace(one, at=one.at + timedelta(days=6)) for one in later]
    assert lengths([*solved, *next_week]) == [5, 20]


def test_being_put_back_days_after_a_reply_goes_on_with_the_wait() -> None:
    back = START + timedelta(days=3)
    log = [asked(1, START), *replied(1, START + minutes(5))]
    log += [move(1, back, "waiting_on_contact>queued", "agent", "released"), *replied(1, back + minutes(7))]
    assert lengths(log) == [12]


def test_two_channels_at_once_are_one_wait() -> None:
    log = [asked(1, START), asked(1, START + minutes(20), 1), *replied(1, START + minutes(30), 1)]
    assert lengths([*log, *replied(1, START + minutes(90))]) == [30]
    other = [asked(1, START), asked(1, START + minutes(5), 1), gave_up(1, START + minutes(6))]
    assert lengths([*other, *replied(1, START + minutes(40), 1)]) == [40], "they only left the other channel"


# What a city can set or do while somebody waits. Each gets the start and the end of a wait of conversation 0, a moment
# within, a later one before the end, and gives what stands in the log instead.
Setting = Callable[[int, datetime, datetime, datetime, datetime, Log], Log]


def team_changed(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [asked(n, start), move(n, t, "queued>queued", "agent", "transferred"), *last]


def claimed_and_put_back(
    n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log
) -> Log:
    return [
        asked(n, start),
        move(n, t, "queued>assigned", "system", "pushed"),
        move(n, later, "assigned>queued", "system", "agent_gone"),
        *last,
    ]


def closed_and_called_back(
    n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log
) -> Log:
    return [
        asked(n, start),
        move(n, t, "queued>resolved", "system", "resolved"),
        move(n, later, ">queued", "agent", "reopened", 1),
        *(replace(one, conversation_id=conversation(n, 1)) for one in last),
    ]


def closed_for_good(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [asked(n, start), move(n, t, "queued>resolved", "agent", "resolved")]


def given_to_the_bot(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [asked(n, start), move(n, t, "queued>bot", "agent", "handed_back"), asked(n, later), *last]


def another_channel(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [
        asked(n, start),
        gave_up(n, t),
        asked(n, later, 1),
        *(replace(one, conversation_id=conversation(n, 1)) for one in last),
    ]


def a_quick_word_first(
    n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log
) -> Log:
    return [
        asked(n, start),
        *replied(n, t),
        move(n, t, "waiting_on_contact>queued", "agent", "transferred"),
        *last,
    ]


def erased(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [asked(n, start), move(n, t, "queued>", "system", "erased")]


def split(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [
        asked(n, start),
        move(n, t, "queued>assigned", "agent", "claimed"),
        move(n, later, "assigned>resolved", "agent", "split"),
        move(n, later, ">assigned", "agent", "split", 1),
        *(replace(one, conversation_id=conversation(n, 1)) for one in last),
    ]


def merged(n: int, start: datetime, t: datetime, later: datetime, end: datetime, last: Log) -> Log:
    return [asked(n, start), asked(n, t, 1), move(n, later, "queued>resolved", "agent", "merged", 1), *last]


SETTINGS: tuple[Setting, ...] = (
    team_changed,
    claimed_and_put_back,
    closed_and_called_back,
    closed_for_good,
    given_to_the_bot,
    another_channel,
    a_quick_word_first,
    erased,
    split,
    merged,
)
_WAIT = st.tuples(
    st.integers(0, 20_000),  # minutes after START
    st.integers(2, 600),  # how long
    st.sampled_from(["answered", "gave_up", "never"]),
    st.floats(0.05, 0.9),
    st.floats(0.05, 0.9),
)


def plain(number: int, start: datetime, end: datetime, ending: str) -> tuple[Log, Log]:
    """The log of a wait without anything done to it, and how it ends."""
    last = {"answered": replied(number, end), "gave_up": [gave_up(number, end)], "never": []}[ending]
    return [asked(number, start), *last], last


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_WAIT, st.none() | st.sampled_from(SETTINGS)), min_size=1, max_size=8))
def test_no_setting_lowers_the_figure(
    people: list[tuple[tuple[int, int, str, float, float], Setting | None]],
) -> None:
    before: Log = []
    after: Log = []
    for number, ((begins, long, ending, one, other), setting) in enumerate(people):
        start = START + minutes(begins)
        end = start + minutes(long)
        t = start + (end - start) * one
        later = t + (end - t) * other
        simple, last = plain(number, start, end, ending)
        before += simple
        after += setting(number, start, t, later, end, last) if setting else simple
    was, now = figures_of(waits_of(before, UNTIL)), figures_of(waits_of(after, UNTIL))
    assert was and now and now.people == was.people, "nobody disappears, and nobody is counted twice"
    for name in ("mean", "median", "ninth"):
        assert getattr(now, name) >= getattr(was, name) - 1e-6
    assert now.gave_up + now.never >= was.gave_up + was.never


@settings(max_examples=60, deadline=None)
@given(st.lists(_WAIT, min_size=1, max_size=8), st.integers(0, 7), st.floats(0.1, 0.95))
def test_it_falls_when_somebody_waits_less(
    people: list[tuple[int, int, str, float, float]], which: int, share: float
) -> None:
    def log(sooner: bool) -> Log:
        found: Log = []
        for number, (begins, long, _, _, _) in enumerate(people):
            start = START + minutes(begins)
            quick = sooner and number == which % len(people)
            found += plain(number, start, start + minutes(long) * (share if quick else 1), "answered")[0]
        return found

    was, now = figures_of(waits_of(log(False), UNTIL)), figures_of(waits_of(log(True), UNTIL))
    assert was and now and now.mean < was.mean and now.median <= was.median and now.ninth <= was.ninth


def test_the_order_of_the_people_does_not_matter() -> None:
    log = [
        one
        for n in range(20)
        for one in plain(n, START + minutes(n), START + minutes(3 * n + 2), "answered")[0]
    ]
    mixed = sorted(log, key=lambda one: one.person.int % 7)
    assert lengths(mixed) == lengths(log) == [2 * n + 2 for n in range(20)]
    assert figures_of(waits_of([], UNTIL)) is None


async def test_linked_contacts_of_two_channels_are_one_person_in_the_database(desk: Desk) -> None:
    web, phone, stranger = [await desk.contact() for _ in range(3)]
    agent = await desk.agent()
    await links.set_linked(desk.store.pool, web.id, phone.id, 10)
    first = await desk.queued(web)
    await conversations.hand_back(desk.store.pool, first.id, By("contact", "cancelled"))
    second = await desk.queued(phone)
    await desk.queued(stranger)
    await desk.ownership.claim(agent, second.id)
    await desk.ownership.reply(agent, second.id, "Hello.", "1")
    now = datetime.now(UTC)
    rows = await list_moves(desk.store.pool, now - minutes(5), now + minutes(5))
    waits = waits_of(rows, now + minutes(5))
    assert [(wait.ending, wait.team) for wait in waits] == [
        ("answered", "front-desk"),
        ("never", "front-desk"),
    ]
    assert waits[0].conversations == (first.id, second.id)
    await desk.store.pool.execute("DELETE FROM contacts WHERE id = $1", stranger.id)
    after = {row.person for row in await list_moves(desk.store.pool, now - minutes(5), now + minutes(5))}
    assert stranger.id not in after, "what stays leads to nobody"
