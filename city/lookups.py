"""Lookups for answers: content/lookups/*.yml. The actions look values up; the desk has the texts.

A file has one of three kinds of data: a CSV table in the same folder, a JSON service, or the hours of a place.
docs/lookups.md describes the fields.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import msgspec
import yaml

from city.errors import CityError
from city.hours import Language, Span, SpecialDay

KEYED = ("ask", "found", "unknown", "failed")
COLLECTION = ("moved", "usual", "holiday")
HOURS = ("open", "closed", "open_at", "closed_at", "now_open", "now_closed")
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON service. `url` has {street} where the street goes, and perhaps {address}; the environment variable
    `url_env` takes precedence. `values` says where in the answer each value is: "collection.weekday"."""

    url: str
    values: dict[str, str]
    url_env: str | None = None


class PlaceHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours of a place; without `week` it is the office. `keeps_holidays`: closed on public holidays."""

    week: dict[str, tuple[Span, ...]] | None = None
    special_days: tuple[SpecialDay, ...] = ()
    keeps_holidays: bool = True


class Lookup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file. `answers` are the topics whose questions it answers.

    `words` (by language) are phrases of a question that wants what is looked up; a question without them gets the
    general answer, unless it names a street. Without `words` every question of the topics does. `parts` are the parts
    of the answers that it maps to data: a follow-up question for one of them wants it, whatever its words are.
    `places` (by language) are names of the place whose hours these are: a question about opening hours with one of them
    is about that place, and not about the office. `collection` names the value that is a weekday, which public holidays move one day on.
    """

    id: str
    answers: tuple[str, ...]
    source: str
    as_of: date
    review_by: date
    texts: dict[Language, dict[str, str]]
    words: dict[Language, tuple[str, ...]] = {}
    places: dict[Language, tuple[str, ...]] = {}
    parts: tuple[str, ...] = ()
    table: str | None = None
    service: Service | None = None
    hours: PlaceHours | None = None
    collection: str | None = None

    def text_names(self) -> tuple[str, ...]:
        """The texts that each language must have, beside its title."""
        if self.hours:
            return HOURS
        return (*KEYED, *(COLLECTION if self.collection else ()))

    def response(self, name: str) -> str:
        """What a text of it is called in a reply of the bot."""
        return f"lookup_{self.id}_{name}"


def load_lookups(folder: Path, languages: Iterable[str]) -> dict[str, Lookup]:
    """All lookups by id; none where there is no such folder. Raises CityError with a sentence."""
    return {path.stem: _load(path, tuple(languages)) for path in sorted(folder.glob("*.yml"))}


def _load(path: Path, languages: tuple[str, ...]) -> Lookup:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(f"{path} cannot be read ({error}). It must be UTF-8 text.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise CityError(f"{path} is not valid YAML{f' near line {mark.line + 1}' if mark else ''}.") from None
    if not isinstance(raw, dict):
        raise CityError(f"{path} must hold named fields; it holds none.")
    texts = {key: value for key, value in raw.items() if len(str(key)) == 2 and isinstance(value, dict)}
    fields = {key: value for key, value in raw.items() if key not in texts}
    try:
        lookup = msgspec.convert({**fields, "texts": texts}, Lookup)
    except msgspec.ValidationError as error:
        raise CityError(f"{path}: {error}.") from None
    _check(lookup, path, languages)
    return lookup


def _check(lookup: Lookup, path: Path, languages: tuple[str, ...]) -> None:
    if lookup.id != path.stem or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", lookup.id):
        raise CityError(f"{path}: the id is {lookup.id!r}; it must be the file's name, in small letters.")
    kinds = [kind for kind in (lookup.table, lookup.service, lookup.hours) if kind is not None]
    if len(kinds) != 1:
        raise CityError(f"{path}: give one of 'table', 'service' and 'hours'.")
    if lookup.service and not lookup.service.url.startswith("https://"):
        raise CityError(f"{path}: 'service.url' must begin with https://.")
    if lookup.parts and lookup.hours:
        raise CityError(f"{path}: 'parts' are for a table or a service, not for hours.")
    if lookup.places and not lookup.hours:
        raise CityError(f"{path}: 'places' are for hours, not for a table or a service.")
    if lookup.table and Path(lookup.table).name != lookup.table:
        raise CityError(f"{path}: 'table' must name a file beside this one.")
    for language in languages:
        texts = lookup.texts.get(language, {})
        for name in ("title", *lookup.text_names()):
            if not texts.get(name, "").strip():
                raise CityError(f"{path}: '{language}.{name}' is missing.")
            _check_variables(texts[name], lookup.texts[languages[0]][name], path, f"{language}.{name}")
        if lookup.words and not lookup.words.get(language):
            raise CityError(f"{path}: 'words.{language}' is missing.")


def _check_variables(text: str, first: str, path: Path, where: str) -> None:
    if set(_VARIABLE.findall(text)) != set(_VARIABLE.findall(first)):
        raise CityError(f"{path}: '{where}' has other variables in braces than the first language.")


def by_answer(lookups: Mapping[str, Lookup]) -> dict[str, list[Lookup]]:
    """topic -> its lookups, in the order of their names."""
    found: dict[str, list[Lookup]] = {}
    for lookup in lookups.values():
        for answer in lookup.answers:
            found.setdefault(answer, []).append(lookup)
    return found


__all__ = ["Lookup", "PlaceHours", "Service", "by_answer", "load_lookups"]
