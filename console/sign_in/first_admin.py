"""The first account of a new desk, with the link that the command line printed."""

from collections.abc import Mapping

from sanic import Request
from sanic.response import HTTPResponse

from console.cookies import SIGN_IN
from console.guard import PageError, check_csrf, form_field, go_to
from console.sign_in.let_in import LetIn
from desk.people.password_rules import SHORTEST
from desk.people.passwords import LONGEST
from desk.setup.first_admin import FirstAdmin, FirstAdminLinkOver, FirstAdminRefused
from forms.cookies import Cookies
from forms.request import read_form


class FirstAdminPages:
    """GET and POST /console/sign-in/first-admin."""

    def __init__(self, first: FirstAdmin, let_in: LetIn, cookies: Cookies) -> None:
        self._first = first
        self._let_in = let_in
        self._cookies = cookies

    async def form(self, request: Request) -> HTTPResponse:
        """Ask for name, e-mail and password. A program that only looks at the link does not use it up."""
        token = request.args.get("link", "")
        await self._check(token)
        return self._show(request, token, {}, {})

    async def submit(self, request: Request) -> HTTPResponse:
        """Make the account."""
        form = read_form(request)
        check_csrf(form, self._cookies.read(request, SIGN_IN) or "")
        token, new = form_field(form, "link"), form_field(form, "new")
        values = {name: form_field(form, name) for name in ("name", "email")}
        await self._check(token)
        if new != form_field(form, "again"):
            return self._show(request, token, values, {"again": "The two passwords differ."})
        try:
            await self._first.use(token, values["name"], values["email"], new)
        except FirstAdminLinkOver:
            raise _over() from None
        except FirstAdminRefused as refused:
            return self._show(request, token, values, refused.problems)
        return go_to("/console/sign-in?notice=first-admin&next=/console/admin/start")

    async def _check(self, token: str) -> None:
        try:
            await self._first.check(token)
        except FirstAdminLinkOver:
            raise _over() from None

    def _show(
        self, request: Request, token: str, values: Mapping[str, str], problems: Mapping[str, str]
    ) -> HTTPResponse:
        return self._let_in.page(
            request, "first_admin.html", 422 if problems else 200, link=token, values=values, problems=problems,
            alert="Some fields need another look. Nothing was changed." if problems else None,
            shortest=SHORTEST, longest=LONGEST,
        )  # fmt: skip


def _over() -> PageError:
    return PageError(
        404,
        "link_over",
        "This link does not work",
        "It was used, replaced or is older than a day, or the desk has accounts already. "
        "Whoever runs this desk can print a new one while there are none.",
    )
