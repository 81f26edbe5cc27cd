"""Passkeys (WebAuthn). The device checks who holds it, so that a passkey alone is two factors.

A passkey belongs to the host name of the public address; browsers offer none for an address that is a number.
ceremonies.py is imported on first use, because its library takes 7 MB.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from desk.model import Clock, DeskError
from desk.people.sessions import hash_of
from desk.store.people import factors, steps
from desk.store.people.factors import Passkey
from desk.store.people.steps import Step
from desk.store.pool import Executor, Store

LIFE = timedelta(minutes=5)
"""So long a challenge may be answered, once."""
MOST = 10
LONGEST_NAME = 60
LONGEST_ANSWER = 20_000
NEW, SIGN_IN = "passkey_new", "passkey"


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey belongs to. `title` is what the device shows."""

    host: str
    origin: str
    title: str

    @property
    def secure(self) -> bool:
        """Whether browsers offer passkeys here, if the host has a name."""
        return bool(self.host) and (self.origin.startswith("https://") or self.host == "localhost")


class PasskeyRefused(DeskError):
    """The passkey cannot be added, or does not open this account."""


class Passkeys:
    """Built once. `public_url` is where people reach the console; `title` is what their device shows."""

    def __init__(self, store: Store, clock: Clock, public_url: str, title: str) -> None:
        parts = urlsplit(public_url)
        self._store = store
        self._clock = clock
        self._site = Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", title)

    @property
    def available(self) -> bool:
        """Whether browsers offer passkeys at this address."""
        try:
            ip_address(self._site.host)
        except ValueError:
            return self._site.secure
        return False

    async def begin_adding(self, agent_id: UUID, email: str, name: str) -> tuple[str, str]:
        """A token for the browser's cookie, and the options for its authenticator as JSON."""
        known = await factors.list_passkeys(self._store.pool, agent_id)
        if len(known) >= MOST:
            raise PasskeyRefused(f"You already have {MOST} passkeys. Remove one first.")
        from desk.people.factors import ceremonies

        challenge, options = ceremonies.new_passkey(
            self._site, agent_id.bytes, email, name, [one.credential_id for one in known]
        )
        return await self._keep(Step(NEW, agent_id, {"challenge": challenge})), options

    async def add(
        self, executor: Executor, agent_id: UUID, token: str, answer: str, name: str, now: datetime
    ) -> Passkey:
        """Store what the authenticator made. Raises PasskeyRefused."""
        step = await self._take(token, NEW)
        if step.agent_id != agent_id:
            raise PasskeyRefused("This took too long. Try again.")
        from desk.people.factors import ceremonies

        try:
            made = ceremonies.read_new_passkey(self._site, step.detail["challenge"], answer[:LONGEST_ANSWER])
        except ceremonies.NotVerified:
            raise PasskeyRefused(
                "The passkey could not be checked. Nothing was changed. Try again."
            ) from None
        passkey = Passkey(
            made.credential_id, agent_id, made.public_key, made.sign_count,
            " ".join(name.split())[:LONGEST_NAME] or "Passkey", now, None,
        )  # fmt: skip
        if not await factors.add_passkey(executor, passkey):
            raise PasskeyRefused("This passkey is already registered.")
        return passkey

    async def begin_sign_in(self) -> tuple[str, str]:
        """A token for the browser's cookie, and the options as JSON: any passkey of this host may answer."""
        from desk.people.factors import ceremonies

        challenge, options = ceremonies.sign_in(self._site)
        return await self._keep(Step(SIGN_IN, None, {"challenge": challenge})), options

    async def check(self, token: str, answer: str) -> UUID:
        """Whose passkey answered. Raises PasskeyRefused, in one sentence for all reasons."""
        step = await self._take(token, SIGN_IN)
        from desk.people.factors import ceremonies

        try:
            answered = ceremonies.read_answer(answer[:LONGEST_ANSWER])
            known = await factors.get_passkey(self._store.pool, answered.credential_id)
            if known is None:
                raise PasskeyRefused("This passkey does not belong to an account here. Sign in another way.")
            count = ceremonies.read_sign_in(
                self._site, step.detail["challenge"], answered, known.public_key, known.sign_count
            )
        except ceremonies.NotVerified:
            raise PasskeyRefused(
                "This passkey does not belong to an account here. Sign in another way."
            ) from None
        await factors.mark_passkey_used(self._store.pool, known.credential_id, count, self._clock())
        return known.agent_id

    async def _keep(self, step: Step) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        await steps.add_step(self._store.pool, hash_of(token), step, now, now + LIFE)
        return token

    async def _take(self, token: str, kind: str) -> Step:
        key = hash_of(token)
        step = await steps.get_step(self._store.pool, key, kind, self._clock())
        if step is None or not await steps.delete_step(self._store.pool, key):
            raise PasskeyRefused("This took too long. Try again.")
        return step
