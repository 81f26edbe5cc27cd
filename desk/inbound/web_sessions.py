"""Web sessions: a server-generated token, stored as a hash, identifies one contact of the web inbox."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from desk.model import Contact
from desk.runtime.live import Live
from desk.store.inbound import web_sessions
from desk.store.people import contacts, erasures
from desk.store.pool import Store

LIFE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WebSession:
    """`token` is shown once, to the widget (256 random bits, base64url)."""

    token: str = field(repr=False)
    contact: Contact
    expires_at: datetime


async def open_session(
    store: Store, inbox: str, language: str | None, now: datetime, origin: bytes | None = None
) -> WebSession:
    """Create a contact and its token. `origin` is `origin_of` the client's network address."""
    token = secrets.token_urlsafe(32)
    async with store.transaction() as transaction:
        contact = await contacts.add_contact(transaction, inbox, str(uuid4()), language, origin)
        await web_sessions.add_session(transaction, token_key(token), contact.id, now + LIFE)
    return WebSession(token, contact, now + LIFE)


async def contact_of(store: Store, token: str, now: datetime) -> Contact | None:
    """The contact of a valid token, None otherwise. Use extends a session (at most one write a minute)."""
    hashed = token_key(token)
    found = await web_sessions.get_session(store.pool, hashed, now)
    if found is None:
        return None
    contact, seen = found
    if now - seen > SEEN_EVERY:
        await web_sessions.mark_seen(store.pool, hashed, now, now + LIFE)
    return contact


def origin_of(secret: str, address: str) -> bytes:
    """A 16-byte keyed hash of a network address: equal for equal addresses, meaningless without our
    secret."""
    return hmac.new(secret.encode(), f"origin:{address}".encode(), hashlib.sha256).digest()[:16]


async def end_session(store: Store, live: Live, token: str) -> None:
    """End the session for every window that uses it, in every gateway: each is woken and finds the session
    ended."""
    contact_id = await web_sessions.mark_ended(store.pool, token_key(token))
    if contact_id is not None:
        await live.tell(contact_id, None, "session")


async def ask_erasure(store: Store, live: Live, contact: Contact) -> None:
    """End every session of the contact at once; a worker deletes the rest within a minute (desk/turns/sweeps.py)."""
    async with store.transaction() as transaction:
        await erasures.add_erasure(transaction, contact.id)
        await web_sessions.mark_all_ended(transaction, contact.id)
    await live.tell(contact.id, None, "session")


def token_key(token: str) -> bytes:
    """The key of a token in the database: its SHA-256."""
    # 256 random bits cannot be guessed, so a slow hash is not needed.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
