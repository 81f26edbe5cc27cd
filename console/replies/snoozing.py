"""Snoozing a conversation, reminders, and who else has it open."""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console.conversations.actions import Actions
from console.conversations.page import ConversationPages
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, as_page_error, go_to, success
from desk.model import Refused, WrongState
from desk.people.access import access_conversation
from desk.people.permissions import Permission, require
from desk.replies.reminding import Reminding
from desk.store.replies import reminders

MORNING = time(9)


class Snoozing:
    """POST /console/conversations/<id>/snooze (`until`), wake, remind (`at`, `text`, `client_id`) and here (`typing`);
    POST /console/reminders/<id>/done."""

    def __init__(self, deps: ConsoleDeps, pages: ConversationPages, actions: Actions) -> None:
        self._deps = deps
        self._pages = pages
        self._actions = actions
        self._reminding = Reminding(deps.ownership, deps.clock)

    async def snooze(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """`when`: for an hour, until tomorrow at nine, or until the citizen writes. `until`: local time of the city; without
        either it is until the citizen writes."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            until = self._until(visit)
            await self._reminding.snooze(visit.actor, conversation_id, until)
        except (PageError, Refused, WrongState) as error:
            problem = as_page_error(error)
            return await self._pages.render(
                visit, conversation, status=problem.status, alert=problem.sentence
            )
        return go_to(await self._actions.place_after(visit, conversation_id, "snoozed"))

    def _until(self, visit: Visit) -> datetime | None:
        match visit.field("when"):
            case "hour":
                return visit.now + timedelta(hours=1)
            case "morning":
                zone = self._deps.city.zone
                tomorrow = visit.now.astimezone(zone).date() + timedelta(days=1)
                return datetime.combine(tomorrow, MORNING, zone)
            case _:
                return self._time(visit.field("until")) if visit.field("until") else None

    async def wake(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Take it up again."""
        await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        await self._reminding.wake(visit.actor, conversation_id)
        return go_to(f"/console/conversations/{conversation_id}?notice=woken#latest")

    async def remind(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """Keep a reminder for this agent."""
        conversation = await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        try:
            await self._reminding.remind(
                visit.actor,
                conversation_id,
                visit.field("text"),
                self._time(visit.field("at")),
                visit.field("client_id")[:64] or str(uuid4()),
            )
        except (PageError, Refused) as error:
            problem = as_page_error(error)
            return await self._pages.render(
                visit, conversation, status=problem.status, alert=problem.sentence
            )
        return go_to(f"/console/conversations/{conversation_id}?notice=reminder-kept")

    async def done(self, visit: Visit, reminder_id: UUID) -> HTTPResponse:
        """The agent's own reminder is done; somebody else's is not touched."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        await reminders.mark_done(self._deps.store.pool, reminder_id, visit.actor.agent_id, visit.now)
        return go_to("/console/?notice=reminder-done")

    async def here(self, visit: Visit, conversation_id: UUID) -> HTTPResponse:
        """JSON for the page's script: the others who have this conversation open, and who is typing."""
        await access_conversation(self._deps.store.pool, visit.actor, conversation_id)
        found = await self._deps.viewers.mark(
            conversation_id, visit.actor, typing=visit.field("typing") == "1"
        )
        return success(others=[{"name": one.name, "typing": one.typing} for one in found])

    def _time(self, given: str) -> datetime:
        try:
            return datetime.fromisoformat(given).replace(tzinfo=self._deps.city.zone)
        except ValueError:
            raise PageError(
                422, "bad_time", "When?", "Choose a day and a time. Nothing was changed."
            ) from None
