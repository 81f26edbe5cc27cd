"""Cookies that scripts, other sites and sibling subdomains can neither read nor plant."""

from datetime import timedelta

from sanic import Request
from sanic.response import HTTPResponse

BLANK = " \t"
"""What may surround a name or a value (RFC 6265, 5.2). Python's own strip() removes much more."""


def read_cookies(header: str) -> dict[str, str]:
    """The cookies of a Cookie header by name, the first of each name, in linear time.

    Not Sanic's parser: it resolves escapes in time that grows with the square of their number (a header of 8 kB
    stopped a gateway for 0.2 s), and it takes a name for ours that has a no-break space in front, which any
    subdomain can set in spite of the __Host- prefix. Ours have no escapes and are ASCII; any other is left out."""
    found: dict[str, str] = {}
    for one in header.split(";"):
        name, _, value = one.partition("=")
        value = value.strip(BLANK)
        if value.startswith('"') and value.endswith('"'):
            value = value[1:-1]
        if value.isascii() and "\\" not in value:
            found.setdefault(name.strip(BLANK), value)
    return found


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
        return read_cookies(request.headers.getone("cookie", ""))

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
