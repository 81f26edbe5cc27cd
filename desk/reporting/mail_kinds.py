"""The kinds of mails about the desk that a supervisor can choose."""

from typing import Literal

from city import City

Kind = Literal["urgent", "sla", "daily"]
KINDS: dict[Kind, str] = {
    "urgent": "An urgent conversation that nobody claims in time",
    "sla": "Promises (SLA) that were missed; at most once an hour",
    "daily": "The figures of yesterday, in the morning",
}
MAIL = "email"


def mail_inbox_of(city: City) -> str | None:
    """The name of the inbox through which staff are written to."""
    return next((inbox.name for inbox in city.inboxes if inbox.channel == MAIL), None)
