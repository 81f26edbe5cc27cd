"""Hands a conversation off to a person when an answer cannot be delivered, so that the citizen is not
ignored."""

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
    """For a message refused, at once or later, because of its content and not because of its recipient."""

    def __init__(self, handoffs: Handoffs, announcer: Announcer, clock: Clock) -> None:
        self._handoffs = handoffs
        self._announcer = announcer
        self._clock = clock

    async def hand_over(self, transaction: Executor, message: Message) -> None:
        """bot -> queued, unless someone else has the conversation by now. Call it first in a transaction,
        because contacts are locked before their rows."""
        if message.author not in ("bot", "system"):
            return  # an agent sees it in the conversation
        contact = await contacts.lock(transaction, message.contact_id)
        if contact is None or blocked(contact, self._clock()):
            return  # an agent's message would not arrive either
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
    """Build one with its own parts, for a process that writes no other messages."""
    return Undelivered(Handoffs(city, writer, clock), Announcer(store, live, writer), clock)
