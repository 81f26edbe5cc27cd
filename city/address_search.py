"""Address completion: the city's addresses that start with the typed text."""

import re
import unicodedata
from dataclasses import dataclass

from city.street_positions import Segment, StreetPositions

LONGEST = 100  # characters that are read
SHORTEST = 2  # letters before streets are offered
MOST = 5
_NUMBER = re.compile(r"(?<!\w)\d{1,5}(?!\w)")
_NOT_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """An address as people write it. A position (WGS 84 degrees) only with a house number: a street can be long."""

    label: str
    latitude: float | None = None
    longitude: float | None = None


class AddressSearch:
    """Built once from the city's streets."""

    def __init__(self, positions: StreetPositions) -> None:
        self._streets = positions.streets
        self._names = sorted((_plain(street), street) for street in positions.streets)

    def __bool__(self) -> bool:
        return bool(self._names)

    def begins(self, text: str) -> list[FoundAddress]:
        """The first addresses whose street, or a word of it, begins like the text. With a house number only those that
        have it."""
        said = _plain(text[:LONGEST])
        number = _NUMBER.search(said)
        words = _plain(said.replace(number[0], " ", 1)) if number else said
        if len(words) < SHORTEST:
            return []
        first = [street for plain, street in self._names if plain.startswith(words)]
        later = [street for plain, street in self._names if f" {words}" in plain]
        found: list[FoundAddress] = []
        for street in dict.fromkeys((*first, *later)):
            one = self._numbered(street, int(number[0])) if number else FoundAddress(street)
            if one is not None:
                found.append(one)
            if len(found) == MOST:
                break
        return found

    def _numbered(self, street: str, number: int) -> FoundAddress | None:
        segments = self._streets[street]
        for segment in segments:
            if segment.numbers and min(segment.numbers) <= number <= max(segment.numbers):
                return FoundAddress(f"{number} {street}", *_at(segment, number, segment.numbers))
        # For a street without house numbers in the file, the writer knows best.
        return None if any(one.numbers for one in segments) else FoundAddress(f"{number} {street}")


def _at(segment: Segment, number: int, numbers: tuple[int, int]) -> tuple[float, float]:
    first, last = numbers
    along = (number - first) / (last - first) if last != first else 0.5
    (south, west), (north, east) = segment.start, segment.end
    return south + along * (north - south), west + along * (east - west)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", plain).strip()
