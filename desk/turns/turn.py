"""Takes one accepted event to an answer in the log or to a person; whatever fails, the citizen gets a
reply."""

from typing import Protocol

import structlog

from desk.knowledge.pages.search import PageSearch
from desk.model import Clock, Event
from desk.notices.subscribing import Subscribing
from desk.official.checking import OfficialChecks
from desk.people.linking import Linking
from desk.rumours.answering import RumourAnswers
from desk.runtime.error_place import where
from desk.runtime.metrics import Metrics
from desk.runtime.timing import TurnTiming
from desk.store.inbound import events
from desk.store.leases import Token
from desk.store.pool import Store, is_away
from desk.turns.answering import Answering
from desk.turns.appending import Appending
from desk.turns.asking import Asking
from desk.turns.bot_client import Failed, NotReady
from desk.turns.leases import LeaseLost
from desk.turns.question import Started
from desk.turns.waiting import HOLD_BUTTON, Waiting

log = structlog.get_logger("turns")


class Arriving(Protocol):
    """Fetches, before a turn, what the message only refers to. Raises the errors in `UNREACHABLE`."""

    async def arrive(self, event: Event) -> Event: ...


class Turn:
    """Built once; `take` is called for each event, while its contact's lease is held."""

    def __init__(
        self,
        store: Store,
        appending: Appending,
        asking: Asking,
        answering: Answering,
        waiting: Waiting,
        clock: Clock,
        timing: TurnTiming,
        metrics: Metrics,
        arriving: Arriving | None = None,
        linking: Linking | None = None,
        pages: PageSearch | None = None,
        subscribing: Subscribing | None = None,
        official: OfficialChecks | None = None,
        rumours: RumourAnswers | None = None,
    ) -> None:
        self._store = store
        self._appending = appending
        self._asking = asking
        self._answering = answering
        self._waiting = waiting
        self._clock = clock
        self._timing = timing
        self._metrics = metrics
        self._arriving = arriving
        self._linking = linking
        self._pages = pages
        self._subscribing = subscribing
        self._official = official
        self._rumours = rumours

    async def take(self, event: Event, token: Token) -> bool:
        """Process one event; false if this contact must wait. Raises the errors in UNREACHABLE."""
        started = None
        deadly = event.deaths >= self._timing.deaths
        try:
            if await self._resting(event):
                return False
            if self._arriving is not None and not deadly:
                event = await self._arriving.arrive(event)
            started = await self._appending.append(event, token, plainly=deadly)
            if started is None:
                return self._done(event, "for_people")
            if started.conversation.state != "bot":
                await (self._waiting.note if deadly else self._waiting.take)(started)
                return self._done(event, "for_people")
            if deadly:
                log.error("event_deadly", event_id=event.id, deaths=event.deaths)
                await self._answering.give_up(started, f"{event.deaths} workers died over it")
                return self._done(event, "failed")
            return await self._answer(started)
        except LeaseLost:
            log.warning("lease_lost", event_id=event.id)
            return False
        except Exception as error:
            if is_away(error):
                raise
            # Whatever failed, the citizen must get a reply.
            self._metrics.broken("turn")
            log.error("turn_broke", event_id=event.id, error=type(error).__name__, where=where(error))
            return await self._broke(event, started, token, type(error).__name__)

    async def hand_over(self, event: Event, token: Token) -> None:
        """Hand off to a person, because no answer came in time. Raises LeaseLost."""
        try:
            started = await self._appending.append(event, token, plainly=event.deaths > 0)
        except Exception as error:
            if isinstance(error, LeaseLost) or is_away(error):
                raise
            # Give the agent the text at least.
            self._metrics.broken("turn")
            log.error("turn_broke", event_id=event.id, error=type(error).__name__, where=where(error))
            started = await self._appending.append(event, token, plainly=True)
        if started:
            await self._give_up(started, "nobody answered in time")
            self._done(event, "failed")

    async def _resting(self, event: Event) -> bool:
        """Whether a photo of an album must wait a moment for the others."""
        return bool(event.received.thread.get("album")) and await events.mark_resting(
            self._store.pool, event.id, self._timing.album
        )

    async def _answer(self, started: Started) -> bool:
        if started.question.stops:
            await self._answering.confirm_stop(started)
            return self._done(started.event, "by_desk")
        if started.question.only_masked:
            await self._answering.by_desk(started, "card_masked")
            return self._done(started.event, "by_desk")
        if started.question.edited:
            await self._answering.by_desk(started, "edited")
            return self._done(started.event, "by_desk")
        if started.event.received.thread.get("quiet"):
            await self._answering.leave_to_people(started, started.question.note or "")
            return self._done(started.event, "for_people")
        if (
            started.question.gone or started.question.intent == HOLD_BUTTON
        ):  # there is nothing left to wait for
            await self._answering.by_desk(started, "button_gone")
            return self._done(started.event, "by_desk")
        if started.question.kind == "text" and not started.question.text and started.question.note:
            # There is content, but only a person can read it.
            await self._answering.give_up(started, "a message that could not be read", started.question.note)
            return self._done(started.event, "failed")
        if started.question.kind == "text" and not started.question.text:
            notices = started.question.notices
            await self._answering.by_desk(started, notices[0] if notices else "unsupported")
            return self._done(started.event, "by_desk")
        if self._linking is not None and started.question.kind == "text":
            said = await self._linking.handle_text(
                started.conversation.contact_id, started.question.text, proven=started.event.received.proven
            )
            if said is not None:
                await self._answering.by_desk(started, said.name, said.variables)
                return self._done(started.event, "by_desk")
        if self._subscribing is not None and started.question.kind == "text":
            conversation, proven = started.conversation, started.event.received.proven
            said = await self._subscribing.handle_text(
                conversation.contact_id,
                conversation.inbox,
                started.question.text or "",
                conversation.language,
                proven=proven,
            )
            if said is not None:
                await self._answering.by_desk(started, said.name, said.variables)
                return self._done(started.event, "by_desk")
        words = started.question.text if started.question.kind == "text" or started.question.is_photo else ""
        if self._official is not None and words:
            said = await self._official.handle_text(started.message, words, started.conversation.language)
            if said is not None:
                await self._answering.by_desk(started, said.name, said.variables)
                return self._done(started.event, "by_desk")
        told = None
        if self._rumours is not None and started.question.kind == "payload":
            question = started.question
            told = await self._rumours.choose(started.message, question.intent, question.entities)
            if told is not None:
                await self._answering.by_desk_told(started, told)
                return self._done(started.event, "by_desk")
        try:
            answer, took_ms = await self._asking.ask(started)
        except NotReady as error:
            return await self._wait_for_bot(started, str(error))
        except Failed as error:
            await self._answering.give_up(started, str(error))
            return self._done(started.event, "failed")
        if self._rumours is not None and words:
            answer, told = await self._rumours.beside(started.message, words, answer)
        if self._pages is not None and told is None and started.question.kind == "text":
            language = started.contact.language
            answer = await self._pages.beside(answer, started.question.text or "", language)
        await self._answering.answer(started, answer, took_ms, told)
        return self._done(started.event, "answered")

    def _done(self, event: Event, outcome: str) -> bool:
        waited = (self._clock() - event.received_at).total_seconds()
        self._metrics.turn(outcome, waited)
        log.info("turn_done", event_id=event.id, outcome=outcome, ms=round(waited * 1000))
        return True

    async def _wait_for_bot(self, started: Started, reason: str) -> bool:
        pool = self._store.pool
        waited = await events.get_seconds_waited(pool, started.event.id)
        if waited >= self._timing.bot_wait:
            await self._answering.give_up(started, reason)
            return self._done(started.event, "failed")
        pause = min(self._timing.bot_pause_most, max(self._timing.bot_pause, waited / 2))
        await events.mark_waiting(pool, started.event.id, pause)
        log.info("waiting_for_bot", message=str(started.message.id), waited=round(waited))
        return False

    async def _give_up(self, started: Started, reason: str) -> None:
        """Apologise and hand off, unless the contact already has a person or waits for one."""
        if started.conversation.state == "bot":
            await self._answering.give_up(started, reason)
        else:
            await self._waiting.note(started)

    async def _broke(self, event: Event, started: Started | None, token: Token, error: str) -> bool:
        pool = self._store.pool
        if event.attempts + 1 >= self._timing.attempts:
            try:
                started = started or await self._appending.append(event, token, plainly=True)
                if started:
                    await self._give_up(started, error)
                return True
            except LeaseLost:
                return False
            except Exception as worse:
                if is_away(worse):
                    raise
                log.error("apology_broke", event_id=event.id, error=type(worse).__name__, where=where(worse))
        if event.attempts >= 2 * self._timing.attempts:
            # No part of it can be shown to anyone; the operator is alerted by this metric.
            self._metrics.broken("event_dead")
            log.error("event_dead", event_id=event.id)
            await events.mark_dead(pool, event.id, error)
            return True
        await events.mark_postponed(pool, event.id, error, self._timing.retry * 2 ** min(event.attempts, 6))
        return False
