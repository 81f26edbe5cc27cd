"""The states that a conversation went through, and what follows from them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from desk.store.reporting.records import Move, Words

WITH_PEOPLE = frozenset({"assigned", "waiting_on_contact"})


@dataclass(frozen=True, slots=True)
class Stay:
    """How long a conversation stayed in one state. `end` is None for the present one."""

    state: str
    start: datetime
    end: datetime | None
    agent_id: UUID | None
    why: str
    left_by: str | None
    """Why it left the state."""

    def seconds(self) -> float:
        """Its length; 0 while it lasts."""
        return (self.end - self.start).total_seconds() if self.end else 0.0


def stays_of(moves: Sequence[Move]) -> Iterator[Stay]:
    """The states in order, without the erasure; adjacent stays in the same state remain separate if the agent changed."""
    known = [move for move in moves if move.state is not None]
    gone = next((move.at for move in moves if move.state is None), None)
    for move, after in pairwise([*known, None]):
        assert move is not None and move.state is not None
        end = after.at if after else (gone if move.state != "resolved" else None)
        yield Stay(move.state, move.at, end, move.agent_id, move.why, after.why if after else None)


def wait_of(queued: Stay | None, stays: Sequence[Stay]) -> float | None:
    """From the first entry into the queue to the first agent; None if it left otherwise, or waits."""
    if queued is None:
        return None
    taken = next((stay for stay in stays if stay.start >= queued.start and stay.state in WITH_PEOPLE), None)
    if taken is None:
        return None
    between = [stay for stay in stays if queued.start <= stay.start < taken.start]
    return (
        None
        if any(stay.state != "queued" for stay in between)
        else (taken.start - queued.start).total_seconds()
    )


def first_of(words: Sequence[Words], after: datetime) -> datetime | None:
    """When an agent first wrote after this moment."""
    return next((said.at for said in words if said.author == "agent" and said.at >= after), None)


def sum_of(stays: Sequence[Stay], states: frozenset[str] | set[str]) -> float:
    """The seconds of these stays in one of the states."""
    return sum(stay.seconds() for stay in stays if stay.state in states)


def is_abandoned(person: Stay | None, stays: Sequence[Stay], human: bool | None) -> bool | None:
    """Whether a contact who was handed off never got a person's reply, and the conversation is over. None while that is open or unknown."""
    if person is None or human is None:
        return None
    if human:
        return False
    gave_up = any(stay.state == "queued" and stay.left_by == "cancelled" for stay in stays)
    return True if gave_up or stays[-1].state == "resolved" else None


def next_waits(
    words: Sequence[Words], first_said: datetime, stays: Sequence[Stay]
) -> Iterator[tuple[datetime, datetime | None]]:
    """From each message of the citizen after the first answer to the next of an agent, or to the end of people's part."""
    ends = [stay.start for stay in stays if stay.state in ("resolved", "bot") and stay.start > first_said]
    for said, after in pairwise([*words, None]):
        assert said is not None
        if said.author != "contact" or said.at <= first_said or not _with_people(stays, said.at):
            continue
        candidates = [*(end for end in ends if end > said.at), *([after.at] if after else [])]
        yield said.at, min(candidates) if candidates else None


def _with_people(stays: Sequence[Stay], at: datetime) -> bool:
    """Whether people had the conversation at that moment, or got it because of this message."""
    now = next((stay for stay in reversed(stays) if stay.start <= at), None)
    return now is not None and now.state in {"queued", *WITH_PEOPLE}
