"""The console's cookies: the session, the proof that a sign-in form came from us, and known devices. A
known device's cookie is named and signed by desk/people/devices.py.
"""

from datetime import timedelta

from sanic import Request
from sanic.cookies.request import parse_cookie
from sanic.response import HTTPResponse

SESSION = "civicdesk_agent"
SIGN_IN = "civicdesk_sign_in"
STEP = "civicdesk_step"  # the password was right, the second factor is asked for
PASSKEY = "civicdesk_passkey"  # a challenge was given
PROVIDER = "civicdesk_provider"  # somebody is at the provider's page
DEVICE = "civicdesk_device_"  # the beginning of a name; the rest is desk/people/devices.py's


class Cookies:
    """HttpOnly, SameSite=Lax, and Secure with the __Host- prefix unless the public address is plain HTTP:
    the prefix stops a sibling subdomain from planting a cookie here."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self._prefix = "__Host-" if secure else ""

    def read(self, request: Request, name: str) -> str | None:
        """The cookie's value, if the browser sent one."""
        # Not `request.cookies.get`: it also accepts the name with another prefix, so a cookie planted over
        # plain HTTP would pass for one with __Host-.
        values = parse_cookie(request.headers.getone("cookie", "")).get(self._prefix + name)
        return values[0] if values else None

    def read_all(self, request: Request, beginning: str) -> dict[str, str]:
        """The cookies of this beginning, by their name without a prefix."""
        sent = parse_cookie(request.headers.getone("cookie", ""))
        start = self._prefix + beginning
        return {
            name[len(self._prefix) :]: values[0] for name, values in sent.items() if name.startswith(start)
        }

    def set(self, response: HTTPResponse, name: str, value: str, life: timedelta | None = None) -> None:
        """Set a cookie for `life`, or for the browser session; the server decides when it expires."""
        response.add_cookie(
            self._prefix + name, value, path="/" if self._secure else "/console", httponly=True, samesite="Lax",
            secure=self._secure, max_age=int(life.total_seconds()) if life else None,
        )  # fmt: skip

    def delete(self, response: HTTPResponse, name: str) -> None:
        """Delete a cookie."""
        response.add_cookie(
            self._prefix + name, "", path="/" if self._secure else "/console", httponly=True, samesite="Lax",
            secure=self._secure, max_age=0,
        )  # fmt: skip
