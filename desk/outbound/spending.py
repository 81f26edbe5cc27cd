"""Limits what strangers can make the desk pay for, by destination, contact and hour. Held-back items stay
visible.

forbidden_number   the number is outside the countries of the inbox  -> undelivered
contact_cap        this person has used up their hour                -> undelivered, and a person takes over
inbox_cap          the inbox has used up its hour                    -> waits; what agents write goes
"""

from collections.abc import Sequence

from channels.base import Bills, Channel, Request
from desk.model import Message
from desk.store.dialogue import conversations
from desk.store.outbound import billed_units
from desk.store.outbound.billed_units import Exceeded
from desk.store.outbound.outbox import OutboxItem
from desk.store.pool import Store

WAIT = 60.0
"""Seconds until a message that waits for the inbox's hourly limit is tried again."""


def forbidden_destination(channel: object, contact: str) -> bool:
    """Whether nothing may be sent to this contact because of what it would cost."""
    return isinstance(channel, Bills) and not channel.may_send_to(contact)


class Spending:
    """Built once by delivery."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def reserve(
        self, channel: Channel, item: OutboxItem, message: Message, requests: Sequence[Request]
    ) -> Exceeded | None:
        """Count what these requests cost, or say which limit forbids them. Raises the errors in
        UNREACHABLE."""
        paid: object = channel
        if not isinstance(paid, Bills):
            return None
        async with self._store.transaction() as transaction:
            conversation = await conversations.get_by_id(transaction, message.conversation_id)
            state = conversation.state if conversation else "bot"
            # While an agent has the conversation, the desk's own messages in it must not delay the agent's.
            by_agent = message.author == "agent" or state in ("assigned", "waiting_on_contact")
            return await billed_units.reserve(
                transaction,
                item_id=item.id,
                inbox=item.inbox,
                contact_id=item.contact_id,
                units=sum(paid.units(request) for request in requests),
                inbox_per_hour=paid.billing.inbox_per_hour,
                contact_per_hour=paid.billing.contact_per_hour,
                by_agent=by_agent,
                in_queue=state == "queued",
            )
