"""Messages: the log of a contact, in order, without gaps."""

from uuid import UUID

from desk.model import Message
from desk.store.pool import Executor


async def after(executor: Executor, contact_id: UUID, seq: int, limit: int = 200) -> list[Message]:
    """The messages of a contact with a number above `seq`, in order."""
    raise NotImplementedError


async def of_conversation(executor: Executor, conversation_id: UUID) -> list[Message]:
    """The transcript of one conversation, in order."""
    raise NotImplementedError


async def statuses(executor: Executor, contact_id: UUID) -> dict[str, str]:
    """Status by client id of the contact's recent own messages."""
    raise NotImplementedError
