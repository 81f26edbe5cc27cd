"""Open Location Codes (Google calls them plus codes): a position in letters. Pure.

A full one, "87G8P27Q+2F", stands for itself; a short one, "P27Q+2F Lindenport", for the nearest such place to the city.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ALPHABET = "23456789CFGHJMPQRVWX"
PATTERN = re.compile(rf"(?<![\w+])([{ALPHABET}]{{8}})\+([{ALPHABET}]{{2,3}})(?![\w+])", re.IGNORECASE)
SHORT = re.compile(
    rf"(?<![\w+])([{ALPHABET}]{{4}}|[{ALPHABET}]{{6}})\+([{ALPHABET}]{{2,3}})(?![\w+])", re.IGNORECASE
)
_NAME_AFTER = re.compile(r"[\s,;:(]{1,3}([^\W\d_]{2,40})")
_WHOLE = 8  # letters before the sign
_PAIRS = 5  # of latitude and longitude; a third letter after the sign refines both by a grid
_ROWS, _COLUMNS = 5, 4


def decode(code: str) -> tuple[float, float] | None:
    """Latitude and longitude (degrees) of the middle of the code's area; None if it is invalid."""
    letters = [ALPHABET.index(letter) for letter in code.upper() if letter in ALPHABET]
    latitude, longitude, size = -90.0, -180.0, 20.0
    for place in range(_PAIRS):
        latitude += letters[2 * place] * size
        longitude += letters[2 * place + 1] * size
        if place < _PAIRS - 1:
            size /= 20
    height = width = size
    for letter in letters[2 * _PAIRS :]:
        height, width = height / _ROWS, width / _COLUMNS
        latitude += (letter // _COLUMNS) * height
        longitude += (letter % _COLUMNS) * width
    latitude, longitude = latitude + height / 2, longitude + width / 2
    return (latitude, longitude) if latitude <= 90 and longitude <= 180 else None


def decode_short(code: str, near: tuple[float, float]) -> tuple[float, float] | None:
    """The same for a code that lacks its first letters: the nearest place to `near` that has it."""
    missing = _WHOLE - code.index("+")
    # The letters that a code leaves out are two for each step of 20 degrees, 1 degree …
    size = 20.0 ** (2 - missing // 2)
    decoded = decode(_encode(*near, missing) + code)
    if decoded is None:
        return None
    latitude, longitude = decoded
    latitude += size * round((near[0] - latitude) / size)
    longitude += size * round((near[1] - longitude) / size)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def is_of(text: str, end: int, names: Iterable[str]) -> bool:
    """Whether a short code that ends there is the city's: no name follows it, or one of the city's `names` (lower case)."""
    after = _NAME_AFTER.match(text, end)
    if after is None or not after[1][0].isupper():
        return True
    return any(text[after.start(1) :].lower().startswith(name) for name in names)


def _encode(latitude: float, longitude: float, letters: int) -> str:
    """The first letters of the code of this place."""
    south, east, size, found = latitude + 90.0, longitude + 180.0, 20.0, ""
    while len(found) < letters:
        found += ALPHABET[min(int(south // size), 19)] + ALPHABET[min(int(east // size), 19)]
        south, east, size = south % size, east % size, size / 20
    return found
