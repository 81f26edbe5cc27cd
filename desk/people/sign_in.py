"""Sign-in: e-mail and password, then a second factor if the account has one. Guessing is throttled, an agent's own
browser is not, and nobody is locked out.

    a browser that signed in before ──> its own throttle, whatever strangers do
    any other browser               ──> slowed by (account, address) and by address

SignInRefused       wrong e-mail or password, a deactivated agent, or no local sign-in: one sentence for all
WrongCode           not a code of this account, or one that was used before
StepOver            the password was given too long ago, or the step was already completed
TooManyAttempts     too early (desk/people/attempts.py); the password or code was not checked
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from city.sign_in import SignInConfig
from desk.model import Actor, Clock, DeskError
from desk.people import audit
from desk.people.attempts import WINDOW, Attempts, Slowdown, attempt_key
from desk.people.devices import KnownDevices
from desk.people.factors import recovery
from desk.people.factors.rules import needs_factor
from desk.people.factors.totp import DIGITS, CodeApps
from desk.people.passwords import Passwords
from desk.people.sessions import NewSession, hash_of, open_session
from desk.runtime.user_agents import UNKNOWN, Place
from desk.store.people import agents, factors, steps
from desk.store.people.steps import Step
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
STEP_LIFE = timedelta(minutes=10)
"""How long after the password the second factor may be given."""
SECOND = "second"


class SignInRefused(DeskError):
    """Sign-in refused."""

    def __init__(self) -> None:
        super().__init__("This e-mail and password do not match. Check both and try again.")


class WrongCode(DeskError):
    """The second factor is not right."""

    def __init__(self) -> None:
        super().__init__(
            "This code is not right, or it was used already. Wait for the next one, or use a recovery code."
        )


class StepOver(DeskError):
    """Too long since the password was given, or not in this browser."""

    def __init__(self) -> None:
        super().__init__("This took too long. Sign in again.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session, and the cookie that makes this browser a known device; None if it has a valid one already."""

    new: NewSession
    device_cookie: str | None
    email: str


@dataclass(frozen=True, slots=True)
class NeedsFactor:
    """The password was right. `token` is for the browser's cookie, and comes back with the second factor."""

    token: str


class SignIn:
    """Built once; safe from many requests at once. Without `apps` no code can be checked."""

    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        devices: KnownDevices,
        clock: Clock,
        rules: SignInConfig | None = None,
        apps: CodeApps | None = None,
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._devices = devices
        self._attempts = Attempts(store, clock)
        self._clock = clock
        self._rules = rules or SignInConfig()
        self._apps = apps

    async def sign_in(
        self,
        email: str,
        password: str,
        address: str,
        device_cookie: str | None = None,
        place: Place = UNKNOWN,
    ) -> SignedIn | NeedsFactor:
        """Raises SignInRefused or TooManyAttempts. `address` is where the request came from."""
        email = email.strip().lower()[:254]
        now = self._clock()
        device = self._devices.device_of(email, device_cookie, now)
        slowdowns = _slowdowns(email, address, device)
        # Counted first: a hundred simultaneous guesses count as a hundred, not as one.
        await self._attempts.take(slowdowns)
        row = await agents.get_by_email(self._store.pool, email)
        stored = row["password_hash"] if row is not None and self._may_try(row) else None
        if not await self._passwords.matches(stored, password):
            agent_id = row["id"] if row else None
            await audit.record(self._store.pool, agent_id, "sign_in_refused", None, now)
            await self._warn(email, address)
            raise SignInRefused
        if stored and self._passwords.outdated(stored):
            await agents.set_password_hash(self._store.pool, row["id"], await self._passwords.hash(password))
        # Not the address: an attacker with an account of their own must not reset it to go on guessing at
        # others'.
        await self._attempts.forget([slowdowns[0].key])
        if (await factors.get_state(self._store.pool, row["id"])).any:
            token = secrets.token_urlsafe(32)
            step = Step(SECOND, row["id"], {"email": row["email"]})
            await steps.add_step(self._store.pool, hash_of(token), step, now, now + STEP_LIFE)
            return NeedsFactor(token)
        enrolling = needs_factor(self._rules, row["role"])
        return await self.open(row, "password", place, device_cookie, enrolling=enrolling)

    async def is_waiting(self, token: str) -> bool:
        """Whether a password was given for this step, so that the second factor may follow."""
        return await steps.get_step(self._store.pool, hash_of(token), SECOND, self._clock()) is not None

    async def second(
        self, token: str, code: str, device_cookies: Mapping[str, str], place: Place = UNKNOWN
    ) -> SignedIn:
        """The code of an app, or a recovery code. `device_cookies` are the browser's, by name. Raises WrongCode,
        StepOver or TooManyAttempts."""
        now, pool = self._clock(), self._store.pool
        step = await steps.get_step(pool, hash_of(token), SECOND, now)
        row = await agents.get_by_id(pool, step.agent_id) if step and step.agent_id else None
        if row is None or not self._may_try(row):
            raise StepOver
        agent_id: UUID = row["id"]
        cookie = device_cookies.get(self._devices.cookie_name(row["email"]))
        device = self._devices.device_of(row["email"], cookie, now)
        # Only somebody who knows the password gets here, so strangers cannot slow anybody down. The count is per account, as a
        # code has only a million values.
        parts = (str(agent_id), device) if device else (str(agent_id),)
        key = attempt_key("factor", *parts)
        await self._attempts.take([Slowdown(key, FREE_TRIES, FIRST_WAIT, LONGEST_WAIT)])
        used = await self._use_code(agent_id, code)
        if used is None:
            await audit.record(pool, agent_id, "factor_refused", None, now)
            log.warning("factor_refused", account=attempt_key("refused", row["email"]))
            raise WrongCode
        if not await steps.delete_step(pool, hash_of(token)):
            raise StepOver
        await self._attempts.forget([key])
        return await self.open(row, used, place, cookie)

    async def with_passkey(
        self, agent_id: UUID, device_cookies: Mapping[str, str], place: Place = UNKNOWN
    ) -> SignedIn:
        """A passkey of this agent was checked. Raises SignInRefused for one who may not sign in here."""
        row = await agents.get_by_id(self._store.pool, agent_id)
        if row is None or not self._may_try(row):
            raise SignInRefused
        return await self.open(
            row, "passkey", place, device_cookies.get(self._devices.cookie_name(row["email"]))
        )

    def cookie_name(self, email: str) -> str:
        """The name of the cookie that makes a browser known for this account."""
        return self._devices.cookie_name(email)

    async def open(
        self,
        row: Any,
        method: str,
        place: Place,
        device_cookie: str | None,
        *,
        enrolling: bool = False,
        provider_session: str | None = None,
    ) -> SignedIn:
        """Open the session of the agent of this row, who has proved who they are by `method`."""
        now = self._clock()
        actor = Actor(row["id"], row["name"], row["role"], tuple(row["teams"]), row["only_own_teams"])
        async with self._store.transaction() as tx:
            new = await open_session(
                tx, actor, row["email"], now, place=place, method=method, enrolling=enrolling,
                provider_session=provider_session,
            )  # fmt: skip
            await audit.record(tx, actor.agent_id, "sign_in", None, now, method=method)
            if row["break_glass"]:
                await audit.record(tx, actor.agent_id, "break_glass", None, now)
        if row["break_glass"]:
            log.error("break_glass_used", agent=str(actor.agent_id), page="supervisor")
        known = self._devices.device_of(row["email"], device_cookie, now)
        return SignedIn(new, None if known else self._devices.new_cookie(row["email"], now), row["email"])

    def _may_try(self, row: Any) -> bool:
        return bool(row["active"]) and (self._rules.passwords or bool(row["break_glass"]))

    async def _use_code(self, agent_id: UUID, code: str) -> str | None:
        digits = "".join(code.split())
        if len(digits) == DIGITS and digits.isascii() and digits.isdigit():
            right = self._apps is not None and await self._apps.use_code(
                self._store.pool, agent_id, digits, self._clock()
            )
            return "app" if right else None
        return "recovery" if await recovery.use_code(self._store.pool, agent_id, code) else None

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
        of_address(address),
    )


def of_address(address: str) -> Slowdown:
    """What slows an unknown browser down by where it comes from."""
    return Slowdown(attempt_key("address", address), FREE_TRIES_BY_ADDRESS, ADDRESS_WAIT, ADDRESS_WAIT)
