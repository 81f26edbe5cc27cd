"""Signing in with a passkey. The page's script asks the device (web/console/passkeys.ts) and sends the form."""

import json

from sanic import Request
from sanic.response import HTTPResponse

from console.cookies import PASSKEY, SIGN_IN
from console.deps import ConsoleDeps
from console.guard import PageError, check_csrf, failure, form_field, success
from console.sign_in.let_in import LetIn, safe_next
from console.sign_in.pages import SignInPages
from desk.people.attempts import Attempts, TooManyAttempts
from desk.people.factors.passkeys import LIFE, PasskeyRefused, Passkeys
from desk.people.sign_in import SignIn, SignInRefused, of_address
from forms.cookies import Cookies
from forms.request import read_form


class PasskeySignIn:
    """POST /console/sign-in/passkey/options, which answers with JSON, and POST /console/sign-in/passkey."""

    def __init__(
        self,
        deps: ConsoleDeps,
        let_in: LetIn,
        cookies: Cookies,
        pages: SignInPages,
        sign_in: SignIn,
        passkeys: Passkeys,
    ) -> None:
        self._pages = pages
        self._deps = deps
        self._let_in = let_in
        self._cookies = cookies
        self._sign_in = sign_in
        self._passkeys = passkeys
        self._attempts = Attempts(deps.store, deps.clock)

    async def options(self, request: Request) -> HTTPResponse:
        """A challenge for the device."""
        check_csrf(read_form(request), self._cookies.read(request, SIGN_IN) or "")
        if not self._passkeys.available:
            raise PageError(
                404, "no_passkeys", "No passkeys here", "This address has no passkeys. Use a password."
            )
        try:
            await self._attempts.take([of_address(self._deps.address(request))])
        except TooManyAttempts as slowed:
            return self._let_in.slowed(
                slowed, failure(PageError(429, "too_many", "Please wait", str(slowed)))
            )
        token, options = await self._passkeys.begin_sign_in()
        response = success(options=json.loads(options))
        self._cookies.set(response, PASSKEY, token, LIFE)
        return response

    async def submit(self, request: Request) -> HTTPResponse:
        """Check the device's answer."""
        form = read_form(request)
        check_csrf(form, self._cookies.read(request, SIGN_IN) or "")
        target = safe_next(form_field(form, "next"))
        try:
            agent_id = await self._passkeys.check(
                self._cookies.read(request, PASSKEY) or "", form_field(form, "answer")
            )
            signed_in = await self._sign_in.with_passkey(
                agent_id, self._let_in.device_cookies(request), self._let_in.place(request)
            )
        except (PasskeyRefused, SignInRefused) as refused:
            self._deps.count_sign_in("refused")
            return self._pages.show(request, status=401, next=target, alert=str(refused))
        response = await self._let_in.with_session(request, signed_in, target)
        self._cookies.delete(response, PASSKEY)
        return response
