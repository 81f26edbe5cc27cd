"""Handoff limits: a stranger with many web chats must not fill the agents' queue.

Limits are for one contact, and for one network address of the web chat: nobody can use up somebody else's. Whoever
reaches one stays with the bot and is told so, with the telephone number; people in distress get three times as much.
"""

from typing import Literal

import msgspec

from city import City
from desk.model import Conversation, Handoff
from desk.store.dialogue import handoffs
from desk.store.pool import Executor

HOURLY = 3
"""So many times the city's limit of those who wait at once may be handed over from one address in an hour."""
IN_DISTRESS = 3

Limit = Literal["contact", "address"]


async def limit_reached(
    transaction: Executor, city: City, conversation: Conversation, handoff: Handoff
) -> Limit | None:
    """The limit that forbids this handoff now. Held until the end of the transaction: many at once cannot pass it."""
    factor = IN_DISTRESS if handoff.reason == "distress" else 1
    counts = await handoffs.count_recent(transaction, conversation.contact_id)
    if counts.of_contact >= city.handoffs_per_contact * factor:
        return "contact"
    most = city.waiting_from_one_address * factor
    if counts.waiting_from_origin >= most or counts.hourly_from_origin >= most * HOURLY:
        return "address"
    return None


def with_limits_scaled(city: City, scale: float) -> City:
    """The city with its limits of handoffs multiplied, as CIVICDESK_RATE_SCALE multiplies the gateway's."""
    return msgspec.structs.replace(
        city,
        waiting_from_one_address=max(1, round(city.waiting_from_one_address * scale)),
        handoffs_per_contact=max(1, round(city.handoffs_per_contact * scale)),
    )
