"""Turns of contacts who wait for an agent or have one: every message is acknowledged, and anybody can leave.

While the conversation is in the queue, each message is acknowledged with the place, a clear question is also answered
by the bot, and a request to leave returns the conversation to the bot. Once an agent has it, only that request
is acted on. Nothing here changes the position in the queue, and fencing applies as for every answer: if the
bot answers after an agent took the conversation, the answer is dropped.
"""

from dataclasses import replace

import structlog

from city import City
from desk.conversations.handoffs import Handoffs
from desk.conversations.holds import Holds
from desk.conversations.messages import MessageWriter
from desk.model import (
    By,
    Clock,
    Composed,
    Conversation,
    Handoff,
    InReply,
    NewMessage,
    ReceivedMessage,
    TurnAnswer,
    WhileWaiting,
)
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.inbound import events
from desk.store.pool import Executor, Store
from desk.turns.answering import Answering
from desk.turns.asking import Asking
from desk.turns.bot_client import BotError
from desk.turns.leaving import holding, leaving
from desk.turns.question import Question, Started

log = structlog.get_logger("turns")

LEAVE_BUTTONS = frozenset({"cancel_handoff", "back_to_bot"})
HOLD_BUTTON = "hold_place"
NOTED = ("waiting_noted_1", "waiting_noted_2", "waiting_noted_3", "waiting_noted_4")
_CHOSEN = "choose_answer"
_STAY = WhileWaiting("stay")


def concerns_bot(conversation: Conversation, question: Question, received: ReceivedMessage) -> bool:
    """Whether a message in a conversation that the bot does not own needs an answer of ours."""
    # `quiet`: no automatic answer may go out, as to a mail that was written by a program.
    if question.stops or received.thread.get("quiet"):
        return False
    if conversation.state == "queued":
        return True
    return conversation.state in ("assigned", "waiting_on_contact") and _wants_out(question) is not None


class Waiting:
    """Built once by the worker."""

    def __init__(
        self,
        store: Store,
        live: Live,
        city: City,
        writer: MessageWriter,
        handoffs: Handoffs,
        asking: Asking,
        answering: Answering,
        clock: Clock,
        holds: Holds,
    ) -> None:
        self._store = store
        self._live = live
        self._city = city
        self._writer = writer
        self._handoffs = handoffs
        self._asking = asking
        self._answering = answering
        self._clock = clock
        self._holds = holds

    async def take(self, started: Started) -> None:
        """Acknowledge the message, answer it, or take the contact out of the queue."""
        wish = _wants_out(started.question)
        if started.conversation.state != "queued":
            await (self._leave(started) if wish == "ending" else self._ask_whether_to_end(started))
            return
        if wish is not None:
            await self._leave(started)
            return
        if await self._hold(started):
            return
        answer, asked = await self._ask_bot(started)
        if asked.wish == "leave":
            await self._leave(started)
        else:
            await self._stay(started, answer, asked)

    async def _hold(self, started: Started) -> bool:
        """Whether it was the wish to be written to, or the address for it."""
        question = started.question
        wished = question.intent == HOLD_BUTTON or (
            question.kind == "text" and not question.edited and holding(question.text)
        )
        if not wished and "@" not in question.text:
            return False
        async with self._store.transaction() as transaction:
            conversation = await self._answering.still_ours(transaction, started)
            if conversation is None:
                return True
            reply = InReply(started.message.id, 0)
            if wished:
                await self._holds.hold(transaction, conversation, reply)
            elif not await self._holds.keep_address(transaction, conversation, question.text, reply):
                return False
            await self._answering.close(transaction, started, conversation, "answered")
        await self._answering.announce(started)
        return True

    async def note(self, started: Started) -> None:
        """Only acknowledge: whatever failed, a person will read the message in the conversation."""
        await self._stay(started, None, _STAY)

    async def _ask_bot(self, started: Started) -> tuple[TurnAnswer | None, WhileWaiting]:
        """Ask the bot. If the bot does not answer, the message is acknowledged anyway."""
        question = started.question
        readable = question.kind == "text" and question.text and not (question.edited or question.gone)
        if not readable and question.intent != _CHOSEN:
            return None, _STAY
        try:
            answer, _ = await self._asking.ask(started)
        except BotError as error:
            log.warning("not_answered_meanwhile", message=str(started.message.id), error=type(error).__name__)
            return None, _STAY
        wish = next((one for one in answer.directives if isinstance(one, WhileWaiting)), None)
        # A bot of the previous release does not know these turns, and has answered as if it owned the conversation.
        return (answer, wish) if wish is not None else (None, _STAY)

    async def _stay(self, started: Started, answer: TurnAnswer | None, wish: WhileWaiting) -> None:
        async with self._store.transaction() as transaction:
            conversation = await self._answering.still_ours(transaction, started)
            if conversation is None:
                return
            dangers = [one for one in answer.directives if isinstance(one, Handoff)] if answer else []
            for danger in dangers:
                await self._handoffs.mark_urgent(transaction, conversation, danger)
            if answer is not None and self._writer.catalog.assistant_stopped and not dangers:
                answer = replace(answer, replies=())
            wished = self._writer.catalog.offered(wish.language)
            conversation = await self._answering.in_language(transaction, started, conversation, wished)
            said = await self._notice(transaction, started, conversation)
            if self._writer.catalog.offered(started.question.language) or (
                wished and answer is not None and not answer.replies
            ):
                await self._writer.system(
                    transaction, conversation, "language_set", reply=InReply(started.message.id, said)
                )
            elif answer is not None and answer.replies:
                await self._meanwhile(transaction, started, conversation, answer, said)
            elif wish.wish == "place":
                await self._handoffs.tell_place(
                    transaction, conversation, reply=InReply(started.message.id, said)
                )
            elif not await events.is_followed(transaction, conversation.contact_id, started.event.id):
                # Several messages in a row are acknowledged together, with the last.
                await self._acknowledge(transaction, started, conversation, said)
            await self._answering.close(transaction, started, conversation, "answered", answer)
        await self._answering.announce(started)

    async def _notice(self, transaction: Executor, started: Started, conversation: Conversation) -> int:
        said = 0
        for said, notice in enumerate(started.question.notices, 1):
            reply = InReply(started.message.id, said - 1)
            await self._writer.system(transaction, conversation, notice, reply=reply)
        return said

    async def _meanwhile(
        self,
        transaction: Executor,
        started: Started,
        conversation: Conversation,
        answer: TurnAnswer,
        said: int,
    ) -> None:
        catalog = self._writer.catalog
        language = catalog.supported(conversation.language)
        today = self._clock().astimezone(self._city.zone).date()
        composed = [catalog.compose(reply, language, today=today) for reply in answer.replies]
        prefix = catalog.system("waiting_meanwhile", language).text
        composed[0] = replace(composed[0], text=f"{prefix}\n\n{composed[0].text}")
        composed[-1] = replace(
            composed[-1], buttons=(*composed[-1].buttons, *catalog.system(NOTED[0], language).buttons)
        )
        for index, one in enumerate(composed, said):
            new = NewMessage("bot", one, language, InReply(started.message.id, index))
            await self._writer.say(transaction, conversation, new)

    async def _acknowledge(
        self, transaction: Executor, started: Started, conversation: Conversation, said: int
    ) -> None:
        catalog = self._writer.catalog
        language = catalog.supported(conversation.language)
        count = await messages.count_since(transaction, conversation.id, conversation.queued_at)
        noted = catalog.system(NOTED[max(count - 1, 0) % len(NOTED)], language)
        place = await self._handoffs.places.said(transaction, conversation, "reminder")
        composed = Composed(f"{noted.text} {place.text}", noted.buttons)
        new = NewMessage("system", composed, language, InReply(started.message.id, said))
        await self._writer.say(transaction, conversation, new)

    async def _ask_whether_to_end(self, started: Started) -> None:
        async with self._store.transaction() as transaction:
            conversation = await self._answering.still_ours(transaction, started)
            if conversation is not None:
                await self._writer.system(
                    transaction, conversation, "leave_agent_ask", reply=InReply(started.message.id, 0)
                )
                await self._answering.close(transaction, started, conversation, "answered")
        await self._answering.announce(started)

    async def _leave(self, started: Started) -> None:
        """Give the conversation back to the bot, which continues an unfinished report."""
        answer = await self._back(started)
        with_agent = started.conversation.state != "queued"
        async with self._store.transaction() as transaction:
            before = await self._answering.still_ours(transaction, started)
            if before is None:
                return
            moved = await conversations.hand_back(transaction, before.id, By("contact", "cancelled"))
            if moved is None:
                await self._answering.close(transaction, started, before, "dropped")
                return
            said = 0
            goes_on = answer is not None and answer.form is not None
            if with_agent or not goes_on:
                name = "left_agent" if with_agent else "back_with_bot"
                await self._writer.system(transaction, moved, name, reply=InReply(started.message.id, said))
                said = 1
            if answer is not None and goes_on:
                await self._answering.say_replies(transaction, started, moved, answer.replies, said)
            await self._answering.close(transaction, started, moved, "answered")
        await self._answering.announce(started)
        await self._live.tell(started.contact.id, started.conversation.id, "owner")

    async def _back(self, started: Started) -> TurnAnswer | None:
        """The bot's reply to somebody who comes back; None if it does not answer: then the desk replies."""
        back = replace(
            started,
            question=Question(started.question.text, {}, "payload", "back_to_bot"),
            conversation=replace(started.conversation, state="bot"),
        )
        try:
            answer, _ = await self._asking.ask(back)
        except BotError as error:
            log.warning("bot_not_back", message=str(started.message.id), error=type(error).__name__)
            return None
        return answer


def _wants_out(question: Question) -> str | None:
    if question.edited:
        return None
    if question.intent in LEAVE_BUTTONS:
        return "ending"
    return leaving(question.text) if question.kind == "text" else None
