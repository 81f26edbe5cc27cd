"""Full Open Location Codes, "87G8P27Q+2F" (Google calls them plus codes): a position in letters. Pure.

Short ones ("P27Q+2F Lindenport") need a reference place and are not read.
"""

from __future__ import annotations

import re

ALPHABET = "23456789CFGHJMPQRVWX"
PATTERN = re.compile(rf"(?<![\w+])([{ALPHABET}]{{8}})\+([{ALPHABET}]{{2,3}})(?![\w+])", re.IGNORECASE)
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
