"""Named facts: fees, dates, telephone numbers, opening hours. Stored once, with source and validity, and used by answers in every
language as `{name}`. content/named_facts is the seed; the database has the editors' versions."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal

from desk.knowledge.content import Answer, ContentError, convert, read_mapping
from desk.knowledge.words import calendar_day

Kind = Literal["amount", "day", "phone", "text"]
KINDS: tuple[str, ...] = get_args(Kind)
VARIABLE = re.compile(r"\{([a-z_]+)\}")
OF_CITY: Mapping[str, str] = {
    **dict.fromkeys(("city", "website", "phone", "emergency_number", "office_address"), "contact"),
    "office_hours": "office_hours",
}
"""Names that the city's settings have, and the setting of each: no fact may have one of these."""
_NAME = re.compile(r"[a-z][a-z_]{2,39}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{1,30}")
_PLACE = "{value}"


class FactValue(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"since": "from"}
):
    """What holds from the day `since` on, until the day `until` or the next value. `texts` by language if the kind is `text`,
    otherwise `value` for all languages."""

    since: date
    until: date | None = None
    value: str = ""
    texts: dict[str, str] = {}

    def holds(self, day: date) -> bool:
        """Whether it holds on that day, if no later value does."""
        return self.since <= day and (self.until is None or day <= self.until)


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fact. `written` says by language how an amount is written, such as "${value}"."""

    name: str
    title: str
    kind: Kind
    owner: str
    source: str
    written: dict[str, str] = {}
    values: tuple[FactValue, ...]

    def value_on(self, day: date) -> FactValue | None:
        """What holds on that day; None before the first value and after the last."""
        begun = [one for one in self.values if one.since <= day]
        return begun[-1] if begun and begun[-1].holds(day) else None

    def said(self, language: str, day: date) -> str | None:
        """The fact in words on that day; None if nothing holds, or not in this language."""
        value = self.value_on(day)
        return in_words(self, value, language) if value else None


def in_words(fact: Fact, value: FactValue, language: str) -> str | None:
    """One value as citizens read it; None if this language lacks it."""
    if fact.kind == "text":
        return value.texts.get(language) or None
    if fact.kind == "day":
        return calendar_day(date.fromisoformat(value.value), language)
    if fact.kind == "amount":
        number = format_decimal(Decimal(value.value), _pattern(value.value), locale=_locale(language))
        return fact.written.get(language, _PLACE).replace(_PLACE, number)
    return value.value


def used_by(answer: Answer) -> frozenset[str]:
    """The names of all variables that an answer uses."""
    return frozenset(name for text in _texts(answer) for name in VARIABLE.findall(text))


def load_facts(folder: Path, languages: tuple[str, ...]) -> dict[str, Fact]:
    """Read content/named_facts, which may be missing. Raises ContentError."""
    paths = sorted(folder.glob("*.yml"))
    return {path.stem: check_fact(read_mapping(path), path.stem, languages, path) for path in paths}


def check_fact(raw: Mapping[str, Any], name: str, languages: tuple[str, ...], path: Path) -> Fact:
    """The fact that a file's fields are. Raises ContentError with one sentence."""
    fact = convert(dict(raw), Fact, path)
    if fact.name != name:
        raise ContentError(f"{path}: the name is '{fact.name}', but the file's name says '{name}'.")
    for problem in problems_of(fact, languages):
        raise ContentError(f"{path}: {problem}")
    return fact


def problems_of(fact: Fact, languages: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a fact, one sentence each. `languages` are those that every text needs."""
    if not _NAME.fullmatch(fact.name) or fact.name in OF_CITY:
        yield "the name needs 3 to 40 small letters and underscores, and may not be one of the city's settings."
    if not fact.title.strip() or not fact.owner.strip():
        yield "the title and the owner may not be empty."
    if not fact.source.startswith("https://"):
        yield "the source must be an https address."
    if any(_PLACE not in pattern or len(pattern) > 60 for pattern in fact.written.values()):
        yield "each way to write the amount needs {value} in it, and at most 60 characters."
    if not fact.values:
        yield "there is no value yet."
    for before, after in pairwise(fact.values):
        if after.since <= before.since or (before.until and before.until >= after.since):
            yield f"the value from {after.since.isoformat()} begins before the one above it ends."
    for value in fact.values:
        if value.until and value.until < value.since:
            yield f"the value from {value.since.isoformat()} ends before it begins."
        yield from _wrong(fact.kind, value, languages)


def _wrong(kind: Kind, value: FactValue, languages: Collection[str]) -> Iterator[str]:
    since = value.since.isoformat()
    if kind == "text":
        if missing := [one for one in languages if not value.texts.get(one, "").strip()]:
            yield f"the text from {since} is missing in {', '.join(missing)}."
        if any(VARIABLE.search(text) for text in value.texts.values()):
            yield f"the text from {since} may not use another fact."
    elif kind == "day" and not _is_day(value.value):
        yield f"the value from {since} must be a day as in 2026-12-31."
    elif kind == "amount" and _amount(value.value) is None:
        yield f"the value from {since} must be a number with a point, such as 18 or 2.50."
    elif kind == "phone" and not _PHONE.fullmatch(value.value):
        yield f"the value from {since} must be a telephone number."


def _texts(answer: Answer) -> Iterator[str]:
    for text in answer.texts.values():
        yield text.text
        yield from (part.text for part in text.parts.values())


def _amount(text: str) -> Decimal | None:
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _pattern(text: str) -> str:
    # 2.50 keeps its zero, and 18 gets none.
    _, point, digits = text.partition(".")
    return f"#,##0.{'0' * len(digits)}" if point else "#,##0"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")
