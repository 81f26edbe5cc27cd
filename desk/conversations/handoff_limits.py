"""Handoff limits: a stranger with many web chats must not fill the agents' queue.

Limits are for one contact, and for one network address of the web chat: nobody can use up somebody else's. Whoever
reaches one stays with the bot and is told so, with the telephone number; people in distress get three times as much.
"""

from typing import Literal

from city import City
from desk.model import Conversation, Handoff
from desk.store.dialogue import handoffs
from desk.store.pool import Executor

OF_CONTACT = 6
"""In an hour. Each time the citizen, or an agent, must have gone back to the bot before."""
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
    if counts.of_contact >= OF_CONTACT * factor:
        return "contact"
    most = city.waiting_from_one_address * factor
    if counts.waiting_from_origin >= most or counts.hourly_from_origin >= most * HOURLY:
        return "address"
    return None
