"""Tags of a conversation."""

from uuid import UUID

from desk.conversations.ownership import Ownership
from desk.model import Actor, NotFound
from desk.store.replies import tags


class Tagging:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership

    async def add(self, actor: Actor, conversation_id: UUID, tag: str) -> None:
        """Give a tag of the list. Raises NotFound for another word."""
        async with self._ownership.acting(actor, conversation_id, "tag", tag=tag[:80]) as (transaction, _):
            if not await tags.add_to_conversation(transaction, conversation_id, tag, actor.agent_id):
                raise NotFound("There is no such tag. A supervisor can add it to the list.")

    async def remove(self, actor: Actor, conversation_id: UUID, tag: str) -> None:
        """Take a tag away; one that is not there is no error."""
        async with self._ownership.acting(actor, conversation_id, "untag", tag=tag[:80]) as (transaction, _):
            await tags.delete_from_conversation(transaction, conversation_id, tag)
