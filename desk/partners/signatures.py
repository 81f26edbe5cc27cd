"""Signs what partners get and checks what they send: an HMAC over time, method, path and body. Pure."""

import hashlib
import hmac

from desk.model import Clock

STAMP, SIGNATURE = "Civicdesk-Timestamp", "Civicdesk-Signature"
TOLERANCE = 300
"""Seconds for which a signature is valid, in both directions."""


class PartnerSignature:
    """Of one partner. The path is signed too, so that a signature is good for one transfer alone."""

    def __init__(self, secret: str, clock: Clock) -> None:
        if len(secret) < 16:
            raise ValueError("it needs 16 characters or more")
        self._key = secret.encode()
        self._clock = clock

    def headers(self, method: str, path: str, body: bytes) -> dict[str, str]:
        """What proves that we send exactly this, now."""
        stamp = str(int(self._clock().timestamp()))
        return {STAMP: stamp, SIGNATURE: self._of(stamp, method, path, body)}

    def is_authentic(self, stamp: str, given: str, method: str, path: str, body: bytes) -> bool:
        """Whether the holder of the secret sent exactly this, just now. Compares in constant time."""
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
            return False
        expected = self._of(stamp, method, path, body)
        same = hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))
        return same and abs(self._clock().timestamp() - int(stamp)) <= TOLERANCE

    def _of(self, stamp: str, method: str, path: str, body: bytes) -> str:
        signed = f"{stamp}.{method}.{path}.".encode() + body
        return f"sha256={hmac.new(self._key, signed, hashlib.sha256).hexdigest()}"
