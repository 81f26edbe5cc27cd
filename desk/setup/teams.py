"""Adds, changes and retires teams. Every process picks it up within five seconds (desk/routing/team_directory.py)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from city import City, Team
from city.teams import TeamRefused, read_team
from desk.model import Actor, Clock, DeskError, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.routing.team_directory import TeamDirectory, seed_teams
from desk.setup.changes import SettingRefused, changed_meanwhile
from desk.store.pool import Executor, Store
from desk.store.routing import teams
from desk.store.routing.teams import Kept

Problems = Mapping[str, str]
NONE: Problems = MappingProxyType({})
NAME_TAKEN = "There is, or was, a team of this name. Choose another."


class TeamInUse(DeskError):
    """The team cannot be retired; the text says why. Nothing was changed."""


class TeamSettings:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(self, store: Store, directory: TeamDirectory, clock: Clock, city: City) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._city = city
        self._inboxes = [inbox.name for inbox in city.inboxes]

    async def list(self, actor: Actor) -> list[Kept]:
        """Every team, also the retired ones."""
        require(actor, Permission.MANAGE_TEAMS)
        return await teams.list_kept(self._store.pool)

    async def get(self, actor: Actor, name: str) -> Kept:
        """One team. Raises NotFound."""
        require(actor, Permission.MANAGE_TEAMS)
        return await self._kept(self._store.pool, name)

    async def add(self, actor: Actor, given: Mapping[str, Any], unread: Problems = NONE) -> Team:
        """Add a team after the others. `unread`: what the form could not make sense of, which is not in `given`.
        Raises SettingRefused."""
        require(actor, Permission.MANAGE_TEAMS)
        team = self._read(given, unread)
        async with self._store.transaction() as transaction:
            await teams.lock(transaction)
            # The table may still be empty: the first team added would then replace those of city.yml.
            await seed_teams(transaction, self._city)
            if not await teams.add_team(transaction, team):
                raise SettingRefused({"name": NAME_TAKEN})
            await self._note(
                transaction, actor, "team_added", team.name, after=_json(msgspec.to_builtins(team))
            )
        self._directory.forget()
        return team

    async def change(
        self, actor: Actor, name: str, given: Mapping[str, Any], version: int, unread: Problems = NONE
    ) -> None:
        """Replace the team's settings. Raises SettingRefused, ChangedMeanwhile or NotFound."""
        require(actor, Permission.MANAGE_TEAMS)
        team = self._read({**given, "name": name}, unread)
        async with self._store.transaction() as transaction:
            await teams.lock(transaction)
            before = await self._kept(transaction, name)
            if before.version != version or not await teams.set_team(transaction, team, version):
                raise await changed_meanwhile(transaction, "team", name, version, self._clock())
            old, new = msgspec.to_builtins(before.team), msgspec.to_builtins(team)
            fields = [field for field in new if new[field] != old[field]]
            await self._note(
                transaction, actor, "team_changed", name, version=str(version + 1), fields=" ".join(fields),
                before=_json({field: old[field] for field in fields}),
                after=_json({field: new[field] for field in fields}),
            )  # fmt: skip
        self._directory.forget()

    async def move_earlier(self, actor: Actor, name: str) -> None:
        """One place further to the front: among teams that fit equally well the first gets a conversation."""
        require(actor, Permission.MANAGE_TEAMS)
        async with self._store.transaction() as transaction:
            await teams.lock(transaction)
            kept = await self._kept(transaction, name)
            if not await teams.set_earlier(transaction, name):
                return
            await self._note(
                transaction, actor, "team_changed", name, version=str(kept.version + 1), fields="place"
            )
        self._directory.forget()

    async def retire(self, actor: Actor, name: str) -> None:
        """No more conversations for this team. Raises TeamInUse while it has some, and for the last team."""
        require(actor, Permission.MANAGE_TEAMS)
        async with self._store.transaction() as transaction:
            await teams.lock(transaction)
            kept = await self._kept(transaction, name)
            if kept.open:
                raise TeamInUse(
                    f"{kept.open} conversations of this team are open. Resolve or transfer them first. Nothing was changed."
                    if kept.open > 1
                    else "A conversation of this team is open. Resolve or transfer it first. Nothing was changed."
                )
            if all(one.retired or one.team.name == name for one in await teams.list_kept(transaction)):
                raise TeamInUse("This is the only team, and the desk needs one. Nothing was changed.")
            await self._set_retired(transaction, actor, kept, True)
        self._directory.forget()

    async def bring_back(self, actor: Actor, name: str) -> None:
        """A retired team gets conversations again."""
        require(actor, Permission.MANAGE_TEAMS)
        async with self._store.transaction() as transaction:
            await teams.lock(transaction)
            await self._set_retired(transaction, actor, await self._kept(transaction, name), False)
        self._directory.forget()

    async def _set_retired(self, transaction: Executor, actor: Actor, kept: Kept, retired: bool) -> None:
        if kept.retired == retired:
            return
        name, version = kept.team.name, str(kept.version + 1)
        await teams.set_retired(transaction, name, retired)
        await self._note(
            transaction, actor, "team_changed", name, version=version, fields="retired",
            before=_json({"retired": not retired}), after=_json({"retired": retired}),
        )  # fmt: skip

    async def _kept(self, executor: Executor, name: str) -> Kept:
        found = await teams.list_kept(executor, name=name)
        if not found:
            raise NotFound("There is no such team.")
        return found[0]

    def _read(self, given: Mapping[str, Any], unread: Problems) -> Team:
        try:
            team = read_team(given, self._inboxes)
        except TeamRefused as refused:
            raise SettingRefused({**refused.problems, **unread}) from None
        if unread:
            raise SettingRefused(unread)
        return team

    async def _note(self, transaction: Executor, actor: Actor, action: str, name: str, **more: str) -> None:
        await audit.record(transaction, actor.agent_id, action, None, self._clock(), team=name, **more)


def _json(values: Mapping[str, Any]) -> str:
    return msgspec.json.encode(values).decode()
