"""Turning notices on, for one device at a time, and off again; on the account page."""

from datetime import timedelta
from uuid import UUID

from sanic.response import HTTPResponse

from console.cookies import PUSH
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, go_to
from desk.model import NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.push.kinds import KINDS, MOST_DEVICES
from desk.push.subscribing import Subscription, new_device
from desk.runtime.user_agents import place_of
from desk.store.people import push_devices
from forms.cookies import Cookies

LIFE = timedelta(days=400)  # browsers keep no cookie for longer
_OVER = "This device gets no notices already."


class PushActs:
    """POST /console/account/push, /console/account/push/<id> and /console/account/push/<id>/end."""

    def __init__(self, deps: ConsoleDeps, cookies: Cookies) -> None:
        self._deps = deps
        self._cookies = cookies

    async def add(self, visit: Visit) -> HTTPResponse:
        """The page's script has asked the browser for a subscription: keep it."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        given = Subscription(*(visit.field(name) for name in ("endpoint", "p256dh", "auth")))
        if not given.endpoint:
            raise PageError(
                422, "needs_scripts", "This needs scripts",
                "Notices can be turned on only where the browser runs the page's script. Nothing was turned on.",
            )  # fmt: skip
        request = visit.request
        device = place_of(request.headers.getone("user-agent", ""), self._deps.address(request)).device
        new = new_device(
            self._deps.push, given, agent_id=visit.actor.agent_id, session_id=visit.session.id,
            device=device or "A browser", kinds=_kinds(visit), on_call=bool(visit.field("on_call")),
        )  # fmt: skip
        async with self._deps.store.transaction() as transaction:
            id = await push_devices.add_device(transaction, new, MOST_DEVICES, visit.now)
            if id is None:
                raise PageError(
                    422, "too_many", "Too many devices",
                    f"You have notices on {MOST_DEVICES} devices. Nothing was turned on. Turn off one that you no longer use.",
                )  # fmt: skip
            await audit.record(transaction, visit.actor.agent_id, "push_on", None, visit.now, device=str(id))
        response = go_to("/console/account?notice=push-on")
        self._cookies.set(response, PUSH, str(id), LIFE)
        return response

    async def change(self, visit: Visit, device_id: UUID) -> HTTPResponse:
        """What this device is told."""
        require(visit.actor, Permission.ANSWER_CONVERSATIONS)
        kinds, on_call = _kinds(visit), bool(visit.field("on_call"))
        async with self._deps.store.transaction() as transaction:
            if not await push_devices.set_choices(
                transaction, visit.actor.agent_id, device_id, kinds, on_call
            ):
                raise NotFound(_OVER)
            await audit.record(
                transaction, visit.actor.agent_id, "push_changed", None, visit.now,
                device=str(device_id), kinds=" ".join(kinds), on_call=str(on_call).lower(),
            )  # fmt: skip
        return go_to("/console/account?notice=push-changed")

    async def end(self, visit: Visit, device_id: UUID) -> HTTPResponse:
        """Send no more notices there. People who have lost the right to answer may still do this."""
        async with self._deps.store.transaction() as transaction:
            if not await push_devices.delete_device(transaction, visit.actor.agent_id, device_id):
                raise NotFound(_OVER)
            await audit.record(
                transaction, visit.actor.agent_id, "push_off", None, visit.now, device=str(device_id)
            )
        return go_to("/console/account?notice=push-off")


def _kinds(visit: Visit) -> list[str]:
    return [kind for kind in KINDS if visit.field(kind)]
