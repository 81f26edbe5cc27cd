"""city.yml as the seed of the settings: missing settings are added, and a setting changed in both is never overwritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from city import City
from city.settings import SETTINGS, Setting, Value, value_of
from desk.people import audit
from desk.store import city_settings
from desk.store.pool import Executor


async def seed_settings(executor: Executor, city: City, now: datetime) -> list[str]:
    """Compare city.yml with the database, and return the names of the settings in which both were edited.

    What the database lacks is added. What nobody changed in the console follows the file. What both changed stays as
    the console has it until an administrator decides; nothing is overwritten silently.
    """
    await city_settings.lock(executor)
    kept = await city_settings.list_kept(executor)
    conflicts = []
    for setting in SETTINGS:
        file, one = value_of(city, setting), kept.get(setting.name)
        if one is None:
            await city_settings.add_setting(executor, setting.name, file, now)
        elif file == one.value or file == one.base:
            await city_settings.set_file(executor, setting.name, file, file)
        elif one.value == one.base:
            await city_settings.set_value(executor, setting.name, file, one.version, now)
            await city_settings.add_version(executor, setting.name, one.version + 1, file, now, None)
            await city_settings.set_file(executor, setting.name, file, file)
            await note_change(executor, None, setting, one.version + 1, now, one.value, file)
        else:
            await city_settings.set_file(executor, setting.name, file, one.base)
            conflicts.append(setting.name)
    return conflicts


async def note_change(
    executor: Executor,
    agent_id: UUID | None,
    setting: Setting,
    version: int,
    at: datetime,
    old: Value,
    new: Value,
) -> None:
    """The audit's line: which fields, what they were and what they are."""
    fields = [field for field in setting.fields if old.get(field) != new.get(field)]
    await audit.record(
        executor, agent_id, "setting_changed", None, at, setting=setting.name, version=str(version),
        fields=" ".join(fields), before=_json({field: old.get(field) for field in fields}),
        after=_json({field: new.get(field) for field in fields}),
    )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
