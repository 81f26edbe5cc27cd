"""The key that identifies this desk to push services (VAPID, RFC 8292), derived from CIVICDESK_SECRET like other keys.

The libraries are imported on first use, because they take 8 MB.
"""

import base64
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

LIFE = timedelta(hours=12)  # of a signature; RFC 8292 allows 24 hours
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


class PushKeys:
    """All processes must have the same `secret`. `subject`: the https or mailto address where a push service finds us."""

    def __init__(self, secret: bytes, subject: str) -> None:
        self._secret = secret
        self._subject = subject

    @cached_property
    def private(self) -> "EllipticCurvePrivateKey":
        """The signing key."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        # 48 bytes for 32: the remainder is then as good as evenly distributed (FIPS 186-5, A.2.1).
        bits = HKDF(SHA256(), 48, salt=None, info=b"civicdesk web push").derive(self._secret)
        return ec.derive_private_key(int.from_bytes(bits) % (_ORDER - 1) + 1, ec.SECP256R1())

    @cached_property
    def public(self) -> str:
        """The public key as browsers and push services take it: base64url of the uncompressed point."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64url(point)

    def authorization(self, endpoint: str, now: datetime) -> str:
        """The Authorization header for this push service."""
        from joserfc import jwt
        from joserfc.jwk import ECKey

        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + LIFE).timestamp()),
            "sub": self._subject,
        }
        token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(self._jwk))
        return f"vapid t={token}, k={self.public}"

    @cached_property
    def _jwk(self) -> dict[str, str | list[str]]:
        numbers = self.private.private_numbers()
        point = numbers.public_numbers
        x, y, d = (base64url(value.to_bytes(32)) for value in (point.x, point.y, numbers.private_value))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": d}


def base64url(value: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
