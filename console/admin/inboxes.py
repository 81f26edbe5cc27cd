"""Inboxes: the health of each, undelivered messages, and the two actions for supervisors."""

from sanic.response import HTTPResponse

from channels.base import Capabilities
from console import words
from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.inbound.not_taken import NotTakenArrivals
from desk.model import NotFound
from desk.outbound.recovery import Recovery
from desk.people.permissions import Permission, may, require
from desk.runtime.timing import BreakerTiming
from desk.store.outbound.inbox_health import Health, InboxLoad


class InboxPages:
    """GET /console/inboxes, POST /console/inboxes/<name>/resume, POST /console/dead-letters/<id>/replay."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._recovery = Recovery(deps.store, deps.live, deps.clock)
        self._not_taken = NotTakenArrivals(deps.store, deps.live, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """Show every inbox; supervisors also see the dead letters."""
        require(visit.actor, Permission.READ_INBOXES)
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def resume(self, visit: Visit, name: str) -> HTTPResponse:
        """Resume sending."""
        try:
            await self._recovery.resume(visit.actor, name)
        except NotFound as error:
            return await self._render(visit, status=409, alert=str(error))
        return go_to("/console/inboxes?notice=inbox-resumed")

    async def replay(self, visit: Visit, item: int) -> HTTPResponse:
        """Retry this message."""
        try:
            await self._recovery.replay(visit.actor, item)
        except NotFound as error:
            return await self._render(visit, status=409, alert=str(error))
        return go_to("/console/inboxes?notice=replayed")

    async def _render(
        self, visit: Visit, *, status: int = 200, notice: str | None = None, alert: str | None = None
    ) -> HTTPResponse:
        known, loads = await self._recovery.health()
        manages = may(visit.actor, Permission.MANAGE_UNDELIVERED)
        takes = may(visit.actor, Permission.TAKE_SET_ASIDE)
        now = self._deps.clock()
        rows = []
        for inbox in self._deps.city.inboxes:
            one = known.get(inbox.name, Health(inbox.name))
            paused = one.paused_until is not None and one.paused_until > now
            state = "trying" if one.probing else "open"
            if paused:
                # The circuit breaker opened, or the provider requested a pause.
                state = "paused" if one.probing else "waiting"
            if one.stopped_at:
                state = "stopped"
            can = self._deps.capabilities.get(inbox.name)
            rows.append(
                (
                    inbox,
                    state,
                    one,
                    loads.get(inbox.name, InboxLoad()),
                    can and limits_of(can),
                    self._deps.billing.get(inbox.name),
                )
            )
        return self._pages.page(
            "inboxes.html",
            session=visit.session,
            **await counts_of(self._deps.store.pool, visit),
            status=status,
            notice=notice,
            alert=alert,
            inboxes=rows,
            dead_letters=await self._recovery.list_dead_letters(visit.actor) if manages else [],
            not_taken=await self._not_taken.counts(visit.actor) if takes else {},
            manages_undelivered=manages,
            resumes=may(visit.actor, Permission.RESUME_INBOXES),
            breaker=BreakerTiming(),
        )


def limits_of(can: Capabilities) -> tuple[str, str]:
    """How fast messages are sent to an inbox, and to one person on it, in words."""
    return (
        words.pace(can.per_second, can.burst),
        words.pace(can.contact_per_second, can.contact_burst),
    )
