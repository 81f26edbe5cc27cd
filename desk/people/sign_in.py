"""Sign-in: e-mail and password. Guessing is slowed down, an agent's own browser is not, and nobody is locked out.

    a browser that signed in before ──> its own slow-down, whatever strangers do
    any other browser               ──> slowed by (account, address) and by address

SignInRefused       wrong e-mail or password, or a deactivated agent: one sentence for all three
TooManyAttempts     too early (desk/people/attempts.py); the password was not checked
"""

from dataclasses import dataclass

import structlog

from desk.model import Actor, Clock, DeskError
from desk.people import audit
from desk.people.attempts import WINDOW, Attempts, Slowdown, attempt_key
from desk.people.devices import KnownDevices
from desk.people.passwords import Passwords
from desk.people.sessions import NewSession, open_session
from desk.store.people import agents
from desk.store.pool import Store

log = structlog.get_logger("security")

FREE_TRIES = 5
FIRST_WAIT = 4.0  # seconds; doubled with each further try …
LONGEST_WAIT = 900.0  # … up to this
FREE_TRIES_BY_ADDRESS = 60
"""In an hour. A whole office may share one address: after this many, each attempt waits a little."""
ADDRESS_WAIT = 10.0
ALERT_EVERY = 100
"""This many wrong passwords for one account in an hour, from anywhere, are logged as an error for the operator."""


class SignInRefused(DeskError):
    """Sign-in refused."""

    def __init__(self) -> None:
        super().__init__("This e-mail and password do not match. Check both and try again.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session, and the cookie that makes this browser a known device; None if it has a valid one already."""

    new: NewSession
    device_cookie: str | None


class SignIn:
    """Built once; `sign_in` is safe from many requests at once."""

    def __init__(self, store: Store, passwords: Passwords, devices: KnownDevices, clock: Clock) -> None:
        self._store = store
        self._passwords = passwords
        self._devices = devices
        self._attempts = Attempts(store, clock)
        self._clock = clock

    async def sign_in(
        self, email: str, password: str, address: str, device_cookie: str | None = None
    ) -> SignedIn:
        """Raises SignInRefused or TooManyAttempts. `address` is where the request came from."""
        email = email.strip().lower()[:254]
        now = self._clock()
        device = self._devices.device_of(email, device_cookie, now)
        slowdowns = _slowdowns(email, address, device)
        # Counted first: a hundred simultaneous guesses count as a hundred, not as one.
        await self._attempts.take(slowdowns)
        row = await agents.get_by_email(self._store.pool, email)
        stored = row["password_hash"] if row is not None and row["active"] else None
        if not await self._passwords.matches(stored, password):
            agent_id = row["id"] if row else None
            await audit.record(self._store.pool, agent_id, "sign_in_refused", None, now)
            await self._warn(email, address)
            raise SignInRefused
        renewed = await self._passwords.hash(password) if self._passwords.outdated(stored or "") else None
        actor = Actor(row["id"], row["name"], row["role"], tuple(row["teams"]))
        async with self._store.transaction() as tx:
            if renewed:
                await agents.set_password_hash(tx, actor.agent_id, renewed)
            new = await open_session(tx, actor, row["email"], now)
            await audit.record(tx, actor.agent_id, "sign_in", None, now)
        # Not the address: an attacker with an account of their own must not reset it to go on guessing at
        # others'.
        await self._attempts.forget([slowdowns[0].key])
        return SignedIn(new, None if device else self._devices.new_cookie(email, now))

    async def _warn(self, email: str, address: str) -> None:
        key = attempt_key("refused", email)
        now = self._clock()
        await agents.add_attempts(self._store.pool, [key], now)
        tries, _ = await agents.count_attempts(self._store.pool, key, now - WINDOW)
        log.warning("sign_in_refused", account=key, address=attempt_key("address", address), tries=tries)
        if tries % ALERT_EVERY == 0:
            log.error("account_attacked", account=key, tries=tries, page="operator")


def _slowdowns(email: str, address: str, device: str | None) -> tuple[Slowdown, ...]:
    if device is not None:
        return (Slowdown(attempt_key("device", email, device), FREE_TRIES, FIRST_WAIT, LONGEST_WAIT),)
    return (
        Slowdown(attempt_key("pair", email, address), FREE_TRIES, FIRST_WAIT, LONGEST_WAIT),
        Slowdown(attempt_key("address", address), FREE_TRIES_BY_ADDRESS, ADDRESS_WAIT, ADDRESS_WAIT),
    )
