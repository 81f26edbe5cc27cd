"""Setting a password with a link that an administrator created."""

from sanic import Request
from sanic.response import HTTPResponse

from console.cookies import SIGN_IN
from console.guard import PageError, check_csrf, form_field, go_to
from console.sign_in.let_in import LetIn
from desk.people.password_rules import SHORTEST, PasswordRefused
from desk.people.passwords import LONGEST
from desk.setup.password_links import LinkOver, PasswordLinks
from forms.cookies import Cookies
from forms.request import read_form


class NewPasswordPages:
    """GET and POST /console/sign-in/new-password."""

    def __init__(self, links: PasswordLinks, let_in: LetIn, cookies: Cookies) -> None:
        self._links = links
        self._let_in = let_in
        self._cookies = cookies

    async def form(self, request: Request) -> HTTPResponse:
        """Ask for the password. A program that only looks at the link does not use it up."""
        token = request.args.get("link", "")
        try:
            email = await self._links.email_of(token)
        except LinkOver:
            raise _over() from None
        return self._show(request, token, email)

    async def submit(self, request: Request) -> HTTPResponse:
        """Set it."""
        form = read_form(request)
        check_csrf(form, self._cookies.read(request, SIGN_IN) or "")
        token, new = form_field(form, "link"), form_field(form, "new")
        try:
            email = await self._links.email_of(token)
            if new != form_field(form, "again"):
                return self._show(request, token, email, "The two passwords differ. Nothing was changed.")
            await self._links.use(token, new)
        except LinkOver:
            raise _over() from None
        except PasswordRefused as refused:
            return self._show(request, token, email, str(refused))
        return go_to("/console/sign-in?notice=password-set")

    def _show(self, request: Request, token: str, email: str, alert: str | None = None) -> HTTPResponse:
        return self._let_in.page(
            request, "new_password.html", 422 if alert else 200, link=token, email=email, alert=alert,
            shortest=SHORTEST, longest=LONGEST,
        )  # fmt: skip


def _over() -> PageError:
    return PageError(
        404,
        "link_over",
        "This link does not work any more",
        "It was used, replaced, or is older than three days. Ask an administrator for a new one.",
    )
