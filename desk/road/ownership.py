"""Ownership: what agents do with a conversation. Each is ONE transaction, told live after its commit.

All raise NotFound, NotAllowed or WrongState; `claim` also AlreadyClaimed(by).
"""

from uuid import UUID

from city import City
from desk.answers.catalog import Catalog
from desk.model import Actor, Clock, Conversation, Message
from desk.road.live import Live
from desk.store.pool import Store


class Ownership:
    """Built once by the console's composition root."""

    def __init__(self, store: Store, live: Live, city: City, catalog: Catalog, clock: Clock) -> None:
        raise NotImplementedError

    async def claim(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """queued (or bot) -> assigned. Exactly one wins; claiming again what one has is no error."""
        raise NotImplementedError

    async def reply(self, actor: Actor, conversation_id: UUID, text: str, client_id: str) -> Message:
        """The agent's words to the citizen -> waiting_on_contact. The same `client_id` again is the same message."""
        raise NotImplementedError

    async def hand_back(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """-> bot."""
        raise NotImplementedError

    async def release(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """assigned -> queued, at its old place."""
        raise NotImplementedError

    async def resolve(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """-> resolved; the citizen's next message opens a new conversation."""
        raise NotImplementedError

    async def reopen(self, actor: Actor, conversation_id: UUID) -> Conversation:
        """resolved -> queued, unless the contact has a newer open one (WrongState)."""
        raise NotImplementedError

    async def cancel_handoff(self, contact_id: UUID) -> Conversation | None:
        """The citizen no longer waits for a person: queued -> bot. None when nothing was queued."""
        raise NotImplementedError
