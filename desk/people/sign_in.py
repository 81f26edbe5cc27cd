"""Sign-in: e-mail and password against a limited number of tries.

SignInRefused       wrong e-mail or password, or a deactivated agent: one sentence for all three
└── TooManyAttempts `retry_after` is a timedelta; the password was not even looked at
"""

import hashlib
from datetime import datetime, timedelta

from desk.model import Actor, Clock, DeskError
from desk.people import audit
from desk.people.passwords import Passwords
from desk.people.sessions import NewSession, open_session
from desk.store.people import agents
from desk.store.pool import Store

WINDOW = timedelta(minutes=15)
TRIES_BY_EMAIL = 10
TRIES_BY_ADDRESS = 60
"""An address may be a whole office behind one router."""


class SignInRefused(DeskError):
    """Not let in."""

    def __init__(
        self, sentence: str = "This e-mail and password do not match. Check both and try again."
    ) -> None:
        super().__init__(sentence)


class TooManyAttempts(SignInRefused):
    """Too many tries for this e-mail or from this address."""

    def __init__(self, retry_after: timedelta) -> None:
        minutes = max(1, -(-int(retry_after.total_seconds()) // 60))
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        super().__init__(f"There were too many sign-in attempts. Please wait {wait} and try again.")
        self.retry_after = retry_after


class SignIn:
    """Built once; `sign_in` is safe from many requests at once."""

    def __init__(self, store: Store, passwords: Passwords, clock: Clock) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock

    async def sign_in(self, email: str, password: str, address: str) -> NewSession:
        """A new session, or SignInRefused. `address` is where the request came from."""
        email = email.strip().lower()[:254]
        now = self._clock()
        await self._count(email, address, now)
        row = await agents.get_by_email(self._store.pool, email)
        stored = row["password_hash"] if row is not None and row["active"] else None
        if not await self._passwords.matches(stored, password):
            await audit.record(self._store.pool, row["id"] if row else None, "sign_in_refused", None, now)
            raise SignInRefused
        renewed = await self._passwords.hash(password) if self._passwords.outdated(stored or "") else None
        actor = Actor(row["id"], row["name"], row["role"], tuple(row["teams"]))
        async with self._store.transaction() as tx:
            if renewed:
                await agents.set_password_hash(tx, actor.agent_id, renewed)
            await agents.delete_attempts(tx, _email_key(email))
            new = await open_session(tx, actor, row["email"], now)
            await audit.record(tx, actor.agent_id, "sign_in", None, now)
        return new

    async def _count(self, email: str, address: str, now: datetime) -> None:
        """Count first, look second: a hundred guesses at the same moment are a hundred, not one."""
        limits = {_email_key(email): TRIES_BY_EMAIL, _address_key(address): TRIES_BY_ADDRESS}
        await agents.add_attempt(self._store.pool, list(limits), now, WINDOW)
        for key, most in limits.items():
            tries, first = await agents.count_attempts(self._store.pool, key, now - WINDOW)
            if tries > most:
                raise TooManyAttempts((first or now) + WINDOW - now)


def _email_key(email: str) -> str:
    return email


def _address_key(address: str) -> str:
    # A digest, so that the table of attempts holds no network address in clear.
    return "address:" + hashlib.sha256(address.encode()).hexdigest()[:32]
