"""Encrypts values that must be readable later but not in a copy of the database or in a browser's cookie.

AES-256-GCM. The key comes from the gateway's secret, which the database does not have; each purpose has its own.
Values encrypted with an earlier secret can be decrypted while that one is configured; new values use the new secret.
The library is imported on first use, because it takes 6 MB.
"""

import json
import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_LONGEST = 4_000  # the longest sealed value that is opened, in bytes


class SecretBox:
    """`purpose` parts its values from those of other boxes of the same secret. `previous`: the secret before it, or b""."""

    def __init__(self, secret: bytes, purpose: str, previous: bytes = b"") -> None:
        self._secrets = (secret, previous) if previous else (secret,)
        self._purpose = purpose

    @cached_property
    def _ciphers(self) -> "list[AESGCM]":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"civicdesk {self._purpose}".encode()
        return [AESGCM(HKDF(SHA256(), 32, salt=None, info=info).derive(secret)) for secret in self._secrets]

    def seal(self, value: bytes, owner: str) -> bytes:
        """Encrypted; it opens for the same `owner` only."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, value, owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes | None:
        """The value; None if it was changed, belongs to another owner, or was sealed with another secret."""
        values = (_opened(cipher, sealed, owner) for cipher in self._ciphers)
        return next((value for value in values if value is not None), None)

    def renewed(self, sealed: bytes, owner: str) -> bytes | None:
        """What the previous secret has sealed, sealed with the present one; None if it is, or does not open."""
        value = self.open(sealed, owner)
        if value is None or _opened(self._ciphers[0], sealed, owner) is not None:
            return None
        return self.seal(value, owner)

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


def _opened(cipher: "AESGCM", sealed: bytes, owner: str) -> bytes | None:
    from cryptography.exceptions import InvalidTag

    if not _NONCE < len(sealed) <= _LONGEST:
        return None
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], owner.encode())
    except InvalidTag:
        return None
