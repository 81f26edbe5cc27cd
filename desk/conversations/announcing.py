"""Announces messages that were added outside a turn, after the commit, to windows and to delivery."""

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
        """Call it inside `store.transaction()`: notifies the contact's window and wakes delivery after the
        commit."""
        self._store.after_commit(lambda: self._live.tell(conversation.contact_id, conversation.id, "message"))
        if self._writer.pushes(conversation.inbox):
            self._store.after_commit(lambda: self._live.wake_workers(items=True))

    def moved(self, conversation: Conversation) -> None:
        """Call it inside `store.transaction()`: something about its owner, or an offer of it, has changed."""
        self._store.after_commit(lambda: self._live.tell(conversation.contact_id, conversation.id, "owner"))

    def present(self) -> None:
        """Call it inside `store.transaction()`: somebody's presence has changed."""
        self._store.after_commit(lambda: self._live.tell_console("presence"))
