"""Unheard: an answer that will never reach its citizen. A person gets the conversation, so that it is not silence."""

from city import City
from desk.model import By, Clock, Handoff, Message
from desk.road.handoff import hand_off
from desk.road.live import Live
from desk.road.said import said
from desk.road.speech import Speech
from desk.road.window import blocked
from desk.store import contacts, conversations
from desk.store.pool import Executor, Store


class Unheard:
    """For a message that was refused, at once or later, for what it is and not for whom it is to."""

    def __init__(self, store: Store, live: Live, city: City, speech: Speech, clock: Clock) -> None:
        self._store = store
        self._live = live
        self._city = city
        self._speech = speech
        self._clock = clock

    async def hand_over(self, transaction: Executor, message: Message) -> None:
        """bot -> queued, if nobody else has the conversation by now. To be called first in its transaction: contacts
        are locked before anything of theirs."""
        if message.author not in ("bot", "system"):
            return  # an agent sees it in the conversation
        contact = await contacts.lock(transaction, message.contact_id)
        if contact is None or blocked(contact, self._clock()):
            return  # nothing that a person writes gets there either
        conversation = await conversations.get(transaction, message.conversation_id)
        if conversation is None or conversation.state != "bot":
            return
        handoff = Handoff(
            "failed", "An answer could not be delivered. The conversation shows which, and why."
        )
        await hand_off(
            transaction,
            self._speech,
            self._city,
            conversation,
            handoff,
            By("system", "undelivered"),
            self._clock(),
        )
        said(self._store, self._live, self._speech, conversation)
