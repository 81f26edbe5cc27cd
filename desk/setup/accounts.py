"""Administrators' actions on other accounts: sessions, lost second factors, deactivation."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from desk.model import Actor, Clock, DeskError, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require, roles_with
from desk.people.sessions import OpenSession, sessions_of
from desk.store.people import agents, factors, sessions, steps
from desk.store.people.agents import Account
from desk.store.pool import Executor, Store


class AccountRefused(DeskError):
    """Nothing was changed; the text says why."""


async def keep_an_admin(transaction: Executor, agent_id: UUID) -> None:
    """Raise AccountRefused where this person is the only active administrator. They are locked, so that two who
    change each other's accounts at the same time cannot leave none."""
    if await agents.lock_active(transaction, roles_with(Permission.MANAGE_ACCOUNTS)) == [agent_id]:
        raise AccountRefused("This is the last active administrator. Nothing was changed.")


class Accounts:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(self, store: Store, clock: Clock, idle: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._idle = idle

    async def list(self, actor: Actor) -> list[Account]:
        """Everybody with an account."""
        require(actor, Permission.MANAGE_ACCOUNTS)
        return await agents.list_accounts(self._store.pool, self._clock(), self._idle)

    async def get(self, actor: Actor, agent_id: UUID) -> tuple[Account, Sequence[OpenSession]]:
        """One account and its sessions. Raises NotFound."""
        require(actor, Permission.MANAGE_ACCOUNTS)
        found = await agents.list_accounts(self._store.pool, self._clock(), self._idle, agent_id)
        if not found:
            raise NotFound("There is no such account.")
        return found[0], await sessions_of(self._store, agent_id, self._clock(), self._idle)

    async def end_sessions(self, actor: Actor, agent_id: UUID) -> None:
        """Sign somebody out everywhere."""
        await self._other(actor, agent_id)
        async with self._store.transaction() as transaction:
            ended = await sessions.delete_sessions(transaction, agent_id)
            await self._note(transaction, actor, "account_sessions_ended", agent_id, sessions=str(ended))

    async def reset_factors(self, actor: Actor, agent_id: UUID) -> None:
        """Forget lost second factors; the next sign-in sets up new ones where they are required. Sessions end."""
        await self._other(actor, agent_id)
        async with self._store.transaction() as transaction:
            await factors.delete_factors(transaction, agent_id)
            await steps.delete_of_agent(transaction, agent_id)
            await sessions.delete_sessions(transaction, agent_id)
            await self._note(transaction, actor, "account_factors_reset", agent_id)

    async def set_active(self, actor: Actor, agent_id: UUID, active: bool) -> None:
        """Let somebody in again, or no longer; then every session ends."""
        await self._other(actor, agent_id)
        async with self._store.transaction() as transaction:
            if not active:
                await keep_an_admin(transaction, agent_id)
            await agents.set_active(transaction, agent_id, active)
            if not active:
                await steps.delete_of_agent(transaction, agent_id)
                await sessions.delete_sessions(transaction, agent_id)
            action = "account_activated" if active else "account_deactivated"
            await self._note(transaction, actor, action, agent_id)

    async def _other(self, actor: Actor, agent_id: UUID) -> Account:
        found, _ = await self.get(actor, agent_id)
        if agent_id == actor.agent_id:
            raise AccountRefused("This is your own account. Another administrator has to do it.")
        return found

    async def _note(
        self, transaction: Executor, actor: Actor, action: str, agent_id: UUID, **ids: str
    ) -> None:
        await audit.record(
            transaction, actor.agent_id, action, None, self._clock(), account=str(agent_id), **ids
        )
