"""Settings of the city, with their full history. A process reads them through desk/setup/city_now.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptSetting:
    """`base` is what city.yml said when the two were last compared, `file` what it says now."""

    name: str
    value: Value
    version: int
    base: Value
    file: Value
    changed_at: datetime

    @property
    def in_conflict(self) -> bool:
        """Whether city.yml was edited too, and says something else."""
        return self.file not in (self.base, self.value)


@dataclass(frozen=True, slots=True)
class SettingVersion:
    """One version that a setting had; nobody's name means that it came from city.yml."""

    version: int
    value: Value
    at: datetime
    agent_name: str | None


async def list_values(executor: Executor) -> Mapping[str, Value]:
    """The present value of each setting, by name."""
    return {
        row["name"]: row["value"] for row in await executor.fetch("SELECT name, value FROM city_settings")
    }


async def list_kept(executor: Executor) -> dict[str, KeptSetting]:
    """All of them, by name."""
    rows = await executor.fetch("SELECT name, value, version, base, file, changed_at FROM city_settings")
    return {row["name"]: KeptSetting(**dict(row)) for row in rows}


async def list_versions(executor: Executor, name: str, limit: int = 100) -> list[SettingVersion]:
    """The versions of a setting, the newest first."""
    rows = await executor.fetch(
        """SELECT v.version, v.value, v.at, a.name AS agent_name
           FROM city_setting_versions v LEFT JOIN agents a ON a.id = v.agent_id
           WHERE v.name = $1 ORDER BY v.version DESC LIMIT $2""",
        name, limit,
    )  # fmt: skip
    return [SettingVersion(**dict(row)) for row in rows]


async def get_author(executor: Executor, name: str) -> UUID | None:
    """Who saved the present value in the console; None where it is as city.yml has it."""
    author: UUID | None = await executor.fetchval(
        """SELECT v.agent_id FROM city_settings s JOIN city_setting_versions v ON v.name = s.name AND v.version = s.version
           WHERE s.name = $1""",
        name,
    )
    return author


async def add_setting(executor: Executor, name: str, value: Value, at: datetime) -> bool:
    """Store what city.yml says; False if the setting is there already."""
    tag = await executor.execute(
        """INSERT INTO city_settings (name, value, base, file, changed_at) VALUES ($1, $2, $2, $2, $3)
           ON CONFLICT (name) DO NOTHING""",
        name, value, at,
    )  # fmt: skip
    if tag == "INSERT 0 1":
        await add_version(executor, name, 1, value, at, None)
    return tag == "INSERT 0 1"


async def set_value(executor: Executor, name: str, value: Value, version: int, at: datetime) -> bool:
    """Replace the value; False if the setting is not in this version any more."""
    tag = await executor.execute(
        """UPDATE city_settings SET value = $2, version = version + 1, changed_at = $4, confirmed_at = NULL
           WHERE name = $1 AND version = $3""",
        name, value, version, at,
    )  # fmt: skip
    return tag == "UPDATE 1"


async def list_confirmed(executor: Executor) -> set[str]:
    """The settings of which somebody said that they are right, as they are now."""
    rows = await executor.fetch("SELECT name FROM city_settings WHERE confirmed_at IS NOT NULL")
    return {row["name"] for row in rows}


async def set_confirmed(executor: Executor, name: str, at: datetime) -> None:
    """Somebody says that it is right."""
    await executor.execute("UPDATE city_settings SET confirmed_at = $2 WHERE name = $1", name, at)


async def set_file(executor: Executor, name: str, file: Value, base: Value) -> None:
    """What city.yml says now, and what both were compared with."""
    await executor.execute("UPDATE city_settings SET file = $2, base = $3 WHERE name = $1", name, file, base)


async def add_version(
    executor: Executor, name: str, version: int, value: Value, at: datetime, agent_id: object
) -> None:
    """One line of the history."""
    await executor.execute(
        "INSERT INTO city_setting_versions (name, version, value, at, agent_id) VALUES ($1, $2, $3, $4, $5)",
        name, version, value, at, agent_id,
    )  # fmt: skip


async def lock(executor: Executor) -> None:
    """Until the end of the transaction nobody else changes a setting."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('city_settings', 0))")
