"""Known devices: a signed cookie that says "this browser has signed in to this account before". It grants
no access. It only gives the browser its own sign-in throttle, so that strangers who guess an agent's
password cannot slow the agent down (OWASP calls it a device cookie).
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

LIFE = timedelta(days=180)
_LONGEST = 200  # the longest cookie that is read, in characters


class KnownDevices:
    """`secret` is the signing key: all gateways must have the same one."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.new(secret, b"known devices", hashlib.sha256).digest()

    def cookie_name(self, email: str) -> str:
        """One cookie for each account, so that several agents can share a browser. It does not reveal the e-mail."""
        return f"civicdesk_device_{self._sign('name', _account(email)).hex()[:16]}"

    def new_cookie(self, email: str, now: datetime) -> str:
        """The value for a browser that has just signed in to this account."""
        device, issued = secrets.token_urlsafe(16), str(int(now.timestamp()))
        return f"{device}.{issued}.{self._signature(device, issued, email)}"

    def device_of(self, email: str, cookie: str | None, now: datetime) -> str | None:
        """The id in the cookie, if we signed it for this account within the last 180 days."""
        if not cookie or len(cookie) > _LONGEST or not cookie.isascii():
            return None
        device, _, rest = cookie.partition(".")
        issued, _, signature = rest.partition(".")
        if not hmac.compare_digest(signature, self._signature(device, issued, email)):
            return None
        age = now.timestamp() - int(issued)
        return device if age < LIFE.total_seconds() else None

    def _signature(self, device: str, issued: str, email: str) -> str:
        signed = self._sign("device", device, issued, _account(email))
        return base64.urlsafe_b64encode(signed).decode().rstrip("=")

    def _sign(self, *parts: str) -> bytes:
        return hmac.new(
            self._secret, "\n".join(parts).encode("utf-8", "surrogatepass"), hashlib.sha256
        ).digest()


def _account(email: str) -> str:
    return email.strip().lower()
