"""The first account of a new desk. Only somebody with the command line can create it: the command prints a link that works
once, for a day, and only while nobody has an account."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta

from desk.model import Clock, DeskError
from desk.people import audit
from desk.people.agents import LONGEST_EMAIL, LONGEST_NAME, is_email
from desk.people.password_rules import PasswordRefused, check_password
from desk.people.passwords import Passwords
from desk.store.people import agents, first_steps, steps
from desk.store.people.steps import Step
from desk.store.pool import Store

KIND = "first_admin"
LIFE = timedelta(hours=24)


class HasAccounts(DeskError):
    """The desk has accounts already."""


class FirstAdminLinkOver(DeskError):
    """The link was used, replaced or is too old, or somebody has an account by now."""


class FirstAdminRefused(DeskError):
    """Nothing was changed. `problems` has a sentence for each field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("Some fields need another look.")
        self.problems = problems


class FirstAdmin:
    """Built once. `city` is the city's name: a password may not contain it."""

    def __init__(self, store: Store, passwords: Passwords, clock: Clock, city: str) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock
        self._city = city

    async def new_token(self) -> str:
        """The token of a new link; earlier ones are over. Raises HasAccounts."""
        token, now = secrets.token_urlsafe(32), self._clock()
        async with self._store.transaction() as transaction:
            await first_steps.lock(transaction)
            if not await first_steps.is_without_accounts(transaction):
                raise HasAccounts(
                    "This desk already has accounts. An administrator can add more in the console."
                )
            await first_steps.delete_links(transaction, KIND)
            await steps.add_step(transaction, _hash_of(token), Step(KIND, None, {}), now, now + LIFE)
        return token

    async def wanted(self) -> bool:
        """Whether nobody has an account yet."""
        return await first_steps.is_without_accounts(self._store.pool)

    async def check(self, token: str) -> None:
        """Raise FirstAdminLinkOver unless the link works. Looking does not use it up."""
        step = await steps.get_step(self._store.pool, _hash_of(token), KIND, self._clock())
        if step is None or not await self.wanted():
            raise FirstAdminLinkOver

    async def use(self, token: str, name: str, email: str, password: str) -> None:
        """Make the account of an administrator. Raises FirstAdminLinkOver or FirstAdminRefused; what is refused does not
        use the link up."""
        await self.check(token)
        name, email = " ".join(name.split()), email.strip().lower()
        problems = {}
        if not 1 <= len(name) <= LONGEST_NAME:
            problems["name"] = f"Give a name of at most {LONGEST_NAME} characters."
        if not is_email(email):
            problems["email"] = f"Give an e-mail address of at most {LONGEST_EMAIL} characters."
        try:
            await asyncio.to_thread(check_password, password, (email, name, self._city))
        except PasswordRefused as refused:
            problems["new"] = str(refused)
        if problems:
            raise FirstAdminRefused(problems)
        hashed = await self._passwords.hash(password)
        async with self._store.transaction() as transaction:
            await first_steps.lock(transaction)
            empty = await first_steps.is_without_accounts(transaction)
            if not empty or not await steps.delete_step(transaction, _hash_of(token)):
                raise FirstAdminLinkOver
            added = await agents.add_agent(transaction, email, name, "admin", [], hashed)
            assert added is not None, "nobody had an account"
            await audit.record(
                transaction, added, "account_added", None, self._clock(), account=str(added), first="yes"
            )


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
