"""Adds agents and changes their role, teams, languages, skills and capacity. Sessions and second factors: desk/setup/accounts.py."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import cast, get_args
from uuid import UUID

import asyncpg
import msgspec

from city import City
from desk.model import Actor, Clock, NotFound, Role
from desk.people import audit
from desk.people.agents import LONGEST_EMAIL, LONGEST_NAME, is_email
from desk.people.permissions import Permission, require, role_may
from desk.people.sessions import IDLE
from desk.routing.team_directory import TeamDirectory
from desk.setup.accounts import AccountRefused, keep_an_admin
from desk.setup.changes import SettingRefused, changed_meanwhile
from desk.setup.password_links import PasswordLinks
from desk.store.people import agents, sessions
from desk.store.people.agents import Account
from desk.store.pool import Executor, Store
from desk.store.routing import teams

MOST = 100
LANGUAGE = re.compile(r"[a-z]{2}")
SKILL = re.compile(r"[a-z][a-z0-9_-]{0,39}")
VALUES = ("role", "teams", "only_own_teams", "languages", "skills", "capacity")
"""Fields whose values the audit shows. Of a name and an e-mail it says only that they were changed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the form says. No languages mean all; `capacity` counts web chats at once, None where it is no number."""

    name: str
    email: str
    role: str
    teams: tuple[str, ...] = ()
    only_own_teams: bool = False
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int | None = 5


class AgentSettings:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(
        self, store: Store, directory: TeamDirectory, links: PasswordLinks, clock: Clock, city: City
    ) -> None:
        self._store = store
        self._directory = directory
        self._links = links
        self._clock = clock
        self._city = city

    async def add(self, actor: Actor, given: Settings) -> tuple[UUID, str]:
        """A new account, and the token of the link with which its owner sets the password. Raises SettingRefused."""
        require(actor, Permission.MANAGE_ACCOUNTS)
        given = await self._read(given)
        async with self._store.transaction() as transaction:
            added = await agents.add_agent(
                transaction, given.email, given.name, given.role, list(given.teams), None,
                only_own_teams=given.only_own_teams,
            )  # fmt: skip
            if added is None:
                raise SettingRefused({"email": "There is already an account with this e-mail."})
            await self._set_work(transaction, added, given)
            after = {field: getattr(given, field) for field in VALUES}
            await self._note(transaction, actor, "account_added", added, after=_json(after))
            return added, await self._links.add(transaction, added)

    async def change(self, actor: Actor, agent_id: UUID, given: Settings, version: int) -> None:
        """Save the form. Sessions end if role or teams change, as open pages show too much.

        Raises SettingRefused, ChangedMeanwhile, AccountRefused or NotFound."""
        require(actor, Permission.MANAGE_ACCOUNTS)
        given = await self._read(given)
        try:
            async with self._store.transaction() as transaction:
                await self._change(transaction, actor, agent_id, given, version)
        except asyncpg.UniqueViolationError:
            raise SettingRefused({"email": "There is already an account with this e-mail."}) from None

    async def _change(
        self, transaction: Executor, actor: Actor, agent_id: UUID, given: Settings, version: int
    ) -> None:
        before = await self._account(transaction, agent_id)
        fields = [
            field.name
            for field in fields_of(Settings)
            if _same(getattr(before, field.name)) != _same(getattr(given, field.name))
        ]
        place = {"email", "role", "teams", "only_own_teams"} & set(fields)
        if place and agent_id == actor.agent_id:
            raise AccountRefused("Another administrator has to change your own e-mail, role and teams.")
        if place and before.federated:
            raise AccountRefused(
                "The city's own sign-in manages this person's e-mail, role and teams. Change them there. Nothing was changed."
            )
        if not role_may(cast(Role, given.role), Permission.MANAGE_ACCOUNTS):
            await keep_an_admin(transaction, agent_id)
        if not await agents.set_account(
            transaction, agent_id, given.email, given.name, given.role, list(given.teams), given.only_own_teams,
            version,
        ):  # fmt: skip
            raise await changed_meanwhile(transaction, "account", str(agent_id), version, self._clock())
        await self._set_work(transaction, agent_id, given)
        if place:
            await sessions.delete_sessions(transaction, agent_id)
        shown = [field for field in fields if field in VALUES]
        await self._note(
            transaction, actor, "account_changed", agent_id, version=str(version + 1), fields=" ".join(fields),
            before=_json({field: getattr(before, field) for field in shown}),
            after=_json({field: getattr(given, field) for field in shown}),
        )  # fmt: skip

    async def new_link(self, actor: Actor, agent_id: UUID) -> str:
        """The token of a new link. The old password and every session are over. Raises AccountRefused or NotFound."""
        require(actor, Permission.MANAGE_ACCOUNTS)
        if agent_id == actor.agent_id:
            raise AccountRefused("This is your own account. Change your password under your name.")
        async with self._store.transaction() as transaction:
            account = await self._account(transaction, agent_id)
            if account.federated or not account.active:
                raise AccountRefused(
                    "This person signs in with the city's own sign-in. Nothing was changed."
                    if account.federated
                    else "This account is deactivated. Activate it first. Nothing was changed."
                )
            await agents.set_password_hash(transaction, agent_id, None)
            await sessions.delete_sessions(transaction, agent_id)
            await self._note(transaction, actor, "account_link", agent_id)
            return await self._links.add(transaction, agent_id)

    async def _account(self, executor: Executor, agent_id: UUID) -> Account:
        found = await agents.list_accounts(executor, self._clock(), IDLE, agent_id)
        if not found:
            raise NotFound("There is no such account.")
        return found[0]

    async def _read(self, given: Settings) -> Settings:
        problems = {}
        chosen = given.role
        name, email = " ".join(given.name.split()), given.email.strip().lower()
        if not 1 <= len(name) <= LONGEST_NAME:
            problems["name"] = f"Give a name of at most {LONGEST_NAME} characters; citizens see it."
        if not is_email(email):
            problems["email"] = f"Give an e-mail address of at most {LONGEST_EMAIL} characters."
        if chosen not in get_args(Role):
            problems["role"] = "Choose a role from the list."
        if any(not LANGUAGE.fullmatch(one) for one in given.languages):
            problems["languages"] = "Choose languages from the list."
        if wrong := [one for one in given.skills if not SKILL.fullmatch(one)]:
            problems["skills"] = f"'{wrong[0][:40]}' is no topic, inbox or kind of danger."
        if given.capacity is None or not 0 <= given.capacity <= MOST:
            problems["capacity"] = f"Give a whole number from 0 to {MOST}."
        # Members of a retired team may stay in it.
        known = {team.name for team in await self._directory.read(self._store.pool)}
        known |= await teams.list_names(self._store.pool)
        if unknown := sorted(set(given.teams) - known):
            problems["teams"] = f"The team '{unknown[0]}' is not there. Choose teams from the list."
        if problems:
            raise SettingRefused(problems)
        return Settings(
            name,
            email,
            given.role,
            given.teams,
            given.only_own_teams,
            given.languages,
            given.skills,
            given.capacity,
        )

    async def _set_work(self, transaction: Executor, agent_id: UUID, given: Settings) -> None:
        assert given.capacity is not None
        await agents.set_work(
            transaction, agent_id, list(given.languages), list(given.skills), given.capacity
        )

    async def _note(
        self, transaction: Executor, actor: Actor, action: str, agent_id: UUID, **more: str
    ) -> None:
        await audit.record(
            transaction, actor.agent_id, action, None, self._clock(), account=str(agent_id), **more
        )


def _same(value: object) -> object:
    """A list without its order, which means nothing here."""
    return frozenset(value) if isinstance(value, tuple) else value


def _json(values: Mapping[str, object]) -> str:
    return msgspec.json.encode(values).decode()
