"""Shared by all ways to sign in: the form's token, the new session's cookies, the redirect, and the message to wait."""

import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from sanic import Request
from sanic.response import HTTPResponse

from console.cookies import DEVICE, SESSION, SIGN_IN, STEP, device_of
from console.deps import ConsoleDeps
from console.guard import go_to
from console.rendering import Pages
from desk.people.attempts import TooManyAttempts
from desk.people.devices import LIFE
from desk.people.permissions import Permission, may
from desk.people.sessions import end_session
from desk.people.sign_in import SignedIn
from desk.routing.presence import Presences
from desk.runtime.user_agents import Place, place_of
from desk.store.people import push_devices
from forms.cookies import Cookies

HOME = "/console/"


class LetIn:
    """Built once with the blueprint."""

    def __init__(self, deps: ConsoleDeps, pages: Pages, cookies: Cookies, presences: Presences) -> None:
        self._presences = presences
        self._deps = deps
        self._pages = pages
        self._cookies = cookies

    async def with_session(self, request: Request, signed_in: SignedIn, target: str) -> HTTPResponse:
        """To `target`, with the new session. One that the browser already had is ended, never reused."""
        self._deps.count_sign_in("signed_in")
        session = signed_in.new.session
        if device := device_of(self._cookies, request):
            # Before the old session ends: this browser's notices go on, with the new one.
            await push_devices.set_session(self._deps.store.pool, session.actor.agent_id, device, session.id)
        old = self._cookies.read(request, SESSION)
        if old:
            await end_session(self._deps.store, old)
        if may(session.actor, Permission.ANSWER_CONVERSATIONS):
            await self._presences.begin(session.actor, self._deps.clock())
        response = go_to(
            "/console/account/second-factor" if signed_in.new.session.enrolling else safe_next(target)
        )
        self._cookies.set(response, SESSION, signed_in.new.token)
        if signed_in.device_cookie:
            name = self._deps.devices.cookie_name(signed_in.email)
            self._cookies.set(response, name, signed_in.device_cookie, LIFE)
        self._cookies.delete(response, SIGN_IN)
        self._cookies.delete(response, STEP)
        return response

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> HTTPResponse:
        """A page of somebody who is not signed in, with a form's token."""
        # A second tab must not invalidate the form in the first: an existing token is kept.
        given = self._cookies.read(request, SIGN_IN) or ""
        csrf = given if 40 <= len(given) <= 64 and given.isascii() else secrets.token_urlsafe(32)
        response = self._pages.page(template, session=None, status=status, csrf=csrf, **values)
        self._cookies.set(response, SIGN_IN, csrf)
        return response

    def slowed(self, error: TooManyAttempts, response: HTTPResponse) -> HTTPResponse:
        """The same page, with the time to wait."""
        self._deps.count_sign_in("slowed")
        response.headers["retry-after"] = str(int(error.retry_after.total_seconds()) + 1)
        return response

    def place(self, request: Request) -> Place:
        """Where this sign-in comes from."""
        return place_of(request.headers.getone("user-agent", ""), self._deps.address(request))

    def device_cookies(self, request: Request) -> Mapping[str, str]:
        """The cookies of known devices, by name."""
        return self._cookies.read_all(request, DEVICE)


PAGES = (
    HOME,
    "/console/account",
    "/console/admin/agents",
    "/console/admin/settings",
    "/console/admin/start",
    "/console/admin/teams",
    "/console/audit",
    "/console/inboxes",
    "/console/people",
    "/console/reports",
    "/console/wall",
    "/console/waits",
)


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a page of the console, never another site, never a POST-only address."""
    if not target or len(target) > 300 or not target.isascii() or not target.isprintable():
        return HOME
    parts = urlsplit(target)
    known = parts.path in PAGES or parts.path.startswith(
        ("/console/conversations/", "/console/answers", "/console/requests")
    )
    if parts.scheme or parts.netloc or parts.fragment or "\\" in target or ".." in target or not known:
        return HOME
    query = parse_qs(parts.query)
    return target if set(query) <= {"tab", "status"} else parts.path
