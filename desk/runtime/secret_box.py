"""Encrypts what must be readable later and must not be readable in a copy of the database or in a browser's cookie.

AES-256-GCM. The key comes from the gateway's secret, which the database does not have; each purpose has its own.
"""

import json
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
_LONGEST = 4_000  # bytes of a sealed value that is looked at


class SecretBox:
    """`purpose` parts its values from those of other boxes of the same secret."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        key = HKDF(SHA256(), 32, salt=None, info=f"civicdesk {purpose}".encode()).derive(secret)
        self._cipher = AESGCM(key)

    def seal(self, value: bytes, owner: str) -> bytes:
        """Encrypted; it opens for the same `owner` only."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, value, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes | None:
        """The value; None if it was changed, belongs to another owner, or was sealed with another secret."""
        if not _NONCE < len(sealed) <= _LONGEST:
            return None
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode())
        except InvalidTag:
            return None

    def seal_text(self, values: Mapping[str, str], owner: str) -> str:
        """A few values for a cookie."""
        return self.seal(json.dumps(dict(values)).encode(), owner).hex()

    def open_text(self, sealed: str, owner: str) -> dict[str, str] | None:
        """The values of `seal_text`; None as in `open`."""
        try:
            opened = self.open(bytes.fromhex(sealed[: 2 * _LONGEST]), owner)
        except ValueError:
            return None
        return json.loads(opened) if opened is not None else None
