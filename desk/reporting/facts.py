"""The facts of one conversation in one row: durations, handoff, ending, promises. Pure. Times with the bot,
with people and in the queue are separate. A duration that has not ended yet, or does not exist, is None.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from city import City, Team
from desk.reporting.stays import (
    WITH_PEOPLE,
    Stay,
    first_of,
    is_abandoned,
    next_waits,
    stays_of,
    sum_of,
    wait_of,
)
from desk.routing.sla import Promise, Sla, policy_of
from desk.store.reporting.records import AGAIN_DAYS, Record


@dataclass(frozen=True, slots=True)
class Fact:
    """Durations are in seconds. The definitions of the figures are in desk/reporting/figures.py."""

    id: UUID
    inbox: str
    channel: str
    language: str | None
    topic: str | None
    team: str | None
    day: date
    opened_at: datetime
    erased: bool
    answered: bool | None
    agent_messages: int | None
    bot_part: float | None
    handed_off_at: datetime | None
    handoff_reason: str | None
    wait: float | None
    first_response: float | None
    handling: float | None
    in_hand: float | None
    agents: tuple[UUID, ...]
    abandoned: bool | None
    resolved_at: datetime | None
    reason: str | None
    lasted: float | None
    again: bool | None
    contained: bool | None
    not_solved: bool
    disputed: bool | None
    reopened: bool
    asked: bool
    rating: int | None
    sla_first: bool | None
    sla_next: bool | None
    sla_resolution: bool | None
    score: float | None
    stays: tuple[Stay, ...]


class Facts:
    """Makes facts as they are known at the moment `now`."""

    def __init__(
        self, city: City, now: datetime, since: datetime, teams: Sequence[Team] | None = None
    ) -> None:
        self._city = city
        self._zone: ZoneInfo = city.zone
        self._channels = {inbox.name: inbox.channel for inbox in city.inboxes}
        self._now = now
        self._sla = Sla(city, now, since, teams)

    def of(self, record: Record) -> Fact:
        """The fact of this record."""
        stays = tuple(stays_of(record.moves))
        queued = next((stay for stay in stays if stay.state == "queued"), None)
        # If a person takes a conversation over from the bot, it counts as a handoff without a wait.
        person = next((stay for stay in stays if stay.state in {"queued", *WITH_PEOPLE}), None)
        resolved_at = stays[-1].start if stays and stays[-1].state == "resolved" else None
        ended = next((move for move in reversed(record.moves) if move.state is not None), None)
        team = next((move.team for move in reversed(record.moves) if move.team), None)
        first_said = first_of(record.words, person.start) if person else None
        human = bool(record.agent_messages) if record.agent_messages is not None else None
        again = self._again(record, resolved_at)
        over = resolved_at is not None
        with_agents = [stay for stay in stays if stay.state in WITH_PEOPLE]
        not_solved = any(stay.why == "not_solved" for stay in stays)
        return Fact(
            id=record.id,
            inbox=record.inbox,
            channel=self._channels.get(record.inbox, record.inbox),
            language=record.language,
            topic=record.topic,
            team=team,
            day=record.opened_at.astimezone(self._zone).date(),
            opened_at=record.opened_at,
            erased=record.erased,
            answered=record.answered,
            agent_messages=record.agent_messages,
            bot_part=(person.start - record.opened_at).total_seconds() if person else None,
            handed_off_at=person.start if person else None,
            handoff_reason=person.why if person else None,
            wait=wait_of(queued, stays),
            first_response=(first_said - queued.start).total_seconds() if first_said and queued else None,
            handling=sum_of(with_agents, {"assigned"}) if over and with_agents else None,
            in_hand=sum_of(with_agents, WITH_PEOPLE) if over and with_agents else None,
            agents=tuple(dict.fromkeys(one.agent_id for one in with_agents if one.agent_id)),
            abandoned=is_abandoned(person, stays, human),
            resolved_at=resolved_at,
            reason=ended.reason if ended and over else None,
            lasted=(resolved_at - record.opened_at).total_seconds() if resolved_at else None,
            again=again,
            contained=self._contained(record, resolved_at, human, again, not_solved),
            not_solved=not_solved,
            disputed=record.disputed,
            reopened=any(stay.why in ("not_solved", "reopened") for stay in stays),
            asked=record.asked_at is not None,
            rating=record.rating,
            sla_first=self._promised(
                record, team, "first_response", self._first_span(queued, first_said, stays)
            ),
            sla_next=self._next(record, team, first_said, stays),
            sla_resolution=self._resolution(record, team, person, stays),
            score=sum(record.scores) / len(record.scores) if record.scores else None,
            stays=stays,
        )

    def _again(self, record: Record, resolved_at: datetime | None) -> bool | None:
        if resolved_at is None or record.again is None:
            return None
        over = self._now - resolved_at >= timedelta(days=AGAIN_DAYS)
        return record.again if record.again or over else None

    def _contained(
        self,
        record: Record,
        resolved_at: datetime | None,
        human: bool | None,
        again: bool | None,
        not_solved: bool,
    ) -> bool | None:
        if not record.answered or human is None:
            return None
        if human or again or not_solved:
            return False
        return None if resolved_at is None or again is None else True

    def _first_span(
        self, queued: Stay | None, said: datetime | None, stays: Sequence[Stay]
    ) -> tuple[datetime, datetime | None] | None:
        """From the queue to the first answer of a person; None where the citizen left before, or it ended unanswered."""
        if queued is None:
            return None
        if said is None and stays[-1].state in ("bot", "resolved"):
            return None
        return queued.start, said

    def _next(
        self, record: Record, team: str | None, first_said: datetime | None, stays: Sequence[Stay]
    ) -> bool | None:
        """Whether every later message of the citizen was answered in time."""
        if first_said is None:
            return None
        results = [
            self._promised(record, team, "next_response", (start, end))
            for start, end in next_waits(record.words, first_said, stays)
        ]
        known = [one for one in results if one is not None]
        return False if False in known else True if known else None

    def _resolution(
        self, record: Record, team: str | None, person: Stay | None, stays: Sequence[Stay]
    ) -> bool | None:
        """Whether it ended in time after the handoff, without the time in which it waited for the citizen. None for
        what went back to the bot."""
        policy = policy_of(self._city, team, record.urgent)
        last = [stay.state for stay in stays if stay.state != "resolved"][-1]
        if person is None or policy is None or policy.resolution is None or last == "bot":
            return None
        hours = self._sla.hours(team, policy)
        counted = [
            stay for stay in stays if stay.start >= person.start and stay.state in ("queued", "assigned")
        ]
        used = sum(hours.elapsed(stay.start, stay.end or self._now) for stay in counted)
        if used > policy.resolution * 60:
            return False
        return True if stays[-1].state == "resolved" else None

    def _promised(
        self,
        record: Record,
        team: str | None,
        promise: Promise,
        span: tuple[datetime, datetime | None] | None,
    ) -> bool | None:
        policy = policy_of(self._city, team, record.urgent)
        minutes = getattr(policy, promise) if policy else None
        if policy is None or minutes is None or span is None:
            return None
        start, end = span
        used = self._sla.hours(team, policy).elapsed(start, end or self._now)
        if used > minutes * 60:
            return False
        return True if end is not None else None
