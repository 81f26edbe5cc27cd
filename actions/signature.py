"""Authenticates the only caller, the bot, which signs `<timestamp>.<raw body>` with a secret that both hold."""

import hashlib
import hmac
from collections.abc import Callable

from sanic.compat import Header

TOLERANCE = 300  # seconds for which a signature is valid, in both directions


class Signature:
    """Checks the headers `X-Civicdesk-Timestamp` (Unix seconds) and `X-Civicdesk-Signature` (`sha256=<hex>`)."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        if not secret:
            raise ValueError("The actions' secret is empty. Set CIVICDESK_ACTIONS_SECRET.")
        self._secret = secret.encode()
        self._clock = clock

    def is_fresh(self, headers: Header) -> bool:
        """Whether both headers are present, well formed and recent: all that can be checked before the body is read."""
        stamp, given = _claims(headers)
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and given.isascii()):
            return False
        return given.startswith("sha256=") and abs(self._clock() - int(stamp)) <= TOLERANCE

    def is_authentic(self, headers: Header, body: bytes) -> bool:
        """Whether the bot signed exactly these bytes. Compares in constant time."""
        if not self.is_fresh(headers):
            return False
        stamp, given = _claims(headers)
        expected = hmac.new(self._secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"sha256={expected}", given)


def _claims(headers: Header) -> tuple[str, str]:
    return headers.getone("x-civicdesk-timestamp", ""), headers.getone("x-civicdesk-signature", "")
