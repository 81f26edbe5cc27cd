"""Cookies that scripts, other sites and sibling subdomains can neither read nor plant."""

from datetime import timedelta

from sanic import Request
from sanic.cookies.request import parse_cookie
from sanic.response import HTTPResponse


class Cookies:
    """HttpOnly, SameSite=Lax, and Secure with the __Host- prefix unless the public address is plain HTTP:
    the prefix stops a sibling subdomain from planting a cookie here. The prefix requires the path /; without
    it, cookies are sent to `path` only."""

    def __init__(self, *, secure: bool, path: str) -> None:
        self._secure = secure
        self._prefix = "__Host-" if secure else ""
        self._path = "/" if secure else path

    def read(self, request: Request, name: str) -> str | None:
        """The cookie's value, if the browser sent one."""
        # Not `request.cookies.get`: it also accepts the name with another prefix, so a cookie planted over
        # plain HTTP would pass for one with __Host-.
        return self._sent(request).get(self._prefix + name)

    def read_all(self, request: Request, beginning: str) -> dict[str, str]:
        """The cookies whose name begins so, by their name without a prefix."""
        start = self._prefix + beginning
        sent = self._sent(request)
        return {name[len(self._prefix) :]: value for name, value in sent.items() if name.startswith(start)}

    def _sent(self, request: Request) -> dict[str, str]:
        # Ours are ASCII. In a header, Sanic keeps bytes that are no UTF-8 as lone surrogates, which cannot be encoded again.
        sent = parse_cookie(request.headers.getone("cookie", ""))
        return {name: values[0] for name, values in sent.items() if values and values[0].isascii()}

    def set(self, response: HTTPResponse, name: str, value: str, life: timedelta | None = None) -> None:
        """Set a cookie for `life`, or for the browser session; the server decides when it expires."""
        self._add(response, name, value, int(life.total_seconds()) if life else None)

    def delete(self, response: HTTPResponse, name: str) -> None:
        """Delete a cookie."""
        self._add(response, name, "", 0)

    def _add(self, response: HTTPResponse, name: str, value: str, max_age: int | None) -> None:
        response.add_cookie(
            self._prefix + name, value, path=self._path, httponly=True, samesite="Lax", secure=self._secure,
            max_age=max_age,
        )  # fmt: skip
