"""How much of an agent's capacity a conversation takes. An agent's capacity is the number of simultaneous web chats."""

from datetime import timedelta

from city import City
from desk.store.routing.loads import WHOLE, Measure

WEIGHTS = {
    "web": WHOLE,
    "messenger": 70,
    "instagram": 70,
    "whatsapp": 70,
    "telegram": 70,
    "line": 70,
    "sms": 50,
    "email": 30,
}
"""Channel -> hundredths of a web chat. On messengers people take longer to answer; a mail can wait for hours."""
SLOW_CHANNELS = frozenset({"email"})
"""Channels on which a conversation stays with its agent overnight."""
QUIET_AFTER = timedelta(minutes=10)
"""A conversation that has waited for the citizen for so long takes nothing until the citizen writes."""


def measure_of(city: City) -> Measure:
    """What the conversations of each of the city's inboxes take."""
    return Measure(
        [inbox.name for inbox in city.inboxes],
        [WEIGHTS.get(inbox.channel, WHOLE) for inbox in city.inboxes],
        QUIET_AFTER,
    )


def slow_inboxes(city: City) -> list[str]:
    """The inboxes whose conversations stay with their agent overnight."""
    return [inbox.name for inbox in city.inboxes if inbox.channel in SLOW_CHANNELS]
