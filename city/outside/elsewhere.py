"""Places outside the city: is "221B Baker Street, London" one of ours?"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from city.errors import CityError
from city.languages import WORDS

LONGEST = 2000  # characters of a text that are examined
_PART = re.compile(r"[,;()\n]|\.(?:\s|$)")
_WORD = re.compile(r"\w+", re.UNICODE)


def _words(field: str) -> frozenset[str]:
    """The words of this field in all languages, since people mix them."""
    return frozenset(word for words in WORDS.values() for word in getattr(words, field).split())


_WITHIN = _words("within")
_ARTICLE = _words("articles")
_KINDS_AFTER = _words("streets_after")
_KINDS_BEFORE = _words("streets_before")
_ONE = _words("one")
_GOES_ON = _WITHIN | _KINDS_BEFORE | _words("along")
_PARTS = _words("parts")  # "in the middle of Chicago" is in Chicago
_MOST_WORDS = 4  # of a name
_SHORT = 4  # letters up to which one of the city's own names counts only if it stands alone
_CONTINENTS = frozenset({
    "Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
})  # fmt: skip
# What CLDR and the time zones name besides towns, and common words.
_NO_PLACES = frozenset(name for words in WORDS.values() for name in words.no_places)


class Elsewhere:
    """`names` are places outside the city; `own` are names of the city and of what it lies in."""

    def __init__(self, names: Iterable[str] = (), own: Iterable[str] = ()) -> None:
        self._all = {_fold(name) for name in names}
        self.renew(own)

    def renew(self, own: Iterable[str]) -> None:
        """The city's own names as they are now."""
        self._own = {_fold(name) for name in own}
        self._names = self._all - self._own - {()}

    def find(self, text: str) -> str | None:
        """The place outside the city that a text gives as where something is, as it is written; None if it gives none.

        A town is given by itself ("Paris"), as the end of an address (", London", "Baker Street London") or after
        a word for "in". The name of a street ("rue de Paris", "London Road") is no town.
        """
        parts = [[match for match in _WORD.finditer(part)] for part in _PART.split(text[:LONGEST])]
        words = [[(_plain(match[0]), match[0]) for match in part] for part in parts]
        if any(self._is_own([plain for plain, _ in part]) for part in words):
            return None
        filled = [part for part in words if part]
        for number, part in enumerate(filled):
            found = self._part(part, last=number == len(filled) - 1, first=number == 0)
            if found:
                return found
        return None

    def is_only_ours(self, text: str) -> bool:
        """Whether a text names the city, or what it lies in, and nothing inside it."""
        words = tuple(_plain(match[0]) for match in _WORD.finditer(text[:LONGEST]))
        while words and words[0] in _WITHIN | _ARTICLE:
            words = words[1:]
        return words in self._own

    def _is_own(self, words: Sequence[str]) -> bool:
        whole = tuple(word for word in words if not word.isdigit())
        return whole in self._own or any(
            tuple(words[start : start + count]) in self._own
            for count in range(1, _MOST_WORDS + 1)
            for start in range(len(words) - count + 1)
            # "us" is a word as well as a country
            if sum(map(len, words[start : start + count])) > _SHORT
        )

    def _part(self, words: list[tuple[str, str]], *, first: bool, last: bool) -> str | None:
        named = list(words)
        while named and (named[0][0] in _WITHIN | _ARTICLE or named[0][0].isdigit()):
            named = named[1:]
        # A postal code follows the town; a number behind a lone name is that of a house.
        while named and _has_digit(named[-1][0]) and not (first and named[-1][0].isdigit()):
            named = named[:-1]
        if (
            named
            and tuple(plain for plain, _ in named) in self._names
            and (last or not first or len(words) == len(named))
        ):
            return " ".join(written for _, written in named)
        for start in range(1, len(words)):
            for count in range(min(_MOST_WORDS, len(words) - start), 0, -1):
                if tuple(
                    plain for plain, _ in words[start : start + count]
                ) in self._names and _stands_as_town(words, start, start + count):
                    return " ".join(written for _, written in words[start : start + count])
        return None


def _stands_as_town(words: list[tuple[str, str]], start: int, end: int) -> bool:
    before = words[start - 1][0]
    after = words[end][0] if end < len(words) else ""
    if after in _KINDS_AFTER or after.isdigit():
        return False
    part_of = before in _ARTICLE and (
        any(plain in _PARTS for plain, _ in words[max(0, start - 3) : start]) or _of_its_street(words, start)
    )
    if before in _WITHIN or part_of:
        # In the middle of a sentence a capital tells a town from a word, or the place that follows.
        return not after or words[start][1][:1].isupper() or after in _GOES_ON
    if after or before in _ARTICLE or before in _KINDS_BEFORE:
        return False
    return before in _KINDS_AFTER or any(plain in _KINDS_BEFORE for plain, _ in words[: start - 1])


def _of_its_street(words: list[tuple[str, str]], start: int) -> bool:
    """ "La calle Betis de Sevilla", "una calle de Sevilla": the street has a name of its own, or none. "Calle de Sevilla" is one."""
    plain = [word for word, _ in words[:start]]
    kinds = [place for place, word in enumerate(plain) if word in _KINDS_BEFORE]
    if not kinds:
        return False
    named = [word for word in plain[kinds[-1] + 1 :] if word not in _ARTICLE]
    return bool(named) or (kinds[-1] > 0 and plain[kinds[-1] - 1] in _ONE)


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def load_elsewhere(path: Path | str, languages: Sequence[str], own: Iterable[str]) -> Elsewhere:
    """The names of the file, if there is one, with the world's countries and time zone cities in these languages.

    Raises CityError with a sentence.
    """
    names = [
        city.replace("_", " ")
        for continent, _, city in (zone.partition("/") for zone in available_timezones())
        if continent in _CONTINENTS and "/" not in city
    ]
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    except (OSError, UnicodeDecodeError) as error:
        raise CityError(
            f"{path} cannot be read ({type(error).__name__}). It must be text in UTF-8."
        ) from None
    names += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    for language in languages:
        names += _of_the_world(language)
    return Elsewhere(names, own)


def _of_the_world(language: str) -> Iterable[str]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    for code, name in locale.territories.items():
        if len(code) == 2 and code.isalpha():
            yield str(name)
    for entry in locale.time_zones.values():
        if city := entry.get("city"):
            yield str(city)


def _fold(name: str) -> tuple[str, ...]:
    words = tuple(_plain(match[0]) for match in _WORD.finditer(name))
    return () if " ".join(words) in _NO_PLACES else words


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
