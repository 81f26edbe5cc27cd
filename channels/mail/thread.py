"""How a mail is known to answer one of ours: a signed name, in our Message-ID and in the address we ask replies to.

help+<token>@city.example, and <<token>@city.example>: `token` is our message's id and a signature over it and the
contact. Whoever writes from the contact's address and gives the token has read our mail, or is in league with who has.
"""

import base64
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable

TOKEN = re.compile(r"[a-z2-7]{26}\.[a-z2-7]{16}")
_KEY_USE = b"civicdesk mail thread 1"  # the same secret signs arrivals too: neither may pass for the other


class Threads:
    """Names of one inbox. `address` is its own; `separator` is how its server writes sub-addresses, "" if it has none."""

    def __init__(self, address: str, secret: str, separator: str = "+") -> None:
        if not secret.strip():
            raise ValueError("The secret that signs e-mail threads is not set. Set it and start again.")
        self.address = address.lower()
        self._local, _, self._domain = self.address.rpartition("@")
        self._separator = separator
        self._key = hmac.new(secret.encode("utf-8"), _KEY_USE, hashlib.sha256).digest()

    def token(self, message_id: str, contact: str) -> str:
        """The name of our message to this contact: 43 characters, the same every time, safe in an address."""
        try:
            raw = uuid.UUID(message_id).bytes
        except ValueError:
            raw = hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).digest()[:16]
        name = _base32(raw)
        return f"{name}.{self._sign(name, contact)}"

    def message_id(self, token: str) -> str:
        """Our Message-ID: a second try has the same, so that whoever holds the first knows it."""
        return f"<{token}@{self._domain}>"

    def reply_address(self, token: str) -> str:
        """Where the contact's answer goes, and a bounce."""
        if not self._separator:
            return self.address
        return f"{self._local}{self._separator}{token}@{self._domain}"

    def ours(self, address: str) -> bool:
        """Is this our own address, with or without a token?"""
        local, _, domain = address.lower().rpartition("@")
        own = local == self._local or bool(
            self._separator and local.startswith(self._local + self._separator)
        )
        return own and domain == self._domain

    def proven(self, texts: Iterable[str], contact: str) -> str | None:
        """The token in these addresses or Message-IDs that we gave to this contact; None if there is no such."""
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
    # Lower case letters and digits alone: some servers change the case of what stands before the @.
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()
