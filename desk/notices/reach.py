"""How many people a notice is for, and how long it takes to reach them, from the rates of their inboxes. Pure but for the count."""

from collections.abc import Mapping
from dataclasses import dataclass

from channels.base import Billing, Capabilities
from city import City
from city.notices.districts import Area
from desk.store.notices import people
from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class InboxReach:
    """`seconds` until the last of them is sent it, None where nothing is sent (the web chat). `hours_of_budget`: how many hours
    the inbox's paid units last for; None where it has no such limit."""

    inbox: str
    people: int
    seconds: float | None
    units: int = 0
    hours_of_budget: int | None = None


async def reach_of(
    executor: Executor,
    city: City,
    scenario: str,
    area: Area,
    capabilities: Mapping[str, Capabilities],
    billing: Mapping[str, Billing],
    units: int,
) -> list[InboxReach]:
    """By inbox, with people. `units` is how many paid units one message takes."""
    districts = None if area.everywhere else list(area.touched(city.districts))
    counted = await people.count_audience(executor, scenario, districts)
    return [
        estimate(inbox, number, capabilities.get(inbox), billing.get(inbox), units)
        for inbox, number in counted.items()
    ]


def estimate(
    inbox: str, number: int, capabilities: Capabilities | None, billing: Billing | None, units: int
) -> InboxReach:
    """The time that the rate and the hourly budget of paid units allow."""
    if capabilities is None:
        return InboxReach(inbox, number, None)
    seconds = number / capabilities.per_second
    if billing is None:
        return InboxReach(inbox, number, seconds)
    paid = number * units
    hours = -(-paid // billing.inbox_per_hour)
    if hours > 1:
        seconds = max(seconds, (hours - 1) * 3600.0)
    return InboxReach(inbox, number, seconds, paid, hours)
