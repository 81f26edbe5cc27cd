"""`python -m desk.setup.export`: the current city.yml, for a new installation or a backup. Parts that were not changed in the console
are copied from the file, with comments; an unchanged city gives the same file, byte for byte."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from city import City, CityError, Team, load_city
from city.settings import FIELDS, with_values
from desk.model import DeskError
from desk.routing.team_directory import TeamDirectory
from desk.store import city_settings
from desk.store.pool import Executor, open_store


async def get_city_file(executor: Executor, file: Path, seed: City) -> str:
    """The text of `file`, from which `seed` was read, with the settings and teams that the database has."""
    values = await city_settings.list_values(executor)
    teams = tuple(await TeamDirectory(seed).read(executor))
    now = msgspec.structs.replace(with_values(seed, values), teams=teams)
    text = await asyncio.to_thread(file.read_text, encoding="utf-8")
    return city_as_yaml(text, seed, now)


def city_as_yaml(text: str, seed: City, now: City) -> str:
    """`text`, from which `seed` was read, changed so that it gives `now`. Only the parts that differ are rewritten."""
    changed = [name for name in (*FIELDS, "teams") if getattr(now, name) != getattr(seed, name)]
    if not changed:
        return text
    kept = {field.name: field for field in msgspec.structs.fields(City)}
    wanted: dict[str, Any] = yaml.safe_load(text)
    new = {}
    for name in changed:
        value = getattr(now, name)
        default = kept[name].default
        if not kept[name].required and (value == default or value in ({}, ())):
            wanted.pop(name, None)
            new[name] = ""
        else:
            wanted[name] = _plain(value)
            new[name] = _dump({name: wanted[name]})
    written = _with_blocks(text, new)
    try:
        same = msgspec.convert(yaml.safe_load(written), City) == msgspec.convert(wanted, City)
    except (yaml.YAMLError, msgspec.ValidationError):
        same = False
    return written if same else _dump(wanted)


def teams_as_yaml(teams: Sequence[Team]) -> str:
    """These teams as city.yml has them; settings that have their defaults are left out."""
    return _dump({"teams": [_plain(team) for team in teams]})


def _with_blocks(text: str, new: Mapping[str, str]) -> str:
    """The text with these top-level blocks instead of those that it has; the others follow at the end."""
    lines = text.splitlines(keepends=True)
    left, found = dict(new), []
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, value in root.value if root is not None else ():
        if key.value in left:
            first, last = key.start_mark.line, max(value.end_mark.line, key.start_mark.line + 1)
            # Comments and empty lines before the next setting belong to that one.
            while last > first + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
                last -= 1
            found.append((first, last, left.pop(key.value)))
    for first, last, block in reversed(found):
        lines[first:last] = [block]
    return "".join([*lines, *left.values()])


def _dump(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110)


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        own = [(field, getattr(value, field.name)) for field in msgspec.structs.fields(value)]
        return {
            field.name: _plain(one)
            for field, one in own
            if field.required or (one != field.default and one not in ({}, ()))
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


async def _export(url: str, file: Path) -> str:
    store = await open_store(url, size=1, patience=5)
    try:
        return await get_city_file(store.pool, file, load_city(file))
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
        print(asyncio.run(_export(url, Path(os.environ.get("CIVICDESK_CITY", "city.yml")))), end="")
    except (DeskError, CityError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
