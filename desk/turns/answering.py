"""The second transaction of a turn: the bot's decision becomes messages, service requests and a handoff. One long file on purpose: every
way in which a turn can end is here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog

from city import City
from city.routes import Routes
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import (
    By,
    Clock,
    Conversation,
    Handoff,
    InReply,
    NewMessage,
    Outcome,
    Reply,
    TurnAnswer,
)
from desk.notices.mentioning import Mentions
from desk.rumours.answering import Told
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_mapping
from desk.store.dialogue import conversations, messages, turns
from desk.store.leases import renew
from desk.store.people import contacts
from desk.store.pool import Executor, Store, commit_again
from desk.turns.instead import FAILED, STOPPED, Instead
from desk.turns.question import Started
from desk.turns.recording import Recording

log = structlog.get_logger("turns")

ASKS_LOCATION = frozenset({"utter_ask_report_location", "utter_ask_report_location_detail"})
"""Responses under which a channel with a location control shows that control."""


@dataclass(frozen=True, slots=True)
class Committed:
    """The work that a commit left: `items` to send to a provider, `requests` to file with a back end or to
    change."""

    items: bool
    requests: bool


class Answering:
    """Commits the bot's decision under the fencing token; if a person has taken over meanwhile, it is
    dropped.

    `committed` is called after each commit, so that this process's filer and delivery can be woken.
    """

    def __init__(
        self,
        store: Store,
        live: Live,
        city: City,
        routes: Routes,
        writer: MessageWriter,
        handoffs: Handoffs,
        clock: Clock,
        committed: Callable[[Committed], None],
        *,
        lease: float,
        again: Sequence[float] = (),
        mentions: Mentions | None = None,
    ) -> None:
        self._store = store
        self._live = live
        self._city = city
        self._recording = Recording(routes, clock)
        self._writer = writer
        self._handoffs = handoffs
        self._clock = clock
        self._committed = committed
        self._lease = lease
        self._again = again
        self._mentions = mentions

    async def answer(
        self, started: Started, answer: TurnAnswer, took_ms: int, told: Told | None = None
    ) -> None:
        """Commit the bot's answer; again if that fails for a moment: the bot is not asked twice. While the assistant is stopped
        nothing that it says or wants is carried out, except where somebody is in danger: then its numbers to call are given. `told` is said
        before it."""
        if self._writer.catalog.assistant_stopped and not _in_danger(answer):
            await self._to_person(started, STOPPED)
            return
        filed = await self._insist(started, lambda: self._commit(started, answer, took_ms, told))
        await self.announce(started, filed=filed)

    async def _commit(self, started: Started, answer: TurnAnswer, took_ms: int, told: Told | None) -> bool:
        """One transaction; whether there is something to file."""
        async with self._store.transaction() as transaction:
            conversation = await self.still_ours(transaction, started)
            if conversation is None:
                return False
            conversation = await self.in_language(transaction, started, conversation, answer.language)
            said = await self._replies(transaction, started, conversation, answer, told)
            filed = await self._recording.record(transaction, started, answer.directives)
            outcome = await self._hand_off(transaction, started, conversation, answer, said)
            await turns.add_turn(
                transaction,
                started.message.id,
                conversation.id,
                conversation.fence,
                outcome,
                took_ms=took_ms,
                event_id=started.event.id,
                form=answer.form,
                **_understood(answer),
            )
            return filed

    async def _insist(self, started: Started, commit: Callable[[], Awaitable[bool]]) -> bool:
        """The commit's result. One whose reply was lost on the way is recognised, and not repeated."""
        done = partial(turns.is_recorded, self._store.pool, started.message.id)
        failed = partial(log.warning, "answer_committed_again", message=str(started.message.id))
        return await commit_again(commit, done, self._again, failed)

    async def give_up(self, started: Started, reason: str, summary: str = "") -> None:
        """There is no answer: apologise, and hand off to a person, who sees the summary."""
        await self._to_person(started, FAILED, summary)
        log.warning("turn_failed", message=str(started.message.id), reason=reason[:200])

    async def _to_person(self, started: Started, why: Instead, summary: str = "") -> None:
        await self._insist(started, lambda: self._commit_handoff(started, why, summary))
        await self.announce(started)

    async def _commit_handoff(self, started: Started, why: Instead, summary: str) -> bool:
        async with self._store.transaction() as transaction:
            conversation = await self.still_ours(transaction, started)
            if conversation is not None:
                reply_to = started.message.id
                handoff = Handoff(why.reason, summary)
                limited = await self._handoffs.limit_reached(transaction, conversation, handoff)
                # Promise a person only if the handoff will happen.
                said = why.limited if limited else why.said
                await self._writer.system(transaction, conversation, said, reply=InReply(reply_to, 0))
                if not limited:
                    by = By("system", why.transition)
                    await self._handoffs.hand_off(
                        transaction, conversation, handoff, by, reply=InReply(reply_to, 1)
                    )
                await self.close(transaction, started, conversation, why.outcome)
        return False

    async def leave_to_people(self, started: Started, summary: str) -> None:
        """Put the conversation into the queue, without a word to the contact: no automatic answer may go out."""
        async with self._store.transaction() as transaction:
            conversation = await self.still_ours(transaction, started)
            if conversation is not None:
                handoff, by = Handoff("unsure", summary), By("system", "unsure")
                await self._handoffs.enqueue(transaction, conversation, handoff, by)
                await self.close(transaction, started, conversation, "handed_off")
        await self.announce(started)

    async def by_desk(
        self, started: Started, name: str, variables: Mapping[str, object] | None = None
    ) -> None:
        """Answer with one of the desk's own messages, without the bot."""
        async with self._store.transaction() as transaction:
            conversation = await self.still_ours(transaction, started)
            if conversation is not None:
                await self._writer.system(
                    transaction, conversation, name, variables, reply=InReply(started.message.id, 0)
                )
                await self.close(transaction, started, conversation, "answered")
        await self.announce(started)

    async def by_desk_told(self, started: Started, told: Told) -> None:
        """Answer without the bot, with what somebody is told of a rumour."""
        async with self._store.transaction() as transaction:
            conversation = await self.still_ours(transaction, started)
            if conversation is not None:
                await self._tell(transaction, conversation, InReply(started.message.id, 0), told)
                await self.close(transaction, started, conversation, "answered")
        await self.announce(started)

    async def _tell(
        self, transaction: Executor, conversation: Conversation, reply: InReply, told: Told
    ) -> None:
        new = NewMessage("system", told.composed, told.language, reply)
        await told.record(transaction, await self._writer.say(transaction, conversation, new))

    async def confirm_stop(self, started: Started) -> None:
        """Confirm that no more messages will come, and say nothing else."""
        async with self._store.transaction() as transaction:
            conversation = await self.still_ours(transaction, started)
            if conversation is not None:
                await self._writer.confirm_stop(
                    transaction, conversation, reply=InReply(started.message.id, 0)
                )
                await self.close(transaction, started, conversation, "answered")
        await self.announce(started)

    async def still_ours(self, transaction: Executor, started: Started) -> Conversation | None:
        """The conversation as it is now; None, and the turn is closed as dropped, if its owner has changed since."""
        before = started.conversation
        if not await renew(transaction, before.contact_id, started.token, self._lease):
            log.warning("lease_lost", message=str(started.message.id))
            return None
        now = await conversations.get_by_id(transaction, before.id)
        # The fence grows with every change of owner. An agent's own conversation may change its state under one fence.
        if now is not None and now.fence == before.fence and (now.state == "bot") == (before.state == "bot"):
            return now
        log.info("answer_dropped", message=str(started.message.id), conversation=str(before.id))
        await self.close(transaction, started, before, "dropped")
        return None

    async def close(
        self,
        transaction: Executor,
        started: Started,
        conversation: Conversation,
        outcome: Outcome,
        answer: TurnAnswer | None = None,
    ) -> None:
        """Record the turn, with what the bot understood if it was asked."""
        await turns.add_turn(
            transaction,
            started.message.id,
            conversation.id,
            conversation.fence,
            outcome,
            event_id=started.event.id,
            **(_understood(answer) if answer else {}),
        )

    async def in_language(
        self, transaction: Executor, started: Started, conversation: Conversation, language: str | None
    ) -> Conversation:
        if not language or self._writer.catalog.supported(language) != language:
            return conversation
        # Usually all three are set already; contact and message cannot have changed under this lease.
        if conversation.language != language:
            await conversations.set_language(transaction, conversation.id, language)
        if started.contact.language != language:
            await contacts.set_language(transaction, conversation.contact_id, language)
        if started.message.language != language:
            await messages.set_language(transaction, started.message.id, language)
        return replace(conversation, language=language)

    async def _replies(
        self,
        transaction: Executor,
        started: Started,
        conversation: Conversation,
        answer: TurnAnswer,
        told: Told | None,
    ) -> int:
        to, cut = started.message.id, ("too_long",) if started.question.cut else ()
        names = (*cut, *started.question.notices)
        for index, name in enumerate(names):
            await self._writer.system(transaction, conversation, name, reply=InReply(to, index))
        said, replies = len(names), await self._handoffs.without_promise(transaction, conversation, answer)
        if told is not None:
            await self._tell(transaction, conversation, InReply(to, said), told)
            said += 1
        if self._mentions is not None:
            said, replies = await self._mentions.say(transaction, conversation, InReply(to, said), replies)
        return await self.say_replies(transaction, started, conversation, replies, said)

    async def say_replies(
        self,
        transaction: Executor,
        started: Started,
        conversation: Conversation,
        replies: Sequence[Reply],
        said: int,
    ) -> int:
        """Write the bot's replies after `said` others to this message; returns how many there are then."""
        reply_to = started.message.id
        language = self._writer.catalog.supported(conversation.language)
        today = self._clock().astimezone(self._city.zone).date()
        for reply in replies:
            composed = self._writer.catalog.compose(reply, language, today=today, inbox=conversation.inbox)
            extra = {"asks_location": True} if reply.response in ASKS_LOCATION else {}
            spoken = reply.language or language
            new = NewMessage(
                "bot", composed, spoken, InReply(reply_to, said), extra=extra, report=reply.report
            )
            await self._writer.say(transaction, conversation, new)
            said += 1
        return said

    async def _hand_off(
        self,
        transaction: Executor,
        started: Started,
        conversation: Conversation,
        answer: TurnAnswer,
        said: int,
    ) -> Outcome:
        handoff = next((one for one in answer.directives if isinstance(one, Handoff)), None)
        if handoff is None:
            return "answered"
        now = await self._handoffs.hand_off(
            transaction,
            conversation,
            handoff,
            By("bot", handoff.reason),
            topic=self._handoffs.topics.named(answer),
            reply=InReply(started.message.id, said),
        )
        return "handed_off" if now.state != "bot" else "answered"

    async def announce(self, started: Started, *, filed: bool = False) -> None:
        """After the commit: wake what has work now, and tell the windows."""
        pushed = self._writer.pushes(started.conversation.inbox)
        self._committed(Committed(items=pushed, requests=filed))
        await self._live.tell(started.conversation.contact_id, started.conversation.id, "message")


def _in_danger(answer: TurnAnswer) -> bool:
    return any(isinstance(one, Handoff) and one.urgency for one in answer.directives)


def _understood(answer: TurnAnswer) -> dict[str, Any]:
    parse = sanitize_mapping(dict(answer.parse))
    return {"intent": answer.intent, "confidence": answer.confidence, "parse": parse}
