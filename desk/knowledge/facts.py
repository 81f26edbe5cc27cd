"""`python -m desk.knowledge.facts`, part of `make lint`: numbers that disagree.

- between the languages of an answer, a lookup or a news item: prices, hours, days, limits;
- between an answer and a service that it links to: how long the service takes (`expected_days`).

An intended difference is listed in content/facts.yml with its reason.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from city import City, CityError, load_city
from city.services import CityService, load_services
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, ContentError
from desk.languages import WORDS
from desk.languages.words import Words

_LINK = re.compile(r"https?://\S+|(?<!\S)[^\s@]+@\S+|\{[a-z_]+\}")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_TIME = re.compile(r"(?<![\d.,])(\d{1,2})(?::(\d\d)| ?h(?: ?(\d\d))?)?(?: (am|pm)\b)?(?![\d:])")
_NUMBER = re.compile(r"\d+(?:[ ,.]\d{3})*(?:[.,]\d{1,2})?(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_GROUPS = re.compile(r"[ .,]")
_CENTS = 2  # digits after a decimal mark
_SAYS_NOTHING = 1.0  # "one" is an article in most languages


@dataclass(frozen=True, slots=True)
class Difference:
    """One disagreement. `name` and `values` are what content/facts.yml lists it by."""

    name: str
    values: tuple[str, ...]
    sentence: str


def facts_of(text: str, language: str) -> set[str]:
    """The numbers of a text: "14:30" for a time, "60" for anything else, in digits or in words."""
    words = WORDS.get(language, Words())
    text = _LINK.sub(" ", text.replace("\u00a0", " ").replace("\u202f", " ")).lower()
    found: set[str] = set()

    def take_time(match: re.Match[str]) -> str:
        if match[2] is None and match[4] is None and "h" not in match[0]:
            return match[0]
        hour = int(match[1]) % 12 + (12 if match[4] == "pm" else 0) if match[4] else int(match[1])
        found.add(f"{hour % 24:02}:{match[2] or match[3] or '00'}")
        return " "

    text = _TIME.sub(take_time, text)
    for match in _NUMBER.finditer(text):
        found.add(f"{_value(match[0]):g}")
    for match in _WORD.finditer(text):
        if match[0] in words.named_times:
            found.add(f"{words.named_times[match[0]]:02}:00")
    numbers = {word: float(value) for value, word in enumerate(words.numbers.split(), 2)}
    numbers |= {word: float(value) for word, value in words.number_words.items()}
    found |= {f"{numbers[match[0]]:g}" for match in _WORD.finditer(text) if match[0] in numbers}
    return found - {f"{_SAYS_NOTHING:g}"}


def between_languages(name: str, texts: Mapping[str, str]) -> Iterator[Difference]:
    """What one language says and another does not; the first language is compared with each other one."""
    first, *others = texts
    said = facts_of(texts[first], first)
    for language in others:
        other = facts_of(texts[language], language)
        values = tuple(sorted(said ^ other))
        if values:
            yield Difference(
                name,
                values,
                f"{name}: {first} and {language} differ in {', '.join(values)} "
                f"({first} has {_list(said - other)}, {language} has {_list(other - said)}).",
            )


def between_answer_and_service(
    answer: Answer, services: Mapping[str, CityService], language: str
) -> Iterator[Difference]:
    """Answers that give a time in days but offer a report whose service has a different one."""
    days = _days(answer.texts[language].text, language)
    linked = [str(button.entities["service"]) for button in answer.buttons if "service" in button.entities]
    for code in linked:
        service = services.get(code)
        if service is None or not days:
            continue
        if service.expected_days not in days:
            yield _other_days(answer.id, code, service.expected_days, days)


def listed_days(answer: Answer, services: Mapping[str, CityService], language: str) -> Iterator[Difference]:
    """A line of a list that gives a service's time: "- Graffiti: 7 working days"."""
    for line in answer.texts[language].text.splitlines():
        name, colon, rest = line.strip().removeprefix("- ").partition(":")
        days = _days(rest, language) if colon and line.strip().startswith("- ") else set()
        for code, service in services.items():
            called = {service.name.get(language, "").lower(), *service.keywords.get(language, ())}
            if days and name.strip().lower() in called and service.expected_days not in days:
                yield _other_days(answer.id, code, service.expected_days, days)


def differences(catalog: Catalog, city: City, services: Mapping[str, CityService]) -> list[Difference]:
    """Everything that disagrees."""
    found: list[Difference] = []
    for answer in catalog.answers.values():
        texts = {language: answer.texts[language].text for language in city.complete}
        found += between_languages(answer.id, texts)
        found += between_answer_and_service(answer, services, city.language)
        for language in city.complete:
            found += listed_days(answer, services, language)
    for name, response in catalog.responses.items():
        if response.origin is not None or name.startswith("lookup_"):
            texts = {language: response.texts[language].text for language in city.complete}
            found += between_languages(name, texts)
    return found


def main() -> int:
    """0 if nothing disagrees, 1 if something does, 2 if a file cannot be read."""
    content = Path(os.environ.get("CIVICDESK_CONTENT", "content"))
    file = Path(os.environ.get("CIVICDESK_CITY", "city.yml"))
    try:
        city = load_city(file)
        catalog = Catalog.load(content, city)
        services = load_services(file.resolve().parent / city.services)
        allowed = _allowed(content / "facts.yml")
    except (CityError, ContentError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    found = differences(catalog, city, services)
    wrong = [one for one in found if (one.name, one.values) not in allowed]
    for one in wrong:
        print(one.sentence)
    for name, values in allowed - {(one.name, one.values) for one in found}:
        print(f"note: content/facts.yml allows what is no longer found: {name}, {', '.join(values)}.")
    print(f"{len(catalog.answers)} answers, {len(wrong)} disagreements.")
    return 1 if wrong else 0


def _value(written: str) -> float:
    last = max(written.rfind("."), written.rfind(","))
    if last > 0 and len(written) - last <= _CENTS + 1:
        return float(_GROUPS.sub("", written[:last]) + "." + written[last + 1 :])
    return float(_GROUPS.sub("", written))


def _days(text: str, language: str) -> set[int]:
    """The numbers that count days: "seven working days", "14 días", "sous 7 jours"."""
    words = WORDS.get(language, Words())
    numbers = {word: value for value, word in enumerate(words.numbers.split(), 2)} | dict(words.number_words)
    pieces = _PIECE.findall(text.lower())
    found = set()
    for place, piece in enumerate(pieces):
        if piece == words.days_word:
            for before in pieces[max(0, place - 2) : place]:
                if before.isdecimal():
                    found.add(int(before))
                elif before in numbers:
                    found.add(numbers[before])
    return found


def _other_days(name: str, code: str, expected: int, days: set[int]) -> Difference:
    return Difference(
        name,
        (f"{code} {expected}",),
        f"{name}: the answer says {', '.join(map(str, sorted(days)))} days, "
        f"but the service '{code}' has expected_days: {expected}.",
    )


def _allowed(path: Path) -> set[tuple[str, tuple[str, ...]]]:
    if not path.exists():
        return set()
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    if not all(isinstance(one, dict) and {"name", "values", "why"} == set(one) for one in raw):
        raise ContentError(f"{path}: every entry needs name, values and why.")
    return {(str(one["name"]), tuple(sorted(str(value) for value in one["values"]))) for one in raw}


def _list(values: set[str]) -> str:
    return ", ".join(sorted(values)) or "none"


if __name__ == "__main__":
    sys.exit(main())
