"""The sign-in page, and signing out."""

import secrets
from urllib.parse import parse_qs, urlsplit

from sanic import Request
from sanic.response import HTTPResponse

from console import words
from console.cookies import SESSION, SIGN_IN
from console.deps import ConsoleDeps
from console.guard import Guard, Visit, check_csrf, form_field, go_to
from console.rendering import Pages
from desk.people import audit
from desk.people.attempts import TooManyAttempts
from desk.people.devices import LIFE
from desk.people.sessions import end_session
from desk.people.sign_in import SignIn, SignInRefused
from desk.routing.presence import Presences
from forms.cookies import Cookies
from forms.request import read_form

HOME = "/console/"


class SignInPages:
    """GET and POST /console/sign-in, and the end of a session."""

    def __init__(
        self, deps: ConsoleDeps, pages: Pages, cookies: Cookies, guard: Guard, presences: Presences
    ) -> None:
        self._presences = presences
        self._deps = deps
        self._pages = pages
        self._cookies = cookies
        self._guard = guard
        self._sign_in = SignIn(deps.store, deps.passwords, deps.devices, deps.clock)

    async def form(self, request: Request) -> HTTPResponse:
        """Show the form; an agent who is already signed in is redirected."""
        if await self._guard.session(request) is not None:
            return go_to(safe_next(request.args.get("next")))
        notice = words.NOTICES.get(request.args.get("notice", ""))
        return self._show(request, next=safe_next(request.args.get("next")), notice=notice)

    async def submit(self, request: Request) -> HTTPResponse:
        """Sign in. A session that the browser already had is ended, never reused."""
        form = read_form(request)
        # The form's own cookie stops another site from signing an agent in to somebody else's account.
        check_csrf(form, self._cookies.read(request, SIGN_IN) or "")
        email = form_field(form, "email").replace("\n", " ").strip()
        target = safe_next(form_field(form, "next"))
        try:
            signed_in = await self._sign_in.sign_in(
                email,
                form_field(form, "password"),
                self._deps.address(request),
                self._cookies.read(request, self._deps.devices.cookie_name(email)),
            )
        except SignInRefused as refused:
            self._deps.count_sign_in("refused")
            return self._show(request, status=401, email=email, next=target, alert=str(refused))
        except TooManyAttempts as slowed:
            self._deps.count_sign_in("slowed")
            response = self._show(request, status=429, email=email, next=target, alert=str(slowed))
            response.headers["retry-after"] = str(int(slowed.retry_after.total_seconds()) + 1)
            return response
        self._deps.count_sign_in("signed_in")
        old = self._cookies.read(request, SESSION)
        if old:
            await end_session(self._deps.store, old)
        await self._presences.begin(signed_in.new.session.actor, self._deps.clock())
        response = go_to(target)
        self._cookies.set(response, SESSION, signed_in.new.token)
        if signed_in.device_cookie:
            name = self._deps.devices.cookie_name(email)
            self._cookies.set(response, name, signed_in.device_cookie, LIFE)
        self._cookies.delete(response, SIGN_IN)
        return response

    async def sign_out(self, visit: Visit) -> HTTPResponse:
        """End the session immediately."""
        await self._presences.choose(visit.actor, "offline", visit.now)
        await end_session(self._deps.store, self._cookies.read(visit.request, SESSION) or "")
        await audit.record(self._deps.store.pool, visit.actor.agent_id, "sign_out", None, visit.now)
        response = go_to("/console/sign-in?notice=signed-out")
        self._cookies.delete(response, SESSION)
        return response

    def _show(
        self,
        request: Request,
        *,
        next: str,
        status: int = 200,
        email: str = "",
        alert: str | None = None,
        notice: str | None = None,
    ) -> HTTPResponse:
        # A second tab must not invalidate the form in the first: an existing token is kept.
        given = self._cookies.read(request, SIGN_IN) or ""
        csrf = given if 40 <= len(given) <= 64 and given.isascii() else secrets.token_urlsafe(32)
        response = self._pages.page(
            "sign_in.html",
            session=None,
            status=status,
            csrf=csrf,
            email=email,
            next=next,
            alert=alert,
            notice=notice,
        )
        self._cookies.set(response, SIGN_IN, csrf)
        return response


def safe_next(target: str | None) -> str:
    """Where to go after signing in: a page of the console, never another site, never a POST-only address."""
    if not target or len(target) > 300 or not target.isascii() or not target.isprintable():
        return HOME
    parts = urlsplit(target)
    known = parts.path in (HOME, "/console/account") or parts.path.startswith(
        ("/console/conversations/", "/console/answers", "/console/requests")
    )
    if parts.scheme or parts.netloc or parts.fragment or "\\" in target or ".." in target or not known:
        return HOME
    query = parse_qs(parts.query)
    return target if set(query) <= {"tab", "status"} else parts.path
