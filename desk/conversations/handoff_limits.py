"""Handoff limits, so that a stranger with many web chats cannot fill the agents' queue.

There is a limit per contact, and one per network address of the web chat: nobody can use up another's. A
contact who reaches a limit stays with the bot and is told so, with the telephone number; in distress, the
limits are tripled. A contact whom an agent has blocked for abuse is not queued either, unless in distress.
"""

from datetime import datetime
from typing import Literal

import msgspec

from city import City
from desk.model import Conversation, Handoff
from desk.store.dialogue import handoffs
from desk.store.people import contacts
from desk.store.pool import Executor

HOURLY = 3
"""Hourly handoffs from one address, as a multiple of the city's limit of contacts waiting at the same
time."""
IN_DISTRESS = 3

Limit = Literal["blocked", "contact", "address"]


async def limit_reached(
    transaction: Executor, city: City, conversation: Conversation, handoff: Handoff, now: datetime
) -> Limit | None:
    """The limit that forbids this handoff now. Locked until the transaction ends, so concurrent handoffs
    cannot exceed it."""
    if handoff.reason != "distress" and await contacts.is_blocked(transaction, conversation.contact_id, now):
        return "blocked"
    factor = IN_DISTRESS if handoff.reason == "distress" else 1
    counts = await handoffs.count_recent(transaction, conversation.contact_id)
    if counts.of_contact >= city.handoffs_per_contact * factor:
        return "contact"
    most = city.waiting_from_one_address * factor
    if counts.waiting_from_origin >= most or counts.hourly_from_origin >= most * HOURLY:
        return "address"
    return None


def with_limits_scaled(city: City, scale: float) -> City:
    """The city with its handoff limits multiplied, as CIVICDESK_RATE_SCALE multiplies the gateway's
    limits."""
    return msgspec.structs.replace(
        city,
        waiting_from_one_address=max(1, round(city.waiting_from_one_address * scale)),
        handoffs_per_contact=max(1, round(city.handoffs_per_contact * scale)),
    )
