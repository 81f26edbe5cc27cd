"""Changes the city's settings: validated like city.yml, each with a history, and without lost updates."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from city.settings import SETTINGS, Setting, Value, ValueRefused, read_value, setting_of, value_of
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.routing.team_directory import TeamDirectory
from desk.setup.changes import SettingRefused, changed_meanwhile
from desk.setup.city_now import CityNow
from desk.setup.city_seed import note_change, seed_settings
from desk.store import city_settings
from desk.store.city_settings import KeptSetting, SettingVersion
from desk.store.pool import Executor, Store


class CitySettings:
    """Built once. Every method raises NotAllowed, and those that change something leave an audit line."""

    def __init__(self, store: Store, now: CityNow, directory: TeamDirectory, clock: Clock) -> None:
        self._store = store
        self._now = now
        self._directory = directory
        self._clock = clock

    async def list(self, actor: Actor) -> Sequence[tuple[Setting, KeptSetting]]:
        """Every setting as it is stored; as city.yml has it where no process has stored it yet (version 0)."""
        require(actor, Permission.MANAGE_SETTINGS)
        kept = await city_settings.list_kept(self._store.pool)
        return [(one, kept.get(one.name) or self._unstored(one)) for one in SETTINGS]

    async def get(self, actor: Actor, name: str) -> tuple[Setting, KeptSetting]:
        """One setting. Raises NotFound."""
        found = [one for one in await self.list(actor) if one[0].name == name]
        if not found:
            raise NotFound("There is no such setting.")
        return found[0]

    async def versions(self, actor: Actor, name: str) -> Sequence[SettingVersion]:
        """Its versions, the newest first."""
        require(actor, Permission.MANAGE_SETTINGS)
        return await city_settings.list_versions(self._store.pool, name)

    async def change(
        self, actor: Actor, name: str, given: Value, version: int, unread: Mapping[str, str] | None = None
    ) -> None:
        """Save a value. `unread`: what the form could not make sense of. Raises SettingRefused, ChangedMeanwhile or
        NotFound."""
        require(actor, Permission.MANAGE_SETTINGS)
        setting = self._setting(name)
        async with self._store.transaction() as transaction:
            value = await self._read(transaction, setting, given, unread or {})
            await self._save(transaction, actor, setting, value, version)
        await self._now.read(self._store.pool)

    async def restore(self, actor: Actor, name: str, older: int, version: int) -> None:
        """Save what it was in version `older` again. Raises as `change` does; also where the old value is no longer
        valid, such as a promise for a team that is gone."""
        found = [one for one in await self.versions(actor, name) if one.version == older]
        if not found:
            raise NotFound("There is no such version.")
        await self.change(actor, name, found[0].value, version)

    async def settle(self, actor: Actor, name: str, version: int, *, take_file: bool) -> None:
        """End a conflict: with what city.yml says, or with what is stored. Raises as `change` does."""
        require(actor, Permission.MANAGE_SETTINGS)
        setting = self._setting(name)
        async with self._store.transaction() as transaction:
            await city_settings.lock(transaction)
            kept = (await city_settings.list_kept(transaction)).get(name)
            if kept is None or not kept.in_conflict:
                return
            if kept.version != version:
                raise await changed_meanwhile(transaction, "setting", name, version, self._clock())
            if take_file:
                value = await self._read(transaction, setting, kept.file, {})
                await self._save(transaction, actor, setting, value, version)
            else:
                await audit.record(
                    transaction, actor.agent_id, "setting_kept", None, self._clock(), setting=name
                )
            await city_settings.set_file(transaction, name, kept.file, kept.file)
        await self._now.read(self._store.pool)

    async def _read(
        self, executor: Executor, setting: Setting, given: Value, unread: Mapping[str, str]
    ) -> dict[str, Any]:
        teams = tuple(await self._directory.read(executor))
        city = msgspec.structs.replace(self._now.seed, teams=teams)
        try:
            value = read_value(city, setting, given)
        except ValueRefused as refused:
            raise SettingRefused({**refused.problems, **unread}) from None
        if unread:
            raise SettingRefused(unread)
        return value

    async def _save(
        self, transaction: Executor, actor: Actor, setting: Setting, value: dict[str, Any], version: int
    ) -> None:
        await city_settings.lock(transaction)
        before = (await city_settings.list_kept(transaction)).get(setting.name)
        now = self._clock()
        if before is None:
            # No worker has started yet: a saved value must not be mistaken for that of city.yml.
            await seed_settings(transaction, self._now.seed, now)
            before = (await city_settings.list_kept(transaction))[setting.name]
            version = version or before.version
        if before.version != version:
            raise await changed_meanwhile(transaction, "setting", setting.name, version, now)
        if value == before.value and (
            not setting.authored or await city_settings.get_author(transaction, setting.name)
        ):
            return
        await city_settings.set_value(transaction, setting.name, value, version, now)
        await city_settings.add_version(transaction, setting.name, version + 1, value, now, actor.agent_id)
        await city_settings.set_confirmed(transaction, setting.name, now)
        await note_change(transaction, actor.agent_id, setting, version + 1, now, before.value, value)

    def _setting(self, name: str) -> Setting:
        setting = setting_of(name)
        if setting is None:
            raise NotFound("There is no such setting.")
        return setting

    def _unstored(self, setting: Setting) -> KeptSetting:
        value = value_of(self._now.seed, setting)
        return KeptSetting(setting.name, value, 0, value, value, self._clock())
