"""Authenticates provider requests with keyed hashes and shared secrets, compared in constant time."""

import base64
import hashlib
import hmac
from typing import Literal

from channels.errors import NotAuthentic

Algorithm = Literal["sha256", "sha1"]
Encoding = Literal["hex", "base64"]


class Signature:
    """An HMAC over bytes in one provider's notation: "sha256=<hex>", or plain base64.

    We choose the algorithm, never the request. Raises ValueError for an empty secret, which would accept
    forgeries.
    """

    def __init__(
        self, secret: str, *, algorithm: Algorithm = "sha256", encoding: Encoding = "hex", prefix: str = ""
    ) -> None:
        self._key = _needed(secret)
        self._algorithm = algorithm
        self._encoding = encoding
        self._prefix = prefix

    def of(self, signed: bytes) -> str:
        """The header value for these bytes."""
        digest = hmac.new(self._key, signed, self._algorithm).digest()
        written = digest.hex() if self._encoding == "hex" else base64.b64encode(digest).decode("ascii")
        return self._prefix + written

    def check(self, signed: bytes, given: str | None) -> None:
        """Raises NotAuthentic unless `given` is the header value for these bytes."""
        if not given:
            raise NotAuthentic("the signature is missing")
        if not _same(self.of(signed), given):
            raise NotAuthentic("the signature is wrong")


class SharedSecret:
    """A secret that the provider sends verbatim. Raises ValueError if it is empty."""

    def __init__(self, secret: str) -> None:
        self._key = _needed(secret)

    def check(self, given: str | None) -> None:
        """Raises NotAuthentic unless `given` is the secret."""
        if not given:
            raise NotAuthentic("the secret is missing")
        # Hashed first, so that the comparison does not reveal the secret's length.
        ours, theirs = (hashlib.sha256(one).digest() for one in (self._key, _bytes(given)))
        if not hmac.compare_digest(ours, theirs):
            raise NotAuthentic("the secret is wrong")


def _needed(secret: str) -> bytes:
    if not secret.strip():
        raise ValueError(
            "A secret that proves who calls is not set. Without it nothing is accepted: set it and start again."
        )
    return secret.encode("utf-8")


def _same(ours: str, given: str) -> bool:
    return hmac.compare_digest(_bytes(ours), _bytes(given))


def _bytes(given: str) -> bytes:
    # A header may contain anything; compare_digest accepts non-ASCII only as bytes.
    return given.encode("utf-8", "surrogatepass")
