"""An agent's own second factors: set one up, remove one, make new recovery codes. The password comes first."""

from dataclasses import dataclass
from uuid import UUID

from city.sign_in import SignInConfig
from desk.model import Clock, DeskError
from desk.people import audit
from desk.people.factors import recovery
from desk.people.factors.passkeys import Passkeys
from desk.people.factors.rules import needs_factor
from desk.people.factors.totp import CodeApps
from desk.people.own_password import OwnPassword
from desk.people.sessions import Session
from desk.store.people import factors, sessions
from desk.store.people.factors import FactorState, Passkey
from desk.store.pool import Executor, Store


class FactorRefused(DeskError):
    """Nothing was changed; the text says why."""


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """What the account page shows."""

    factors: FactorState
    passkeys: list[Passkey]
    required: bool


class OwnFactors:
    """Built once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        apps: CodeApps,
        passkeys: Passkeys,
        password: OwnPassword,
        rules: SignInConfig,
    ) -> None:
        self._store = store
        self._clock = clock
        self._apps = apps
        self._passkeys = passkeys
        self._password = password
        self._rules = rules

    async def standing(self, session: Session) -> OwnStanding:
        """The agent's factors."""
        agent_id = session.actor.agent_id
        return OwnStanding(
            await factors.get_state(self._store.pool, agent_id),
            await factors.list_passkeys(self._store.pool, agent_id),
            needs_factor(self._rules, session.actor.role),
        )

    async def new_app(self, session: Session) -> str:
        """The secret to show for an authenticator app. Raises FactorRefused if one is in use."""
        agent_id = session.actor.agent_id
        if (await factors.get_state(self._store.pool, agent_id)).totp:
            raise FactorRefused("An authenticator app is already in use. Remove it first.")
        return await self._apps.new_secret(self._store.pool, agent_id)

    async def confirm_app(self, session: Session, code: str, password: str) -> list[str]:
        """The app gave a right code: it is in use now. Recovery codes to show once, where there were none."""
        await self._sure(session, password)
        agent_id, now = session.actor.agent_id, self._clock()
        async with self._store.transaction() as transaction:
            if not await self._apps.use_code(transaction, agent_id, code, now, confirmed=False):
                raise FactorRefused(
                    "This is not the code that the app shows now. Check the clock and try again."
                )
            await factors.mark_totp_confirmed(transaction, agent_id, now)
            return await self._added(transaction, agent_id, "app")

    async def begin_passkey(self, session: Session, password: str) -> tuple[str, str]:
        """A token and options for the browser. Raises WrongPassword, TooManyAttempts or PasskeyRefused."""
        await self._sure(session, password)
        return await self._passkeys.begin_adding(session.actor.agent_id, session.email, session.actor.name)

    async def add_passkey(self, session: Session, token: str, answer: str, name: str) -> list[str]:
        """Recovery codes to show once, where there were none. Raises PasskeyRefused."""
        agent_id = session.actor.agent_id
        async with self._store.transaction() as transaction:
            await self._passkeys.add(transaction, agent_id, token, answer, name, self._clock())
            return await self._added(transaction, agent_id, "passkey")

    async def new_codes(self, session: Session, password: str) -> list[str]:
        """New recovery codes; the earlier ones end."""
        await self._sure(session, password)
        async with self._store.transaction() as transaction:
            codes = await recovery.new_codes(transaction, session.actor.agent_id)
            await self._note(transaction, session.actor.agent_id, "recovery_codes")
        return codes

    async def remove(self, session: Session, password: str, credential_id: bytes | None) -> None:
        """Remove a passkey, or the app (None). The last factor stays where one is required."""
        await self._sure(session, password)
        agent_id = session.actor.agent_id
        async with self._store.transaction() as transaction:
            if credential_id is None:
                done = await factors.delete_totp(transaction, agent_id)
            else:
                done = await factors.delete_passkey(transaction, agent_id, credential_id)
            if not done:
                raise FactorRefused("It no longer exists.")
            left = await factors.get_state(transaction, agent_id)
            if not left.any:
                if needs_factor(self._rules, session.actor.role):
                    raise FactorRefused("You need a second factor here. Set up another one first.")
                await factors.delete_factors(transaction, agent_id)
            kind = "app" if credential_id is None else "passkey"
            await self._note(transaction, agent_id, "factor_removed", factor=kind)

    async def _sure(self, session: Session, password: str) -> None:
        # At the first sign-in the password was given a moment ago.
        if not session.enrolling:
            await self._password.confirm(session.actor, session.email, password)

    async def _added(self, transaction: Executor, agent_id: UUID, kind: str) -> list[str]:
        standing = await factors.get_state(transaction, agent_id)
        codes = [] if standing.recovery else await recovery.new_codes(transaction, agent_id)
        await sessions.mark_enrolled(transaction, agent_id)
        await self._note(transaction, agent_id, "factor_added", factor=kind)
        return codes

    async def _note(self, transaction: Executor, agent_id: UUID, action: str, **ids: str) -> None:
        await audit.record(transaction, agent_id, action, None, self._clock(), **ids)
