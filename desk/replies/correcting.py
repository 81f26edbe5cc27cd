"""An agent edits or withdraws a sent message, if the channel supports it."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from channels.base import Capabilities
from desk.conversations.ownership import Ownership
from desk.model import Actor, Clock, Message, NotFound, Refused
from desk.people.permissions import Permission, require
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import messages
from desk.store.pool import Executor
from desk.store.replies import corrections

LONGEST = 4_000
_NOT_YOURS = "Another agent wrote this message. Ask them, or a supervisor."


class Correcting:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership, capabilities: Mapping[str, Capabilities], clock: Clock) -> None:
        self._ownership = ownership
        self._capabilities = capabilities
        self._clock = clock

    async def change(self, actor: Actor, conversation_id: UUID, message_id: UUID, text: str) -> None:
        """Replace the text of a sent message. Raises NotFound or Refused."""
        kept = sanitize_text(text).strip()
        if not kept or len(kept) > LONGEST:
            raise Refused("bad_text", f"Write between 1 and {LONGEST} characters. Nothing was changed.")
        await self._keep(actor, conversation_id, message_id, "change", kept)

    async def withdraw(self, actor: Actor, conversation_id: UUID, message_id: UUID) -> None:
        """Take a sent message back. Raises NotFound or Refused."""
        await self._keep(actor, conversation_id, message_id, "withdraw", "")

    async def _keep(
        self, actor: Actor, conversation_id: UUID, message_id: UUID, kind: corrections.Kind, text: str
    ) -> None:
        async with self._ownership.acting(
            actor, conversation_id, f"{kind}_message", message=str(message_id)
        ) as (transaction, before):
            message = await _own(transaction, actor, conversation_id, message_id)
            can = self._capabilities.get(before.inbox)
            if kind == "change" and not (can and can.changes and may_change(message)):
                raise Refused("cannot", "This message cannot be changed on this channel. Write another one.")
            if kind == "withdraw" and not (can and can.withdraws):
                raise Refused("cannot", "This channel cannot take a message back. Write another one.")
            if message.withdrawn or message.status not in ("sent", "delivered", "read"):
                raise Refused(
                    "not_there", "This message has not been delivered, or has already been withdrawn."
                )
            if not await corrections.add_correction(
                transaction, uuid4(), message_id, kind, text, actor.agent_id, self._clock()
            ):
                raise Refused("waits", "A correction of this message is already being sent.")


def may_change(message: Message) -> bool:
    """Whether only words stand in it: what was sent with photos or choices is not replaced by a text."""
    return not (message.attachments or message.buttons or message.template or message.sent_as)


async def _own(executor: Executor, actor: Actor, conversation_id: UUID, message_id: UUID) -> Message:
    message = await messages.get_by_id(executor, message_id)
    if (
        message is None
        or message.conversation_id != conversation_id
        or message.author != "agent"
        or message.elsewhere
    ):
        raise NotFound("There is no such message from an agent in this conversation.")
    if message.agent_id != actor.agent_id:
        require(actor, Permission.ANSWER_FOR_OTHERS, _NOT_YOURS)
    return message
