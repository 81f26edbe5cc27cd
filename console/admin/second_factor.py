"""The agent's own second factors: an authenticator app, passkeys, recovery codes."""

import json

from sanic.response import HTTPResponse

from console.cookies import PASSKEY
from console.deps import ConsoleDeps
from console.guard import PageError, Visit, counts_of, failure, go_to, success
from console.notices import NOTICES
from console.rendering import HEADERS, Pages
from desk.model import DeskError
from desk.people.attempts import TooManyAttempts
from desk.people.factors.own_factors import FactorRefused, OwnFactors
from desk.people.factors.passkeys import LIFE, PasskeyRefused, Passkeys
from desk.people.factors.totp import address_of, picture_of
from desk.people.own_password import WrongPassword
from desk.runtime.user_agents import device_of
from forms.cookies import Cookies

REFUSED = (FactorRefused, PasskeyRefused, WrongPassword, TooManyAttempts)
HERE = "/console/account/second-factor"


class SecondFactorPages:
    """GET /console/account/second-factor and its picture; POST …/app, …/app/confirm, …/passkey/options, …/passkey,
    …/codes and …/remove."""

    def __init__(
        self, deps: ConsoleDeps, pages: Pages, cookies: Cookies, factors: OwnFactors, passkeys: Passkeys
    ) -> None:
        self._deps = deps
        self._pages = pages
        self._cookies = cookies
        self._factors = factors
        self._passkeys = passkeys

    async def show(self, visit: Visit) -> HTTPResponse:
        """What there is, and what can be added."""
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def new_app(self, visit: Visit) -> HTTPResponse:
        """Show the secret for an app."""
        try:
            return await self._render(visit, secret=await self._factors.new_app(visit.session))
        except REFUSED as error:
            return await self._refused(visit, error)

    async def picture(self, visit: Visit) -> HTTPResponse:
        """The secret that waits for its proof, as a QR code."""
        try:
            secret = await self._factors.new_app(visit.session)
        except FactorRefused:
            raise PageError(404, "not_found", "Nothing here", "An app is in use already.") from None
        address = address_of(secret, visit.session.email, self._deps.city.name)
        return HTTPResponse(picture_of(address), 200, HEADERS, content_type="image/png")

    async def confirm_app(self, visit: Visit) -> HTTPResponse:
        """The app gave a code."""
        try:
            codes = await self._factors.confirm_app(
                visit.session, visit.field("code")[:20], visit.field("password")
            )
        except FactorRefused as error:
            secret = await self._factors.new_app(visit.session)
            return await self._render(visit, status=422, alert=str(error), secret=secret)
        except REFUSED as error:
            return await self._refused(visit, error)
        return await self._added(visit, codes)

    async def passkey_options(self, visit: Visit) -> HTTPResponse:
        """JSON for the page's script: what the device is to make."""
        if not self._passkeys.available:
            raise PageError(404, "no_passkeys", "No passkeys here", "This address has no passkeys.")
        try:
            token, options = await self._factors.begin_passkey(visit.session, visit.field("password"))
        except REFUSED as error:
            return failure(PageError(_status(error), "refused", "Not added", str(error)))
        response = success(options=json.loads(options))
        self._cookies.set(response, PASSKEY, token, LIFE)
        return response

    async def add_passkey(self, visit: Visit) -> HTTPResponse:
        """What the device made."""
        name = visit.field("name") or device_of(visit.request.headers.getone("user-agent", ""))
        try:
            codes = await self._factors.add_passkey(
                visit.session,
                self._cookies.read(visit.request, PASSKEY) or "",
                visit.field("answer"),
                name,
            )
        except REFUSED as error:
            return await self._refused(visit, error)
        return await self._added(visit, codes)

    async def new_codes(self, visit: Visit) -> HTTPResponse:
        """New recovery codes, shown once."""
        try:
            codes = await self._factors.new_codes(visit.session, visit.field("password"))
        except REFUSED as error:
            return await self._refused(visit, error)
        return await self._render(visit, codes=codes)

    async def remove(self, visit: Visit) -> HTTPResponse:
        """Remove the app ("app") or the passkey whose id this is."""
        which = visit.field("which")
        try:
            credential = None if which == "app" else bytes.fromhex(which[:2_000])
            await self._factors.remove(visit.session, visit.field("password"), credential)
        except ValueError:
            return await self._refused(visit, FactorRefused("It no longer exists."))
        except REFUSED as error:
            return await self._refused(visit, error)
        return go_to(f"{HERE}?notice=factor-removed")

    async def _added(self, visit: Visit, codes: list[str]) -> HTTPResponse:
        return (
            await self._render(visit, codes=codes, added=True)
            if codes
            else go_to(f"{HERE}?notice=factor-added")
        )

    async def _refused(self, visit: Visit, error: DeskError) -> HTTPResponse:
        response = await self._render(visit, status=_status(error), alert=str(error))
        if isinstance(error, TooManyAttempts):
            response.headers["retry-after"] = str(int(error.retry_after.total_seconds()) + 1)
        return response

    async def _render(
        self,
        visit: Visit,
        *,
        status: int = 200,
        notice: str | None = None,
        alert: str | None = None,
        secret: str | None = None,
        codes: list[str] | None = None,
        added: bool = False,
    ) -> HTTPResponse:
        return self._pages.page(
            "second_factor.html",
            session=visit.session,
            **({} if visit.session.enrolling else await counts_of(self._deps.store.pool, visit)),
            status=status,
            notice=notice,
            alert=alert,
            standing=await self._factors.standing(visit.session),
            available=self._passkeys.available,
            federated=visit.session.method == "provider",
            enrolling=visit.session.enrolling and not added,
            secret=secret,
            codes=codes or [],
        )


def _status(error: DeskError) -> int:
    return 429 if isinstance(error, TooManyAttempts) else 422
