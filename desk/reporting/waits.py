"""One wait for each person: from the first time they ask for a person to the first reply of one. Pure.

An agency once reported 15.9 minutes while people waited 59, because those who were promised a call back
counted as answered. So here only a person's reply ends a wait.
Being claimed, transferred, put back, called back later, closed by us or given to
the bot does not, and neither does another channel: contacts that are linked are one person. No setting
affects the figure. The tests change the log in each of these ways, and the figure never falls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from math import ceil
from typing import Literal
from uuid import UUID

from desk.store.waits.people import Move

AGAIN = timedelta(hours=24)
"""If a contact asks again within this time, it is the same wait."""
LONGEST = timedelta(days=7)
"""More is not counted for somebody who is never answered."""

Ending = Literal["answered", "gave_up", "never"]
"""`never`: no reply up to the end of the report, whether the conversation is open or was closed by us."""


@dataclass(frozen=True, slots=True)
class PersonWait:
    """`seconds` are all that the person waited, `start` is when they first asked, and `team` whom."""

    person: UUID
    start: datetime
    seconds: float
    ending: Ending
    team: str | None
    conversations: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """Of `people` waits: their lengths in seconds, those of people who gave up or were never answered included."""

    people: int
    mean: float
    median: float
    ninth: float
    """Nine of ten waited no longer."""
    gave_up: int
    never: int


def waits_of(moves: Iterable[Move], until: datetime) -> list[PersonWait]:
    """Every wait in these transitions, up to `until`, in the order in which they began."""
    ordered = sorted(moves, key=lambda move: (move.person.int, move.at))
    found = [
        wait
        for person, theirs in groupby(ordered, key=lambda move: move.person)
        for wait in _waits_of_one(person, theirs, until)
    ]
    return sorted(found, key=lambda wait: wait.start)


def figures_of(waits: Sequence[PersonWait]) -> WaitFigures | None:
    """The figures; None without a wait."""
    if not waits:
        return None
    lengths = sorted(wait.seconds for wait in waits)
    count = len(lengths)
    return WaitFigures(
        count,
        sum(lengths) / count,
        lengths[ceil(count * 0.5) - 1],
        lengths[ceil(count * 0.9) - 1],
        sum(wait.ending == "gave_up" for wait in waits),
        sum(wait.ending == "never" for wait in waits),
    )


@dataclass(slots=True)
class _Wait:
    """A wait that is being followed. `since`: the start of what is running, None while nobody is waited for."""

    start: datetime
    team: str | None
    since: datetime | None
    conversations: list[UUID]
    queued: set[UUID] = field(default_factory=set)
    unresolved: set[UUID] = field(default_factory=set)
    seconds: float = 0.0
    stopped: datetime | None = None
    gave_up: datetime | None = None

    def stop(self, at: datetime) -> None:
        if self.since is not None:
            self.seconds += (at - self.since).total_seconds()
        self.since, self.stopped = None, at
        self.queued.clear()


def _waits_of_one(person: UUID, moves: Iterable[Move], until: datetime) -> list[PersonWait]:
    waits: list[_Wait] = []
    for move in moves:
        if move.at > until:
            break
        wait = waits[-1] if waits else None
        if _asks(move):
            if wait is None or not _same(wait, move):
                wait = _Wait(move.at, move.team, move.at, [])
                waits.append(wait)
            _ask(wait, move)
        elif wait is None:
            continue
        elif _answers(move):
            wait.stop(move.at)
            wait.gave_up = None
        elif _gives_up(move) and wait.since is not None:
            wait.queued.discard(move.conversation_id)
            if not wait.queued:
                wait.stop(move.at)
                wait.gave_up = move.at
        elif wait.since is not None and move.to_state in ("bot", "resolved", None):
            wait.queued.discard(move.conversation_id)  # closed by us: they go on waiting
        if wait is not None and move.to_state in ("resolved", None):
            wait.unresolved.discard(move.conversation_id)
    return [_finished(person, wait, until) for wait in waits]


def _ask(wait: _Wait, move: Move) -> None:
    if wait.since is None:
        # A contact who gave up and asks again has waited the whole time.
        wait.seconds += (move.at - wait.gave_up).total_seconds() if wait.gave_up else 0.0
        wait.since, wait.gave_up = move.at, None
    wait.queued.add(move.conversation_id)
    wait.unresolved.add(move.conversation_id)
    if move.conversation_id not in wait.conversations:
        wait.conversations.append(move.conversation_id)


def _same(wait: _Wait, move: Move) -> bool:
    if wait.since is not None:
        return move.at - wait.since <= LONGEST
    if move.conversation_id in wait.unresolved:
        return True
    return wait.stopped is not None and move.at - wait.stopped <= AGAIN


def _finished(person: UUID, wait: _Wait, until: datetime) -> PersonWait:
    ending: Ending = "gave_up" if wait.gave_up else "answered"
    seconds = wait.seconds
    if wait.since is not None:
        ending = "never"
        seconds += min(until - wait.since, LONGEST).total_seconds()
    return PersonWait(person, wait.start, seconds, ending, wait.team, tuple(wait.conversations))


def _asks(move: Move) -> bool:
    """Whether somebody waits for a person from here on."""
    if move.to_state == "queued":
        return move.from_state != "queued"
    return move.to_state == "assigned" and move.why == "returned"


def _answers(move: Move) -> bool:
    """Whether a person replied."""
    return move.actor_kind == "agent" and move.why == "replied"


def _gives_up(move: Move) -> bool:
    """Whether the citizen no longer wants a person. What we do to a conversation is not that."""
    return move.actor_kind == "contact" and move.to_state in ("bot", "resolved")
