"""The first canned texts, tags and macros, from content/. What was changed or retired in the console stays as it is."""

from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import ContentError
from desk.model import Refused
from desk.replies.canned import checked
from desk.store.pool import Store
from desk.store.replies import canned, macros, tags

T = TypeVar("T")


class MacroSeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of content/macros."""

    title: str
    canned: str | None = None
    tags: tuple[str, ...] = ()
    act: macros.Act = ""
    team: str | None = None


def read_canned(content: Path, catalog: Catalog, city: City) -> list[canned.CannedText]:
    """The texts of content/canned. Raises ContentError with one sentence."""
    found = []
    for path in sorted((content / "canned").glob("*.yml")):
        raw = _read(path, dict[str, str])
        texts = {name: text for name, text in raw.items() if name != "title"}
        missing = [language for language in city.complete if language not in texts]
        if missing:
            raise ContentError(
                f"{path}: '{missing[0]}' is missing. The city's languages are {', '.join(city.complete)}."
            )
        one = canned.CannedText(path.stem, raw.get("title", ""), texts)
        try:
            found.append(checked(one, catalog.facts(city.language), city.language))
        except Refused as error:
            raise ContentError(f"{path}: {error}") from None
    return found


def read_macros(content: Path) -> list[macros.Macro]:
    """The macros of content/macros. Raises ContentError with one sentence."""
    found = []
    for path in sorted((content / "macros").glob("*.yml")):
        seed = _read(path, MacroSeed)
        found.append(macros.Macro(path.stem, seed.title, seed.canned, seed.tags, seed.act, seed.team))
    return found


def read_tags(content: Path) -> list[str]:
    """The tags of content/tags.yml; none without the file."""
    path = content / "tags.yml"
    return list(_read(path, tuple[str, ...])) if path.exists() else []


async def seed(store: Store, content: Path, catalog: Catalog, city: City) -> None:
    """Add what is missing. Any number of processes may do this at the same time."""
    texts, steps, names = read_canned(content, catalog, city), read_macros(content), read_tags(content)
    async with store.transaction() as transaction:
        for name in sorted({*names, *(tag for one in steps for tag in one.tags)}):
            await tags.add_missing(transaction, name)
        for text in texts:
            await canned.add_missing(transaction, text)
        for one in steps:
            await macros.add_missing(transaction, one)


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), kind)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise ContentError(f"{path} is wrong: {error}. Correct that line.") from None
