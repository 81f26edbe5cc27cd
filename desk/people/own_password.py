"""Changing one's own password: the current one first, throttled like a sign-in; then the other sessions end."""

import asyncio

from desk.model import Actor, Clock, DeskError
from desk.people import audit
from desk.people.attempts import Attempts, Slowdown, attempt_key
from desk.people.password_rules import check_password
from desk.people.passwords import Passwords
from desk.people.sessions import end_other_sessions
from desk.people.sign_in import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT
from desk.store.people import agents
from desk.store.pool import Store


class WrongPassword(DeskError):
    """The current password is wrong."""


class OwnPassword:
    """Built once. `city` is the city's name: a password may not contain it."""

    def __init__(self, store: Store, passwords: Passwords, clock: Clock, city: str) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._city = city
        self._attempts = Attempts(store, clock)

    async def change(self, actor: Actor, email: str, current: str, new: str, token: str) -> None:
        """Set `new`; every session of the agent ends except that of `token`.

        Raises TooManyAttempts, WrongPassword or PasswordRefused; then nothing was changed."""
        key = await self._check(actor, email, current)
        await asyncio.to_thread(check_password, new, (email, actor.name, self._city))
        hashed = await self._passwords.hash(new)
        async with self._store.transaction() as transaction:
            await agents.set_password_hash(transaction, actor.agent_id, hashed)
            await end_other_sessions(transaction, actor.agent_id, token)
            await audit.record(transaction, actor.agent_id, "password", None, self._clock())
        await self._attempts.forget([key])

    async def confirm(self, actor: Actor, email: str, current: str) -> None:
        """Raise TooManyAttempts or WrongPassword unless `current` is the agent's password."""
        await self._attempts.forget([await self._check(actor, email, current)])

    async def _check(self, actor: Actor, email: str, current: str) -> str:
        key = attempt_key("change", str(actor.agent_id))
        await self._attempts.take([Slowdown(key, FREE_TRIES, FIRST_WAIT, LONGEST_WAIT)])
        row = await agents.get_by_email(self._store.pool, email)
        if not await self._passwords.matches(row["password_hash"] if row else None, current):
            await audit.record(self._store.pool, actor.agent_id, "password_refused", None, self._clock())
            raise WrongPassword("The current password is wrong. Nothing was changed.")
        return key
