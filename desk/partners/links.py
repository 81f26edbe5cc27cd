"""The link with which a partner desk that gets mails accepts or declines. Signed, and valid until its time is over. Pure."""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from desk.model import Clock

PartnerLink = Callable[[str, UUID, datetime], str]
"""From partner, transfer and the end of its time to an address."""


def partner_link(public_url: str, secret: str) -> PartnerLink:
    """Makes the addresses that the gateway answers."""

    def link(partner: str, transfer: UUID, until: datetime) -> str:
        expires = int(until.timestamp())
        token = f"{expires}-{_sign(secret, partner, transfer, expires)}"
        return f"{public_url.rstrip('/')}/partners/{partner}/answer/{transfer}/{token}"

    return link


def no_link(_partner: str, _transfer: UUID, _until: datetime) -> str:
    """Where nothing is sent."""
    return ""


def is_link(secrets: Sequence[str], clock: Clock, partner: str, transfer: UUID, token: str) -> bool:
    """Whether we made this link, with one of these secrets, and its time is not over. Compares in constant time."""
    expires, _, given = token.partition("-")
    if not (expires.isascii() and expires.isdigit() and len(expires) < 12):
        return False
    end = int(expires)
    same = [
        hmac.compare_digest(
            _sign(secret, partner, transfer, end).encode(), given.encode("utf-8", "surrogatepass")
        )
        for secret in secrets
        if secret
    ]
    return any(same) and clock().timestamp() < end


def _sign(secret: str, partner: str, transfer: UUID, expires: int) -> str:
    text = f"partner-answer:{partner}:{transfer}:{expires}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
