"""The built-in geocoder: house numbers interpolated along a street's segments, and corners of two streets."""

import math
import re
import unicodedata

from backends.geocoding.base import Point
from city.street_positions import METRES_PER_DEGREE, Segment, StreetPositions

LONGEST = 200  # characters of an address that are read
CORNER = 40.0  # metres between two streets that still meet
_NUMBER = re.compile(r"(?<![\w.,-])(\d{1,5})[a-z]?(?![\w-])")
_NOT_WORD = re.compile(r"[^\w]+")

Degrees = tuple[float, float]


class Gazetteer:
    """Knows the streets of content/street_positions.csv, and nothing else."""

    def __init__(self, positions: StreetPositions) -> None:
        self._positions = positions
        self._names = sorted(
            ((_plain(street), street) for street in positions.streets), key=lambda one: -len(one[0])
        )

    async def find(self, text: str) -> Point | None:
        """A house number in a street, or the corner of two; None for a street alone, which can be long."""
        said = f" {_plain(text[:LONGEST])} "
        named = []
        for plain, street in self._names:
            if f" {plain} " in said:
                named.append(street)
                said = said.replace(f" {plain} ", " | ", 1)
        if len(named) == 2:
            return self._corner(*sorted(named))
        numbers = _NUMBER.findall(said)
        if len(named) != 1 or len(numbers) != 1:
            return None
        return self._numbered(named[0], int(numbers[0]))

    async def address_at(self, latitude: float, longitude: float) -> str | None:
        """The nearest address within 80 metres."""
        return self._positions.address_near(latitude, longitude)

    def _numbered(self, street: str, number: int) -> Point | None:
        for segment in self._positions.streets[street]:
            if segment.numbers and min(segment.numbers) <= number <= max(segment.numbers):
                first, last = segment.numbers
                along = (number - first) / (last - first) if last != first else 0.5
                return Point(*_at(segment, along), f"{number} {street}")
        return None

    def _corner(self, one: str, other: str) -> Point | None:
        streets = self._positions.streets
        near = [_nearest(a, b) for a in streets[one] for b in streets[other]]
        metres, place = min(near)
        return Point(*place, f"{one} / {other}") if metres <= CORNER else None


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", plain).strip()


def _at(segment: Segment, along: float) -> Degrees:
    (south, west), (north, east) = segment.start, segment.end
    return south + along * (north - south), west + along * (east - west)


def _nearest(one: Segment, other: Segment) -> tuple[float, Degrees]:
    """Metres between two segments, and the place where they meet or nearly do."""
    crossing = _crossing(one, other)
    if crossing is not None:
        return 0.0, crossing
    ends = [(end, other) for end in (one.start, one.end)] + [(end, one) for end in (other.start, other.end)]
    return min(_to_segment(end, segment) for end, segment in ends)


def _to_segment(end: Degrees, segment: Segment) -> tuple[float, Degrees]:
    narrow = math.cos(math.radians(end[0]))
    (y1, x1), (y2, x2) = segment.start, segment.end
    dy, dx = y2 - y1, (x2 - x1) * narrow
    length = dy * dy + dx * dx
    along = ((end[0] - y1) * dy + (end[1] - x1) * narrow * dx) / length if length else 0.0
    foot = _at(segment, min(1.0, max(0.0, along)))
    far = math.hypot(foot[0] - end[0], (foot[1] - end[1]) * narrow) * METRES_PER_DEGREE
    return far, foot


def _crossing(one: Segment, other: Segment) -> Degrees | None:
    (y1, x1), (y2, x2) = one.start, one.end
    (y3, x3), (y4, x4) = other.start, other.end
    across = (x2 - x1) * (y4 - y3) - (y2 - y1) * (x4 - x3)
    if across == 0:
        return None
    along = ((x3 - x1) * (y4 - y3) - (y3 - y1) * (x4 - x3)) / across
    beside = ((x3 - x1) * (y2 - y1) - (y3 - y1) * (x2 - x1)) / across
    return _at(one, along) if 0 <= along <= 1 and 0 <= beside <= 1 else None
