"""Splits a conversation: from a given message on, it becomes a separate conversation about a second matter.

A contact has one open conversation at most, so the earlier part is resolved. The citizen is not notified.
"""

from uuid import UUID

from city import City
from city.model import SOLVED
from desk.conversations.ownership import Ownership, by_agent, check_holder, moved_or_raise
from desk.model import Actor, By, Conversation, Message, Refused, WrongState
from desk.store.dialogue import conversations, messages
from desk.store.pool import Executor
from desk.store.routing import matters


class Splitting:
    """Built once by the console's composition root. All methods raise as those of Ownership."""

    def __init__(self, ownership: Ownership, city: City) -> None:
        self._ownership = ownership
        self._city = city

    async def split(
        self, actor: Actor, conversation_id: UUID, message_id: UUID, reason: str = SOLVED
    ) -> Conversation:
        """The new conversation, which the agent has; the earlier part is resolved for `reason`. Raises Refused for a message
        that begins no second matter."""
        if self._city.resolve_reason(reason) is None:
            raise Refused("no_such_reason", "Choose one of the reasons. Nothing was changed.")
        async with self._ownership.acting(
            actor, conversation_id, "split", message=str(message_id), reason=reason
        ) as (transaction, before):
            check_holder(actor, before)
            if before.state not in ("assigned", "waiting_on_contact"):
                raise WrongState(before.state, "Claim the conversation first.")
            first = await first_of(transaction, conversation_id, message_id)
            moved_or_raise(
                await conversations.resolve(
                    transaction, conversation_id, By("agent", "split", actor.agent_id, reason)
                ),
                before,
            )
            return await matters.split(transaction, before, first, by_agent(actor, "split"))


async def first_of(executor: Executor, conversation_id: UUID, message_id: UUID) -> Message:
    """The message with which a second matter can begin. Raises Refused for any other."""
    said = await messages.list_of_conversation(executor, conversation_id)
    own = [one for one in said if one.author == "contact"]
    found = next((one for one in own if one.id == message_id), None)
    if found is None or found is own[0]:
        raise Refused(
            "no_second_matter",
            "A second matter must begin with a message from the citizen, and not with the first one. Nothing was changed.",
        )
    return found
