"""The sign-in page, the second factor, and signing out."""

from typing import TYPE_CHECKING

from sanic import Request
from sanic.response import HTTPResponse

from console.cookies import SESSION, SIGN_IN, STEP
from console.deps import ConsoleDeps
from console.guard import Guard, Visit, check_csrf, form_field, go_to
from console.notices import NOTICES
from console.sign_in.let_in import LetIn, safe_next
from desk.people import audit
from desk.people.attempts import TooManyAttempts
from desk.people.factors.passkeys import Passkeys
from desk.people.permissions import Permission, may
from desk.people.sessions import end_session
from desk.people.sign_in import NeedsFactor, SignIn, SignInRefused, StepOver, WrongCode
from desk.routing.presence import Presences
from desk.setup.first_admin import FirstAdmin
from desk.store.pool import UNREACHABLE
from forms.cookies import Cookies
from forms.request import read_form

if TYPE_CHECKING:
    from desk.people.provider.sign_in import ProviderSignIn

SECOND = "/console/sign-in/second"


class SignInPages:
    """GET and POST /console/sign-in, GET and POST /console/sign-in/second, and the end of
    a session."""

    def __init__(
        self,
        deps: ConsoleDeps,
        let_in: LetIn,
        cookies: Cookies,
        guard: Guard,
        sign_in: SignIn,
        passkeys: Passkeys,
        provider: "ProviderSignIn | None",
        presences: Presences,
        first_admin: FirstAdmin,
    ) -> None:
        self._first_admin = first_admin
        self._presences = presences
        self._deps = deps
        self._let_in = let_in
        self._cookies = cookies
        self._guard = guard
        self._sign_in = sign_in
        self._passkeys = passkeys
        self._provider = provider

    async def form(self, request: Request) -> HTTPResponse:
        """Show the form; an agent who is already signed in is redirected."""
        target = safe_next(request.args.get("next"))
        if await self._guard.session(request) is not None:
            return go_to(target)
        notice = NOTICES.get(request.args.get("notice", ""))
        try:
            empty = await self._first_admin.wanted()
        except UNREACHABLE:
            empty = False  # the form can be shown while the database is unavailable
        return self.show(request, next=target, notice=notice, empty=empty)

    async def submit(self, request: Request) -> HTTPResponse:
        """Check the password."""
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
                self._let_in.place(request),
            )
        except SignInRefused as refused:
            self._deps.count_sign_in("refused")
            return self.show(request, status=401, email=email, next=target, alert=str(refused))
        except TooManyAttempts as slowed:
            page = self.show(request, status=429, email=email, next=target, alert=str(slowed))
            return self._let_in.slowed(slowed, page)
        if isinstance(signed_in, NeedsFactor):
            response = self._ask_second(request, target)
            self._cookies.set(response, STEP, signed_in.token)
            return response
        return await self._let_in.with_session(request, signed_in, target)

    async def second(self, request: Request) -> HTTPResponse:
        """Ask for the second factor again, after a reload."""
        token = self._cookies.read(request, STEP) or ""
        if not await self._sign_in.is_waiting(token):
            return go_to("/console/sign-in")
        return self._ask_second(request, safe_next(request.args.get("next")))

    async def submit_second(self, request: Request) -> HTTPResponse:
        """Check the code of an app, or a recovery code."""
        form = read_form(request)
        check_csrf(form, self._cookies.read(request, SIGN_IN) or "")
        target = safe_next(form_field(form, "next"))
        try:
            signed_in = await self._sign_in.second(
                self._cookies.read(request, STEP) or "",
                form_field(form, "code"),
                self._let_in.device_cookies(request),
                self._let_in.place(request),
            )
        except WrongCode as refused:
            self._deps.count_sign_in("refused")
            return self._ask_second(request, target, status=401, alert=str(refused))
        except StepOver as over:
            return self.show(request, status=401, next=target, alert=str(over))
        except TooManyAttempts as slowed:
            page = self._ask_second(request, target, status=429, alert=str(slowed))
            return self._let_in.slowed(slowed, page)
        return await self._let_in.with_session(request, signed_in, target)

    async def sign_out(self, visit: Visit) -> HTTPResponse:
        """End the session immediately."""
        if may(visit.actor, Permission.ANSWER_CONVERSATIONS):
            await self._presences.choose(visit.actor, "offline", visit.now)
        await end_session(self._deps.store, self._cookies.read(visit.request, SESSION) or "")
        await audit.record(self._deps.store.pool, visit.actor.agent_id, "sign_out", None, visit.now)
        response = go_to("/console/sign-in?notice=signed-out")
        self._cookies.delete(response, SESSION)
        return response

    def show(
        self,
        request: Request,
        *,
        next: str,
        status: int = 200,
        email: str = "",
        alert: str | None = None,
        notice: str | None = None,
        empty: bool = False,
    ) -> HTTPResponse:
        """The first page. `empty`: nobody has an account yet."""
        return self._let_in.page(
            request, "sign_in.html", status, email=email, next=next, alert=alert, notice=notice,
            passkeys=self._passkeys.available, provider=self._provider.title if self._provider else None,
            passwords=self._deps.city.sign_in.passwords, empty=empty,
        )  # fmt: skip

    def _ask_second(
        self, request: Request, target: str, *, status: int = 200, alert: str | None = None
    ) -> HTTPResponse:
        return self._let_in.page(
            request, "sign_in_second.html", status, next=target, alert=alert,
            passkeys=self._passkeys.available,
        )  # fmt: skip
