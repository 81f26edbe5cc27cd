"""Signing in at the city's own OpenID provider, and the sign-outs that it announces."""

from typing import TYPE_CHECKING

import structlog
from sanic import Request
from sanic.response import HTTPResponse, redirect

from console.cookies import PROVIDER
from console.deps import ConsoleDeps
from console.guard import PageError, form_field
from console.rendering import HEADERS
from console.sign_in.let_in import LetIn, safe_next
from console.sign_in.pages import SignInPages
from desk.people.attempts import Attempts, Slowdown, TooManyAttempts, attempt_key
from desk.people.provider.errors import ProviderAway, ProviderError
from forms.cookies import Cookies
from forms.request import read_form

if TYPE_CHECKING:
    from desk.people.provider.sign_in import ProviderSignIn

log = structlog.get_logger("security")

FREE_ANSWERS, ANSWER_WAIT = 60, 2.0
"""Of one address in an hour; each further one waits so many seconds. Each is a call of ours to the provider, and
anybody can make up the provider's answer. The count ends when somebody is let in: a whole office may share an address."""


class ProviderPages:
    """GET /console/sign-in/provider and …/provider/callback, POST /console/sign-in/provider/ended."""

    def __init__(
        self,
        deps: ConsoleDeps,
        let_in: LetIn,
        cookies: Cookies,
        pages: SignInPages,
        provider: "ProviderSignIn | None",
    ) -> None:
        self._deps = deps
        self._let_in = let_in
        self._cookies = cookies
        self._pages = pages
        self._provider = provider
        self._attempts = Attempts(deps.store, deps.clock)

    async def begin(self, request: Request) -> HTTPResponse:
        """To the provider's page. Nothing is stored here but the browser's own cookie."""
        provider = self._there()
        target = safe_next(request.args.get("next"))
        try:
            begun = await provider.begin(target)
        except ProviderError as error:
            return self._refused(request, error)
        response = redirect(begun.address, headers=dict(HEADERS), status=303)
        self._cookies.set(response, PROVIDER, begun.cookie, begun.life)
        return response

    async def callback(self, request: Request) -> HTTPResponse:
        """The provider's answer."""
        provider = self._there()
        given = {name: request.args.get(name, "") for name in ("code", "state", "iss", "error")}
        answers = Slowdown(
            attempt_key("provider", self._deps.address(request)), FREE_ANSWERS, ANSWER_WAIT, ANSWER_WAIT
        )
        try:
            await self._attempts.take([answers])
            signed_in, target = await provider.finish(
                self._cookies.read(request, PROVIDER) or "",
                {name: value for name, value in given.items() if value},
                self._let_in.device_cookies(request),
                self._let_in.place(request),
            )
        except TooManyAttempts as slowed:
            page = self._pages.show(request, next="/console/", status=429, alert=str(slowed))
            response = self._let_in.slowed(slowed, page)
        except ProviderError as error:
            response = self._refused(request, error)
        else:
            await self._attempts.forget([answers.key])
            response = await self._let_in.with_session(request, signed_in, target)
        self._cookies.delete(response, PROVIDER)
        return response

    async def ended(self, request: Request) -> HTTPResponse:
        """The provider ended somebody's session (back-channel logout): its signed token is all that counts."""
        provider = self._there()
        try:
            count = await provider.end(form_field(read_form(request), "logout_token"))
        except ProviderError as error:
            away = isinstance(error, ProviderAway)
            raise PageError(503 if away else 400, "not_ended", "Nothing was ended", str(error)) from error
        log.info("ended_by_provider", sessions=count)
        return HTTPResponse("", 200, HEADERS)

    def _there(self) -> "ProviderSignIn":
        if self._provider is None:
            raise PageError(404, "not_found", "Nothing here", "This desk has no other sign-in.")
        return self._provider

    def _refused(self, request: Request, error: ProviderError) -> HTTPResponse:
        self._deps.count_sign_in("refused")
        log.warning("provider_sign_in_refused", reason=error.reason)
        status = 503 if isinstance(error, ProviderAway) else 403
        return self._pages.show(request, next="/console/", status=status, alert=str(error))
