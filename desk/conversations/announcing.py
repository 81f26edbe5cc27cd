"""Said: something was put into a log outside a turn. Whoever shows or carries it hears of it after the commit."""

from desk.conversations.messages import MessageWriter
from desk.model import Conversation
from desk.runtime.live import Live
from desk.store.pool import Store


def said(store: Store, live: Live, writer: MessageWriter, conversation: Conversation) -> None:
    """To be called inside `store.transaction()`: tells the citizen's window, and wakes who sends to a provider."""
    store.after_commit(lambda: live.tell(conversation.contact_id, conversation.id, "message"))
    if writer.pushes(conversation.inbox):
        store.after_commit(lambda: live.wake_workers(items=True))
