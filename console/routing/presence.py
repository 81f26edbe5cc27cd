"""The menu in the bar: whether the agent is available."""

from sanic.response import HTTPResponse

from console.guard import PageError, Visit, go_to, success
from desk.people.permissions import Permission, require
from desk.routing.presence import CHOICES, Presences


class PresencePages:
    """POST /console/presence."""

    def __init__(self, presences: Presences) -> None:
        self._presences = presences

    async def choose(self, visit: Visit) -> HTTPResponse:
        """Keep what the agent says, and go back to the page where it was said."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        state = next((one for one in CHOICES if one == visit.field("state")), None)
        if state is None:
            raise PageError(
                422, "no_presence", "Nothing was changed", "Choose available, on break, wrapping up or away."
            )
        await self._presences.choose(visit.actor, state, visit.now)
        if visit.scripted:
            return success(state=state)
        conversation = visit.field("conversation")
        back = f"conversations/{conversation}" if conversation.replace("-", "").isalnum() else ""
        return go_to(f"/console/{back}")
