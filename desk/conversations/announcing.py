"""Announcing: something was put into a log outside a turn. Whoever shows or sends it hears of it after the commit."""

from desk.conversations.messages import MessageWriter
from desk.model import Conversation
from desk.runtime.live import Live
from desk.store.pool import Store


class Announcer:
    """Built once."""

    def __init__(self, store: Store, live: Live, writer: MessageWriter) -> None:
        self._store = store
        self._live = live
        self._writer = writer

    def added(self, conversation: Conversation) -> None:
        """To be called inside `store.transaction()`: tells the contact's window, and wakes who sends to a provider."""
        self._store.after_commit(lambda: self._live.tell(conversation.contact_id, conversation.id, "message"))
        if self._writer.pushes(conversation.inbox):
            self._store.after_commit(lambda: self._live.wake_workers(items=True))
