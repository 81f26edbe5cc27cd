"""Recognises replies to our mails by a signed token in our Message-ID and in our reply address.

help+<token>@city.example, and <<token>@city.example>: `token` is our message's id and a signature over it and
the contact. A sender with the contact's address and the token has read our mail, or colludes with someone who
has.
"""

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable

TOKEN = re.compile(r"[a-z2-7]{26}\.[a-z2-7]{16}")
_KEY_USE = b"civicdesk mail thread 1"  # the same secret also signs arrivals: neither may pass as the other


class Threads:
    """The tokens of one inbox. `address` is its own; `separator` is how its server writes sub-addresses, ""
    if it has none."""

    def __init__(self, address: str, secret: str, separator: str = "+") -> None:
        if not secret.strip():
            raise ValueError("The secret that signs e-mail threads is not set. Set it and start again.")
        self.address = address.lower()
        self._local, _, self._domain = self.address.rpartition("@")
        self._separator = separator
        self._key = hmac.new(secret.encode("utf-8"), _KEY_USE, hashlib.sha256).digest()

    def token(self, message_id: str, contact: str) -> str:
        """The token for our message to this contact: 43 characters, always the same, safe in an address."""
        try:
            raw = uuid.UUID(message_id).bytes
        except ValueError:
            raw = hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).digest()[:16]
        name = _base32(raw)
        return f"{name}.{self._sign(name, contact)}"

    def message_id(self, token: str) -> str:
        """Our Message-ID: it is the same at every attempt, so that a recipient of the first recognises a
        repeat."""
        return f"<{token}@{self._domain}>"

    def reply_address(self, token: str) -> str:
        """The address for the contact's reply, and for bounces."""
        if not self._separator:
            return self.address
        return f"{self._local}{self._separator}{token}@{self._domain}"

    def ours(self, address: str) -> bool:
        """Whether this is our own address, with or without a token."""
        local, _, domain = address.lower().rpartition("@")
        own = local == self._local or bool(
            self._separator and local.startswith(self._local + self._separator)
        )
        return own and domain == self._domain

    def proven(self, texts: Iterable[str], contact: str) -> str | None:
        """The token in these addresses or Message-IDs that we gave to this contact; None if there is none."""
        for text in texts:
            for found in TOKEN.findall(text.lower()):
                name, _, signature = found.partition(".")
                if hmac.compare_digest(signature.encode(), self._sign(name, contact).encode()):
                    return str(found)
        return None

    def _sign(self, name: str, contact: str) -> str:
        signed = f"{name} {contact.lower()}".encode("utf-8", "surrogatepass")
        return _base32(hmac.new(self._key, signed, hashlib.sha256).digest()[:10])


def _base32(raw: bytes) -> str:
    # Only lower-case letters and digits: some servers change the case of the part before the @.
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
