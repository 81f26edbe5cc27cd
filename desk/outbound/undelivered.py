"""Undelivered: an answer that will never reach its citizen. A person gets the conversation, so that it is not silence."""

from city import City
from desk.conversations.announcing import Announcer
from desk.conversations.handoffs import Handoffs
from desk.conversations.messages import MessageWriter
from desk.model import By, Clock, Handoff, Message
from desk.outbound.reply_window import blocked
from desk.runtime.live import Live
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Executor, Store


class Undelivered:
    """For a message that was refused, at once or later, for what it is and not for whom it is to."""

    def __init__(self, handoffs: Handoffs, announcer: Announcer, clock: Clock) -> None:
        self._handoffs = handoffs
        self._announcer = announcer
        self._clock = clock

    async def hand_over(self, transaction: Executor, message: Message) -> None:
        """bot -> queued, if nobody else has the conversation by now. To be called first in its transaction: contacts
        are locked before anything of theirs."""
        if message.author not in ("bot", "system"):
            return  # an agent sees it in the conversation
        contact = await contacts.lock(transaction, message.contact_id)
        if contact is None or blocked(contact, self._clock()):
            return  # nothing that a person writes gets there either
        conversation = await conversations.get_by_id(transaction, message.conversation_id)
        if conversation is None or conversation.state != "bot":
            return
        handoff = Handoff(
            "failed", "An answer could not be delivered. The conversation shows which, and why."
        )
        await self._handoffs.hand_off(transaction, conversation, handoff, By("system", "undelivered"))
        self._announcer.added(conversation)


def build_undelivered(
    store: Store, live: Live, city: City, writer: MessageWriter, clock: Clock
) -> Undelivered:
    """With parts of its own, for a process that writes into no conversation otherwise."""
    return Undelivered(Handoffs(city, writer, clock), Announcer(store, live, writer), clock)
