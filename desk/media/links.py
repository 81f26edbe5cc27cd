"""Media links: how a back end reaches a citizen's photo. Signed, and valid for a limited time. Pure."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from desk.model import Clock

LIFE = timedelta(days=30)


def media_links(public_url: str, secret: str, clock: Clock) -> Callable[[str], str]:
    """Returns a function from a media id to an address that the gateway serves until the link expires."""

    def link(media_id: str) -> str:
        expires = int((clock() + LIFE).timestamp())
        signature = sign_media(secret, UUID(media_id), expires)
        return f"{public_url.rstrip('/')}/media/{media_id}?expires={expires}&signature={signature}"

    return link


def sign_media(secret: str, media_id: UUID, expires: int) -> str:
    """The signature of a link to a photo that holds until `expires` (Unix seconds)."""
    return hmac.new(secret.encode(), f"media:{media_id}:{expires}".encode(), hashlib.sha256).hexdigest()
