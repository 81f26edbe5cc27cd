"""The state of a contact: the conversation's owner, the place in the queue, and the office hours."""

from datetime import datetime
from uuid import UUID

from city import City
from desk.model import ContactState
from desk.routing.hours import is_open, next_opening
from desk.routing.team_directory import get_hours
from desk.store.dialogue.standing import Standing, get_standing
from desk.store.pool import Executor

_OWNERS = {"bot": "bot", "queued": "queued", "assigned": "agent", "waiting_on_contact": "agent"}
_NOBODY = Standing(None, None, None, None, pending=False)


async def contact_state(executor: Executor, city: City, contact_id: UUID, now: datetime) -> ContactState:
    """The widget's State (store.pool can be the executor). `typing` is true while an answer of the bot is
    pending."""
    standing = await get_standing(executor, contact_id) or _NOBODY
    # A citizen who waits for a team with its own hours is told those.
    hours = await get_hours(executor, city, standing.team) if standing.state == "queued" else None
    # The city may no longer offer the language that was stored for a contact.
    known = standing.language if standing.state or standing.language in city.languages else None
    return ContactState(
        owner=_OWNERS[standing.state] if standing.state else "none",  # type: ignore[arg-type]  # the table's own words
        position=standing.position,
        agent_name=standing.agent_name,
        office_open=is_open(city, now, hours),
        opens_at=next_opening(city, now, hours),
        language=known or city.language,
        typing=standing.state in (None, "bot") and standing.pending,
        wait=_left(standing, now) if is_open(city, now, hours) else None,
    )


def _left(standing: Standing, now: datetime) -> tuple[int, int] | None:
    """What is left of the wait that was told; None if none was, or if it is over and was too short."""
    if standing.told_low is None or standing.told_high is None or standing.told_at is None:
        return None
    passed = max(0, int((now - standing.told_at).total_seconds() // 60))
    low, high = max(0, standing.told_low - passed), standing.told_high - passed
    return (low, high) if high > 0 else None
