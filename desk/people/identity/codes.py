"""The code of an identity check. It is derived from the check's id, so that no table, log or transcript contains it."""

import hmac
import re
from hashlib import sha256
from uuid import UUID

DIGITS = 6
MASK = "••••••"
_LONGEST = 60
_CODE = re.compile(r"(?<!\d)\d(?:[ \-]?\d){5}(?!\d)", re.ASCII)


class IdentityCodes:
    """`secret` is that of every gateway and worker."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"civicdesk identity check", sha256)

    def of(self, check_id: UUID) -> str:
        """The six digits of this check."""
        number = int.from_bytes(hmac.digest(self._key, check_id.bytes, sha256))
        return f"{number % 10**DIGITS:0{DIGITS}d}"

    def is_right(self, check_id: UUID, given: str) -> bool:
        """Whether these are its digits, compared in constant time."""
        return hmac.compare_digest(self.of(check_id).encode(), given.encode())


def code_in(text: str) -> str | None:
    """The six digits in a short text, None if it has none or more than one group of them."""
    found = _CODE.findall(text) if len(text) <= _LONGEST else []
    return "".join(one for one in found[0] if one.isdigit()) if len(found) == 1 else None


def masked(text: str) -> str:
    """The text without its code."""
    return _CODE.sub(MASK, text)
