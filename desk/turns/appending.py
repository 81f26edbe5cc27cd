"""The first transaction of a turn: an accepted event becomes exactly one message in the contact's log."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import structlog

from channels.base import Capabilities
from desk.conversations.deletions import hide_deleted
from desk.conversations.matters.merging import follow_merge
from desk.conversations.messages import MessageWriter
from desk.conversations.staff_lines import add_staff_line, is_our_own
from desk.model import Contact, Conversation, Event, Message
from desk.partners.consent import ConsentAnswers
from desk.people.identity.answers import Checked, IdentityAnswers
from desk.requests.telling.possession import Possession
from desk.routing.returning import Returning
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.inbound import events
from desk.store.leases import Token, renew
from desk.store.people import contacts
from desk.store.pool import Executor, Store
from desk.surveys.answer_ratings import AnswerRatings
from desk.surveys.answers import SurveyAnswers
from desk.surveys.closures import ClosureAnswers
from desk.turns.bot_client import BotError, Forgets
from desk.turns.leases import LeaseLost
from desk.turns.leaving import is_polite
from desk.turns.question import (
    Question,
    Started,
    read_album,
    read_choice,
    read_plainly,
    read_question,
    read_quoting,
)
from desk.turns.waiting import concerns_bot

log = structlog.get_logger("turns")


class UnreadableEvent(Exception):
    """The stored event cannot be read. This counts as a failed attempt; after the last one the operator is
    alerted."""


class Appending:
    """Built once by the worker; `lease` is in seconds."""

    def __init__(
        self,
        store: Store,
        live: Live,
        writer: MessageWriter,
        capabilities: Mapping[str, Capabilities],
        lease: float,
        returning: Returning,
        survey_answers: SurveyAnswers | None = None,
        bot: Forgets | None = None,
        identity: IdentityAnswers | None = None,
        consent: ConsentAnswers | None = None,
        closures: ClosureAnswers | None = None,
        ratings: AnswerRatings | None = None,
        possession: Possession | None = None,
    ) -> None:
        self._store = store
        self._live = live
        self._writer = writer
        self._capabilities = capabilities
        self._lease = lease
        self._returning = returning
        self._survey_answers = survey_answers
        self._bot = bot
        self._identity = identity
        self._consent = consent
        self._closures = closures
        self._ratings = ratings
        self._possession = possession

    async def append(self, event: Event, token: Token, *, plainly: bool = False) -> Started | None:
        """Append the event's message. None if there is nothing for the bot to do. `plainly`: read only the
        text.

        Raises LeaseLost, and UnreadableEvent for an event in a format that another release wrote."""
        if not event.readable:
            raise UnreadableEvent
        if event.received.kind in ("deletion", "staff"):
            await self._append_without_bot(event, token)
            return None
        async with self._store.transaction() as transaction:
            contact = await renew(transaction, event.contact_id, token, self._lease)
            if contact is None:
                raise LeaseLost
            # An event in state "received" has no message yet: both change together, under this lease.
            message = (
                await messages.get_of_event(transaction, event.id) if event.state != "received" else None
            )
            current = await conversations.get_open(transaction, contact.id) if message is None else None
            if message is None and not plainly and await self._rated(transaction, contact, event, current):
                return None
            conversation = (
                await conversations.get_by_id(transaction, message.conversation_id)
                if message is not None
                else current or await self._begin(transaction, contact, event)
            )
            assert conversation is not None  # its messages would have been deleted with it
            question = (
                read_plainly(contact, event.received)
                if plainly
                else await self._read(transaction, contact, conversation, event)
            )
            if language := self._writer.catalog.offered(question.language):
                await contacts.set_language(transaction, contact.id, language)
                await conversations.set_language(transaction, conversation.id, language)
                contact, conversation = (
                    replace(contact, language=language),
                    replace(conversation, language=language),
                )
            checked = await self._checked(transaction, conversation, question, event, message)
            if checked:
                question = replace(question, text=checked.text)
            # While another app has the thread, our bot records messages but does not answer.
            ours = (
                (conversation.state == "bot" or concerns_bot(conversation, question, event.received))
                and contact.routed_away_at is None
                and not (contact.quiet_until and await contacts.is_quiet(transaction, contact.id))
                and not question.unfinished
                and checked is None
            )
            if message is None:
                message = await messages.add_received(
                    transaction, conversation, event.id, question.text, question.content, answer=ours
                )
            else:
                await conversations.mark_contact_wrote(transaction, conversation.id)
                await (events.mark_appended if ours else events.mark_done)(transaction, event.id)
            if not ours:
                await self._tell_at_once(transaction, conversation, question)
            if checked:
                await self._writer.system(transaction, conversation, checked.said, checked.variables)
            if question.stops and not ours:
                await self._writer.confirm_stop(transaction, conversation)
        await self._live.tell(contact.id, conversation.id, "message")
        return Started(event, message, contact, conversation, question, token) if ours else None

    async def _append_without_bot(self, event: Event, token: Token) -> None:
        """What happens to a log and asks the bot nothing: a deleted message, or a line of staff's."""
        conversation: Conversation | None = None
        hidden: Mapping[UUID, UUID] = {}
        async with self._store.transaction() as transaction:
            contact = await renew(transaction, event.contact_id, token, self._lease)
            if contact is None:
                raise LeaseLost
            if event.received.kind == "deletion":
                hidden = await hide_deleted(transaction, contact, event)
                conversation = await conversations.get_open(transaction, contact.id)
            elif not await is_our_own(transaction, event):
                conversation = await self._open(transaction, contact, event)
                quoting = await read_quoting(transaction, contact, event.received)
                await add_staff_line(transaction, contact, conversation, event, quoting)
            await events.mark_done(transaction, event.id)
        await self._live.tell(event.contact_id, conversation.id if conversation else None, "message")
        await self._forget(hidden)

    async def _forget(self, hidden: Mapping[UUID, UUID]) -> None:
        """Have the bot forget the words of deleted messages. If it is away, its dialogue keeps them for a few turns
        more; what it says of them to agents is redacted all the same."""
        if self._bot is None:
            return
        for conversation_id in sorted(set(hidden.values())):
            ids = [message for message, one in hidden.items() if one == conversation_id]
            try:
                await self._bot.forget(conversation_id, ids)
            except BotError as error:
                log.warning("bot_keeps_deleted", conversation_id=str(conversation_id), error=str(error))

    async def _checked(
        self,
        transaction: Executor,
        conversation: Conversation,
        question: Question,
        event: Event,
        message: Message | None,
    ) -> Checked | None:
        """What becomes of the message, if it answers an identity check or the question of a transfer."""
        if message is not None:
            return None
        proven = event.received.proven and not event.received.thread.get("quiet")
        if self._consent is not None and not question.edited and not question.stops:
            consented = await self._consent.take(
                transaction,
                conversation,
                question.intent,
                question.entities,
                question.text,
                tapped=bool(event.received.button),
                proven=proven,
            )
            if consented is not None:
                return Checked(question.text, consented.said, dict(consented.variables))
        if self._closures is not None and not question.edited and not question.stops and proven:
            tapped = bool(event.received.button)
            said = await self._closures.take(
                transaction, conversation, question.intent, question.entities, question.text, tapped=tapped
            )
            if said is not None:
                return Checked(question.text, said.said, dict(said.variables))
        if self._possession is not None and not question.edited and not question.stops:
            shown = await self._possession.take(
                transaction,
                conversation,
                question.intent,
                question.entities,
                question.text,
                proven=proven,
            )
            if shown is not None:
                return Checked(shown.text, shown.said, dict(shown.variables))
        if self._ratings is not None and not question.edited:
            rated = await self._ratings.take(transaction, conversation, question.intent)
            if rated is not None:
                return Checked(question.text, rated, {})
            await self._ratings.note_missing(transaction, conversation, question.offered, event.id)
        if self._identity is None:
            return None
        return await self._identity.take(
            transaction, conversation, question.text, proven=event.received.proven
        )

    async def _rated(
        self, transaction: Executor, contact: Contact, event: Event, current: Conversation | None
    ) -> bool:
        """Whether the event answers the question how satisfied its author is. Only a tap, or the first message after a
        conversation, can: no other message costs a query for it."""
        if self._survey_answers is None or (current is not None and not event.received.button):
            return False
        return await self._survey_answers.take(transaction, contact, event, current)

    async def _open(self, transaction: Executor, contact: Contact, event: Event) -> Conversation:
        return await conversations.get_open(transaction, contact.id) or await self._begin(
            transaction, contact, event
        )

    async def _begin(self, transaction: Executor, contact: Contact, event: Event) -> Conversation:
        """A new conversation, or the last one again, if an agent resolved it a short time ago."""
        goes_on = _goes_on(event) and contact.routed_away_at is None
        if goes_on and (followed := await follow_merge(transaction, contact)):
            return followed
        if goes_on and (reopened := await self._returning.reopen(transaction, contact)):
            return reopened
        language = self._writer.catalog.supported(contact.language)
        return await conversations.add_conversation(transaction, contact, language)

    async def _read(
        self, transaction: Executor, contact: Contact, conversation: Conversation, event: Event
    ) -> Question:
        question = await read_question(transaction, contact, conversation, event.received)
        question = await read_album(transaction, contact, conversation, question, event.id)
        capabilities = self._capabilities.get(contact.inbox)
        return await read_choice(transaction, contact, conversation, question, event.id, capabilities)

    async def _tell_at_once(
        self, transaction: Executor, conversation: Conversation, question: Question
    ) -> None:
        """Tells the citizen urgent things at once, although an agent has the conversation."""
        if question.masked:
            await self._writer.system(transaction, conversation, "card_masked")
        if self._writer.catalog.offered(question.language):
            await self._writer.system(transaction, conversation, "language_set")


def _goes_on(event: Event) -> bool:
    """Whether what somebody wrote after their conversation was resolved is for the agent again. Buttons are the
    bot's; thanks, and what a program wrote, ask for nothing."""
    received = event.received
    if received.kind != "message" or received.button or received.stops or received.thread.get("quiet"):
        return False
    return not is_polite(received.text or "")
