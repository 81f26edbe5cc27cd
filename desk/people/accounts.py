"""What an administrator does with others' accounts: roles and teams, sessions, lost second factors, deactivation."""

from collections.abc import Sequence
from datetime import timedelta
from typing import get_args
from uuid import UUID

from desk.model import Actor, Clock, DeskError, NotFound, Role
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.people.sessions import OpenSession, sessions_of
from desk.store.people import agents, factors, sessions, steps
from desk.store.people.agents import Account
from desk.store.pool import Executor, Store


class AccountRefused(DeskError):
    """Nothing was changed; the text says why."""


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
        for one in await self.list(actor):
            if one.id == agent_id:
                return one, await sessions_of(self._store, agent_id, self._clock(), self._idle)
        raise NotFound("There is no such account.")

    async def set_place(
        self, actor: Actor, agent_id: UUID, role: str, teams: Sequence[str], only_own_teams: bool
    ) -> None:
        """The role and the teams (which exist) of somebody else. Their sessions end, as the pages that are open show too much."""
        before = await self._other(actor, agent_id)
        if role not in get_args(Role):
            raise AccountRefused("Choose a role from the list. Nothing was changed.")
        if before.federated:
            raise AccountRefused(
                "The city's own sign-in gives this person's role. Change their group there. Nothing was changed."
            )
        async with self._store.transaction() as transaction:
            await agents.set_place(transaction, agent_id, before.name, role, list(teams), only_own_teams)
            await sessions.delete_sessions(transaction, agent_id)
            await self._note(transaction, actor, "account_role", agent_id, role=role, teams=" ".join(teams))

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
