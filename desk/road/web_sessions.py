"""Web sessions: a token the server made, kept as a hash, stands for one contact of the web inbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.model import Contact
from desk.store.pool import Store

LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Session:
    """`token` is shown once, to the widget (256 random bits, base64url)."""

    token: str
    contact: Contact
    expires_at: datetime


async def open_session(store: Store, inbox: str, language: str | None, now: datetime) -> Session:
    """Make a contact and its token."""
    raise NotImplementedError


async def contact_of(store: Store, token: str, now: datetime) -> Contact | None:
    """The contact of a valid token, None otherwise. Moves last_seen (at most once a minute)."""
    raise NotImplementedError
