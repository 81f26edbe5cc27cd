"""Turns: from an accepted event to an answer in the log, or to a person. One turn at a time for each contact.

    event received ── tx A ──> message in the log, event appended ── bot asked ── tx B ──> answer, event done
                        └ a person has the conversation: event done at once

A worker that dies anywhere leaves an event that the next one takes up: A and B do nothing twice.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Protocol
from uuid import UUID, uuid4

import structlog

from channels.base import Capabilities
from city import City
from desk.metrics import Metrics
from desk.model import Clock, Contact, Conversation, Event, Message, TurnRequest
from desk.people.linking import Linking
from desk.road.answering import Answering, Started
from desk.road.assistant import Assistant, Failed, NotReady
from desk.road.heartbeat import BEAT, beating
from desk.road.live import Live
from desk.road.question import Question, read_album, read_choice, read_plainly, read_question
from desk.road.speech import Speech
from desk.road.trouble import where
from desk.routing.hours import is_open
from desk.store import contacts, conversations, events, messages, requests
from desk.store.pool import UNREACHABLE, Executor, Store

log = structlog.get_logger("turns")


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the road is. All in seconds, but for the counts."""

    at_once: int = 16  # contacts served at the same time by this worker
    lease: float = 12.0  # a dead worker's contacts wait so long; a live one prolongs it with every beat …
    beat: float = BEAT
    hold: float = 60.0  # … but not for longer than this at one event: a turn that hangs is taken from it
    poll: float = 1.0  # how often the table is read when nobody wakes us
    drain: float = 12.0  # how long turns under way may take to end after a stop
    bot_wait: float = 120.0  # how long a message waits for a bot that is not up yet
    bot_pause: float = 0.5  # the shortest pause between looks at such a bot
    bot_pause_most: float = 5.0
    retry: float = 1.0  # after an error of our own; doubles with each attempt
    album: float = 1.5  # how long a photo of an album waits for the next one
    attempts: int = 5  # after so many errors of our own: an apology and a person
    deaths: int = 5  # the same after so many workers died over one event


class Arriving(Protocol):
    """Brings in what a message only refers to, before its turn. Raises what `UNREACHABLE` lists."""

    async def arrive(self, event: Event) -> Event: ...


class Turns:
    """Answers events. Run it in every worker."""

    def __init__(
        self,
        store: Store,
        live: Live,
        city: City,
        speech: Speech,
        assistant: Assistant,
        answering: Answering,
        clock: Clock,
        capabilities: Mapping[str, Capabilities],
        pace: Pace,
        metrics: Metrics,
        arriving: Arriving | None = None,
        linking: Linking | None = None,
        pulse: Callable[[], None] = lambda: None,
    ) -> None:
        self._metrics = metrics
        self._pulse = pulse
        self._store = store
        self._live = live
        self._city = city
        self._speech = speech
        self._assistant = assistant
        self._answering = answering
        self._clock = clock
        self._capabilities = capabilities
        self._channels = {inbox.name: inbox.channel for inbox in city.inboxes}
        self._pace = pace
        self._arriving = arriving
        self._linking = linking
        self._held: dict[
            UUID, tuple[UUID, float]
        ] = {}  # contact: the lease's token, since when at this event

    async def run(self, stop: asyncio.Event) -> None:
        """Answer until `stop` is set; then turns under way may end."""
        async with beating("turns", self._pace.beat, self._keep):
            await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        running: set[asyncio.Task[None]] = set()
        stopping = asyncio.create_task(stop.wait())
        async with self._live.work() as wakes:
            while not stop.is_set():
                self._pulse()
                running = {task for task in running if not task.done()}
                running |= await self._take(self._pace.at_once - len(running))
                waking = asyncio.create_task(wakes.wait(self._pace.poll))
                await asyncio.wait({stopping, waking, *running}, return_when=asyncio.FIRST_COMPLETED)
                waking.cancel()
                await asyncio.gather(waking, return_exceptions=True)
        stopping.cancel()
        if running:
            await asyncio.wait(running, timeout=self._pace.drain)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def serve(self, contact_id: UUID, token: UUID, *, abandoned: bool = False) -> None:
        """Answer what this contact sent, in order, while we hold its lease; then give the lease back.

        `abandoned`: the one who had the lease before us died over the contact's first event."""
        self._held[contact_id] = (token, time.monotonic())
        try:
            if abandoned:
                await events.died(self._store.pool, contact_id)
                log.warning("taken_over", contact=str(contact_id))
            while event := await events.next_of(self._store.pool, contact_id):
                self._held[contact_id] = (token, time.monotonic())
                # Every line of this turn carries the trace id that the gateway gave the citizen's request.
                with structlog.contextvars.bound_contextvars(trace_id=event.trace_id):
                    if not await self._turn(event, token):
                        break
        except UNREACHABLE as error:
            log.warning("database_away", contact=str(contact_id), error=type(error).__name__)
        finally:
            if self._held.get(contact_id, (None,))[0] == token:
                del self._held[contact_id]
            await self._release(contact_id, token)

    async def _keep(self) -> None:
        oldest = time.monotonic() - self._pace.hold
        held = {contact: token for contact, (token, since) in self._held.items() if since > oldest}
        if held:
            await events.keep(self._store.pool, held, self._pace.lease)

    async def hand_over(self, contact_id: UUID) -> bool:
        """Give what this contact still waits for to a person; false if somebody is at it."""
        token = uuid4()
        if not await events.lease(self._store.pool, contact_id, token, self._pace.lease):
            return False
        try:
            event = await events.next_of(self._store.pool, contact_id, due=False)
            started = await self._append(event, token, plainly=event.deaths > 0) if event else None
            if started:
                await self._answering.give_up(started, "nobody answered in time")
        finally:
            await self._release(contact_id, token)
        return True

    async def _take(self, free: int) -> set[asyncio.Task[None]]:
        if free <= 0:
            return set()
        token = uuid4()
        try:
            claimed = await events.claim(self._store.pool, token, self._pace.lease, free)
        except UNREACHABLE as error:
            log.warning("database_away", error=type(error).__name__)
            return set()
        return {
            asyncio.create_task(
                self.serve(one.contact_id, token, abandoned=one.abandoned), name=f"turn {one.contact_id}"
            )
            for one in claimed
        }

    async def _turn(self, event: Event, token: UUID) -> bool:
        """One event; false when this contact must wait."""
        started = None
        deadly = event.deaths >= self._pace.deaths
        try:
            if await self._resting(event):
                return False
            if self._arriving is not None and not deadly:
                event = await self._arriving.arrive(event)
            started = await self._append(event, token, plainly=deadly)
            if started is None:
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
            # A value that the driver refuses is an InterfaceError too, and no reason to wait for the database.
            if isinstance(error, UNREACHABLE) and not isinstance(error, ValueError):
                raise
            # Whatever broke, the citizen must not wait in silence.
            self._metrics.broken("turn")
            log.error("turn_broke", event_id=event.id, error=type(error).__name__, where=where(error))
            return await self._broke(event, started, token, type(error).__name__)

    async def _resting(self, event: Event) -> bool:
        """A photo of an album waits a moment for the others."""
        thread = event.payload.get("thread")
        album = isinstance(thread, Mapping) and thread.get("album")
        return bool(album) and await events.rest(self._store.pool, event.id, self._pace.album)

    async def _append(self, event: Event, token: UUID, *, plainly: bool = False) -> Started | None:
        """Transaction A. None when nothing is left for the bot to do. `plainly`: read no more of the event than its words."""
        async with self._store.transaction() as transaction:
            if not await events.renew(transaction, event.contact_id, token, self._pace.lease):
                raise LeaseLost
            contact = await contacts.get(transaction, event.contact_id)
            assert contact is not None  # renew() has just locked it
            message = await messages.of_event(transaction, event.id)
            conversation = await self._conversation(transaction, contact, message)
            question = (
                read_plainly(contact, event.payload)
                if plainly
                else await self._read(transaction, contact, conversation, event)
            )
            if message is None:
                message = await messages.append(
                    transaction,
                    conversation,
                    "contact",
                    question.text,
                    conversation.language,
                    content=question.content,
                    event_id=event.id,
                    status="delivered",
                )
            await conversations.heard(transaction, conversation.id)
            # While another app has the thread, ours listens and is silent.
            ours = conversation.state == "bot" and contact.routed_away_at is None
            ours = ours and not question.unfinished
            if ours:
                await events.appended(transaction, event.id)
            else:
                await self._for_people(transaction, conversation, question)
                await events.done(transaction, event.id)
        await self._live.tell(contact.id, conversation.id, "message")
        return Started(event, message, conversation, question, token) if ours else None

    async def _read(
        self, transaction: Executor, contact: Contact, conversation: Conversation, event: Event
    ) -> Question:
        question = await read_question(transaction, contact, conversation, event.payload)
        question = await read_album(transaction, contact, conversation, question, event.id)
        capabilities = self._capabilities.get(contact.inbox)
        return await read_choice(transaction, contact, conversation, question, event.id, capabilities)

    async def _conversation(
        self, transaction: Executor, contact: Contact, message: Message | None
    ) -> Conversation:
        if message is not None:
            written = await conversations.get(transaction, message.conversation_id)
            assert written is not None  # the message would have gone with it
            return written
        language = self._speech.catalog.supported(contact.language)
        return await conversations.open_of(transaction, contact.id) or await conversations.create(
            transaction, contact, language
        )

    async def _for_people(
        self, transaction: Executor, conversation: Conversation, question: Question
    ) -> None:
        # The button under "a person will answer you" works while nobody has taken the conversation.
        if question.intent == "cancel_handoff" and conversation.state == "queued":
            moved = await conversations.to_bot(transaction, conversation.id)
            if moved:
                await self._speech.system(transaction, moved, "back_with_bot")

    async def _answer(self, started: Started) -> bool:
        if started.question.edited:
            await self._answering.by_desk(started, "edited")
            return self._done(started.event, "by_desk")
        if started.question.gone:
            await self._answering.by_desk(started, "button_gone")
            return self._done(started.event, "by_desk")
        if started.question.kind == "text" and not started.question.text:
            await self._answering.by_desk(started, "photo_unread" if started.question.lost else "unsupported")
            return self._done(started.event, "by_desk")
        if self._linking is not None and started.question.kind == "text":
            said = await self._linking.heard(started.conversation.contact_id, started.question.text)
            if said is not None:
                await self._answering.by_desk(started, said.name, said.variables)
                return self._done(started.event, "by_desk")
        request = await self._request(started)
        began = time.monotonic()
        try:
            answer = await self._assistant.ask(request)
        except NotReady as error:
            return await self._wait_for_bot(started, str(error))
        except Failed as error:
            await self._answering.give_up(started, str(error))
            return self._done(started.event, "failed")
        took = time.monotonic() - began
        self._metrics.bot(took)
        await self._answering.answer(started, answer, int(took * 1000))
        return self._done(started.event, "answered")

    def _done(self, event: Event, outcome: str) -> bool:
        waited = (self._clock() - event.received_at).total_seconds()
        self._metrics.turn(outcome, waited)
        log.info("turn_done", event_id=event.id, outcome=outcome, ms=round(waited * 1000))
        return True

    async def _request(self, started: Started) -> TurnRequest:
        conversation, question = started.conversation, started.question
        pool = self._store.pool
        contact = await contacts.get(pool, conversation.contact_id)
        assert contact is not None  # erased only under the lock that our lease stands for
        now = self._clock()
        capabilities = self._capabilities.get(conversation.inbox)
        return TurnRequest(
            message_id=started.message.id,
            conversation_id=conversation.id,
            kind=question.kind,
            text=question.words,
            intent=question.intent,
            entities=question.entities,
            # The bot finds the language of the first message itself, unless the citizen chose one.
            language=contact.language and self._speech.catalog.supported(contact.language),
            metadata={
                "inbox": conversation.inbox,
                "channel": self._channels.get(conversation.inbox, conversation.inbox),
                "capabilities": asdict(capabilities) if capabilities else {},
                "contact": {
                    "id": str(contact.id),
                    "name": contact.name,
                    "email": contact.email,
                    "phone": contact.phone,
                    "language": contact.language,
                },
                "now": now.isoformat(),
                "own_references": await requests.references_of_contact(pool, contact.id),
                "office_open": is_open(self._city, now),
                "trace_id": started.event.trace_id,
            },
        )

    async def _wait_for_bot(self, started: Started, reason: str) -> bool:
        pool = self._store.pool
        waited = await events.waited(pool, started.event.id)
        if waited >= self._pace.bot_wait:
            await self._answering.give_up(started, reason)
            return self._done(started.event, "failed")
        pause = min(self._pace.bot_pause_most, max(self._pace.bot_pause, waited / 2))
        await events.wait(pool, started.event.id, pause)
        log.info("waiting_for_bot", message=str(started.message.id), waited=round(waited))
        return False

    async def _broke(self, event: Event, started: Started | None, token: UUID, error: str) -> bool:
        pool = self._store.pool
        if event.attempts + 1 >= self._pace.attempts:
            try:
                started = started or await self._append(event, token, plainly=True)
                if started:
                    await self._answering.give_up(started, error)
                return True
            except LeaseLost:
                return False
            except UNREACHABLE:
                raise
            except Exception as worse:
                log.error("apology_broke", event_id=event.id, error=type(worse).__name__, where=where(worse))
        if event.attempts >= 2 * self._pace.attempts:
            log.error("event_dead", event_id=event.id)
            await events.bury(pool, event.id, error)
            return True
        await events.postpone(pool, event.id, error, self._pace.retry * 2 ** min(event.attempts, 6))
        return False

    async def _release(self, contact_id: UUID, token: UUID) -> None:
        # While the database is away the lease cannot be given back; it would cost the citizen the rest of it.
        for pause in (0.2, 0.5, 1.0, 2.0, 4.0):
            try:
                await events.release(self._store.pool, contact_id, token)
                return
            except UNREACHABLE:
                with suppress(asyncio.CancelledError):
                    await asyncio.sleep(pause)


class LeaseLost(Exception):
    """Another worker has this contact now: leave it alone."""
