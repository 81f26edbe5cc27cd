"""Appending: the first transaction of a turn. What was accepted becomes exactly one message of the contact's log."""

from collections.abc import Mapping

from channels.base import Capabilities
from desk.model import By, Contact, Conversation, Event
from desk.road.answering import Started
from desk.road.leases import LeaseLost
from desk.road.live import Live
from desk.road.question import Question, read_album, read_choice, read_plainly, read_question
from desk.road.speech import Speech
from desk.store import conversations, events, messages
from desk.store.leases import Token, renew
from desk.store.pool import Executor, Store


class Appending:
    """Built once by the worker; `lease` is in seconds."""

    def __init__(
        self,
        store: Store,
        live: Live,
        speech: Speech,
        capabilities: Mapping[str, Capabilities],
        lease: float,
    ) -> None:
        self._store = store
        self._live = live
        self._speech = speech
        self._capabilities = capabilities
        self._lease = lease

    async def append(self, event: Event, token: Token, *, plainly: bool = False) -> Started | None:
        """None when nothing is left for the bot to do. `plainly`: read no more of the event than its words.

        Raises LeaseLost."""
        async with self._store.transaction() as transaction:
            contact = await renew(transaction, event.contact_id, token, self._lease)
            if contact is None:
                raise LeaseLost
            # An event that is only received has no message: whoever writes it has this lease and marks the event with it.
            message = await messages.of_event(transaction, event.id) if event.state != "received" else None
            conversation = (
                await conversations.get(transaction, message.conversation_id)
                if message is not None
                else await self._open(transaction, contact)
            )
            assert conversation is not None  # its messages would have gone with it
            question = (
                read_plainly(contact, event.payload)
                if plainly
                else await self._read(transaction, contact, conversation, event)
            )
            # While another app has the thread, ours listens and is silent.
            ours = conversation.state == "bot" and contact.routed_away_at is None and not question.unfinished
            if message is None:
                message = await messages.receive(
                    transaction, conversation, event.id, question.text, question.content, answer=ours
                )
            else:
                await conversations.heard(transaction, conversation.id)
                await (events.appended if ours else events.done)(transaction, event.id)
            if not ours:
                await self._for_people(transaction, conversation, question)
        await self._live.tell(contact.id, conversation.id, "message")
        return Started(event, message, contact, conversation, question, token) if ours else None

    async def _open(self, transaction: Executor, contact: Contact) -> Conversation:
        language = self._speech.catalog.supported(contact.language)
        return await conversations.open_of(transaction, contact.id) or await conversations.create(
            transaction, contact, language
        )

    async def _read(
        self, transaction: Executor, contact: Contact, conversation: Conversation, event: Event
    ) -> Question:
        question = await read_question(transaction, contact, conversation, event.payload)
        question = await read_album(transaction, contact, conversation, question, event.id)
        capabilities = self._capabilities.get(contact.inbox)
        return await read_choice(transaction, contact, conversation, question, event.id, capabilities)

    async def _for_people(
        self, transaction: Executor, conversation: Conversation, question: Question
    ) -> None:
        # The button under "a person will answer you" works while nobody has taken the conversation.
        if question.intent == "cancel_handoff" and conversation.state == "queued":
            moved = await conversations.to_bot(transaction, conversation.id, By("contact", "cancelled"))
            if moved:
                await self._speech.system(transaction, moved, "back_with_bot")
