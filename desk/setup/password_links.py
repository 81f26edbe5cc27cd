"""A link with which a person sets the password of their account: shown once to an administrator, valid for one use."""

import asyncio
import hashlib
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from desk.model import Clock, DeskError
from desk.people import audit
from desk.people.password_rules import check_password
from desk.people.passwords import Passwords
from desk.store.people import agents, sessions, steps
from desk.store.people.steps import Step
from desk.store.pool import Executor, Store

KIND = "password_link"
LIFE = timedelta(hours=72)


class LinkOver(DeskError):
    """The link was used, replaced, or is too old."""


class PasswordLinks:
    """Built once. `city` is the city's name: a password may not contain it."""

    def __init__(self, store: Store, passwords: Passwords, clock: Clock, city: str) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._city = city

    async def add(self, executor: Executor, agent_id: UUID) -> str:
        """A new link's token. Those that the account had before are over, and so are sign-ins under way."""
        token, now = secrets.token_urlsafe(32), self._clock()
        await steps.delete_of_agent(executor, agent_id)
        await steps.add_step(executor, _hash_of(token), Step(KIND, agent_id, {}), now, now + LIFE)
        return token

    async def email_of(self, token: str) -> str:
        """Whose password it sets; looking does not use it up. Raises LinkOver."""
        return str((await self._account(self._store.pool, token))["email"])

    async def use(self, token: str, password: str) -> None:
        """Set the password; every session of the account ends. Raises LinkOver or PasswordRefused; a refused password
        does not use the link up."""
        row = await self._account(self._store.pool, token)
        await asyncio.to_thread(check_password, password, (row["email"], row["name"], self._city))
        hashed = await self._passwords.hash(password)
        async with self._store.transaction() as transaction:
            await self._account(transaction, token)
            if not await steps.delete_step(transaction, _hash_of(token)):
                raise LinkOver
            await agents.set_password_hash(transaction, row["id"], hashed)
            await sessions.delete_sessions(transaction, row["id"])
            await audit.record(transaction, row["id"], "account_password", None, self._clock())

    async def _account(self, executor: Executor, token: str) -> Any:
        step = await steps.get_step(executor, _hash_of(token), KIND, self._clock())
        row = await agents.get_by_id(executor, step.agent_id) if step and step.agent_id else None
        if row is None or not row["active"]:
            raise LinkOver
        return row


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
