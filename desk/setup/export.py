"""`python -m desk.setup.export`: the `teams:` part of city.yml as it is now, for a new installation or a backup."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from city import City, CityError, Team, load_city
from desk.model import DeskError
from desk.routing.team_directory import TeamDirectory
from desk.store.pool import open_store


def teams_as_yaml(teams: Sequence[Team]) -> str:
    """These teams as city.yml has them; settings that have their defaults are left out."""
    return yaml.safe_dump(
        {"teams": [_settings(team) for team in teams]}, allow_unicode=True, sort_keys=False, width=110
    )


def _settings(value: msgspec.Struct) -> dict[str, Any]:
    plain = msgspec.to_builtins(value)
    settings = {}
    for field in msgspec.structs.fields(value):
        own = getattr(value, field.name)
        if not field.required and own == field.default:
            continue
        if own in ({}, ()) and not field.required:
            continue
        settings[field.name] = _settings(own) if isinstance(own, msgspec.Struct) else plain[field.name]
    return settings


async def _export(url: str, city: City) -> str:
    store = await open_store(url, size=1, patience=5)
    try:
        return teams_as_yaml(await TeamDirectory(city).read(store.pool))
    finally:
        await store.close()


def main() -> int:
    """Exit code 0 when done, 2 with one sentence when not."""
    path = os.environ.get("DATABASE_URL_FILE")
    try:
        url = os.environ.get("DATABASE_URL") or (
            Path(path).read_text(encoding="utf-8").strip() if path else ""
        )
        if not url:
            print(
                "DATABASE_URL is not set. Set it to the database of the desk and try again.", file=sys.stderr
            )
            return 2
        print(asyncio.run(_export(url, load_city(os.environ.get("CIVICDESK_CITY", "city.yml")))), end="")
    except (DeskError, CityError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
