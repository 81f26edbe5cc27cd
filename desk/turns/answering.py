"""Answering: the second transaction of a turn. What the bot decided becomes messages, requests and a handoff at once."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from uuid import UUID, uuid5

import structlog

from city import City
from city.routes import Routes
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import (
    By,
    Clock,
    Contact,
    Conversation,
    Event,
    FileRequest,
    Handoff,
    InReply,
    Message,
    NewMessage,
    Outcome,
    TurnAnswer,
)
from desk.runtime.live import Live
from desk.runtime.sanitize import sanitize_mapping
from desk.store import media, requests
from desk.store.dialogue import conversations, messages, turns
from desk.store.leases import Token, renew
from desk.store.people import contacts
from desk.store.pool import Executor, Store
from desk.turns.question import Question

log = structlog.get_logger("turns")

ASKS_LOCATION = frozenset({"utter_ask_report_location", "utter_ask_report_location_detail"})
"""Responses that a channel with a control for places shows it under."""


@dataclass(frozen=True, slots=True)
class Started:
    """A turn under way: its message is in the log, and `token` is the lease on its contact."""

    event: Event
    message: Message
    contact: Contact
    conversation: Conversation
    question: Question
    token: Token


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit left to do: something to send to a provider, something to file with a back end."""

    items: bool
    requests: bool


class Answering:
    """Commits what was decided, under the fence: if a person has taken over meanwhile, it is dropped.

    `committed` is called after a commit that gave the filer or delivery of this process something to do.
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
    ) -> None:
        self._store = store
        self._live = live
        self._city = city
        self._routes = routes
        self._writer = writer
        self._handoffs = handoffs
        self._clock = clock
        self._committed = committed
        self._lease = lease

    async def answer(self, started: Started, answer: TurnAnswer, took_ms: int) -> None:
        """The bot answered."""
        filed = False
        async with self._store.transaction() as transaction:
            conversation = await self._still_ours(transaction, started)
            if conversation is not None:
                conversation = await self._in_language(transaction, started, conversation, answer.language)
                said = await self._replies(transaction, started, conversation, answer)
                filed = await self._file(transaction, started, answer)
                outcome = await self._hand_off(transaction, started, conversation, answer, said)
                await turns.add_turn(
                    transaction,
                    started.message.id,
                    conversation.id,
                    conversation.fence,
                    outcome,
                    intent=answer.intent,
                    confidence=answer.confidence,
                    parse=sanitize_mapping(dict(answer.parse)),
                    took_ms=took_ms,
                    event_id=started.event.id,
                )
        await self._announce(started, filed=filed)

    async def give_up(self, started: Started, reason: str, summary: str = "") -> None:
        """No answer is to be had: an apology, and a person, who sees the summary."""
        async with self._store.transaction() as transaction:
            conversation = await self._still_ours(transaction, started)
            if conversation is not None:
                reply_to = started.message.id
                handoff = Handoff("failed", summary)
                limited = await self._handoffs.limit_reached(transaction, conversation, handoff)
                # A person is promised only where one will come.
                apology = "bot_failed_limited" if limited else "bot_failed"
                await self._writer.system(transaction, conversation, apology, reply=InReply(reply_to, 0))
                if not limited:
                    await self._handoffs.hand_off(
                        transaction,
                        conversation,
                        handoff,
                        By("system", "bot_failed"),
                        reply=InReply(reply_to, 1),
                    )
                await self._close(transaction, started, conversation, "failed")
                log.warning("turn_failed", message=str(reply_to), reason=reason[:200])
        await self._announce(started)

    async def by_desk(
        self, started: Started, name: str, variables: Mapping[str, object] | None = None
    ) -> None:
        """The desk knows the answer itself: one of its own messages."""
        async with self._store.transaction() as transaction:
            conversation = await self._still_ours(transaction, started)
            if conversation is not None:
                await self._writer.system(
                    transaction, conversation, name, variables, reply=InReply(started.message.id, 0)
                )
                await self._close(transaction, started, conversation, "answered")
        await self._announce(started)

    async def _still_ours(self, transaction: Executor, started: Started) -> Conversation | None:
        before = started.conversation
        if not await renew(transaction, before.contact_id, started.token, self._lease):
            log.warning("lease_lost", message=str(started.message.id))
            return None
        now = await conversations.get_by_id(transaction, before.id)
        if now is not None and now.state == "bot" and now.fence == before.fence:
            return now
        log.info("answer_dropped", message=str(started.message.id), conversation=str(before.id))
        await self._close(transaction, started, before, "dropped")
        return None

    async def _close(
        self, transaction: Executor, started: Started, conversation: Conversation, outcome: Outcome
    ) -> None:
        await turns.add_turn(
            transaction,
            started.message.id,
            conversation.id,
            conversation.fence,
            outcome,
            event_id=started.event.id,
        )

    async def _in_language(
        self, transaction: Executor, started: Started, conversation: Conversation, language: str | None
    ) -> Conversation:
        if not language or self._writer.catalog.supported(language) != language:
            return conversation
        # Mostly all three are known already; the contact and the message are as they were read under this lease.
        if conversation.language != language:
            await conversations.set_language(transaction, conversation.id, language)
        if started.contact.language != language:
            await contacts.set_language(transaction, conversation.contact_id, language)
        if started.message.language != language:
            await messages.set_language(transaction, started.message.id, language)
        return replace(conversation, language=language)

    async def _replies(
        self, transaction: Executor, started: Started, conversation: Conversation, answer: TurnAnswer
    ) -> int:
        reply_to = started.message.id
        said = 0
        if started.question.cut:
            await self._writer.system(transaction, conversation, "too_long", reply=InReply(reply_to, 0))
            said = 1
        if notice := started.question.photo_notice:
            await self._writer.system(transaction, conversation, notice, reply=InReply(reply_to, said))
            said += 1
        language = self._writer.catalog.supported(conversation.language)
        today = self._clock().astimezone(self._city.zone).date()
        for reply in answer.replies:
            composed = self._writer.catalog.compose(reply, language, today=today)
            extra = {"asks_location": True} if reply.response in ASKS_LOCATION else {}
            new = NewMessage("bot", composed, language, InReply(reply_to, said), extra=extra)
            await self._writer.say(transaction, conversation, new)
            said += 1
        return said

    async def _file(self, transaction: Executor, started: Started, answer: TurnAnswer) -> bool:
        wanted = [one for one in answer.directives if isinstance(one, FileRequest)]
        for place, directive in enumerate(wanted):
            contact_id = started.conversation.contact_id
            own = await media.list_of_contact(transaction, contact_id, _uuids(directive.media))
            checked = replace(directive, media=tuple(str(one.id) for one in own))
            await requests.add_request(
                transaction,
                # Made from the message: a turn that runs twice records the same request.
                id=uuid5(started.message.id, f"file:{place}"),
                conversation_id=started.conversation.id,
                contact_id=contact_id,
                backend=self._routes.of(checked.service_code).backend,
                service_code=checked.service_code,
                payload=sanitize_mapping(asdict(checked)),
                now=self._clock(),
            )
        return bool(wanted)

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
            topic=answer.intent,
            reply=InReply(started.message.id, said),
        )
        return "handed_off" if now.state != "bot" else "answered"

    async def _announce(self, started: Started, *, filed: bool = False) -> None:
        pushed = self._writer.pushes(started.conversation.inbox)
        self._committed(Committed(items=pushed, requests=filed))
        await self._live.tell(started.conversation.contact_id, started.conversation.id, "message")


def _uuids(ids: tuple[str, ...]) -> list[UUID]:
    found = []
    for one in ids:
        try:
            found.append(UUID(one))
        except ValueError:
            log.warning("media_id_unreadable")
    return found
