"""Where the city's streets run, so that a point on the map can be shown as an address."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from city.coordinates import read_latitude, read_longitude
from city.errors import CityError

NEAR = 80.0  # metres from a street within which a point is said to be near it
METRES_PER_DEGREE = 111_320.0  # of latitude
_CELL = 0.005  # degrees; about 500 metres, so that a point only meets the streets around it
_COLUMNS = (
    "street",
    "from_number",
    "to_number",
    "from_latitude",
    "from_longitude",
    "to_latitude",
    "to_longitude",
)


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of a street: its ends in degrees (WGS 84) and the house numbers there, None without."""

    street: str
    start: tuple[float, float]
    end: tuple[float, float]
    numbers: tuple[int, int] | None = None


class StreetPositions:
    """The segments of a city, found by where they are."""

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self._cells: dict[tuple[int, int], list[Segment]] = defaultdict(list)
        self._streets: dict[str, list[Segment]] = defaultdict(list)
        for segment in segments:
            self._streets[segment.street].append(segment)
            for cell in _cells_between(segment.start, segment.end):
                self._cells[cell].append(segment)

    @property
    def streets(self) -> Mapping[str, Sequence[Segment]]:
        """The segments of each street by its name."""
        return self._streets

    def address_near(self, latitude: float, longitude: float) -> str | None:
        """The address of the nearest street, "12 Mill Lane" or "Mill Lane"; None if none is within NEAR metres."""
        around = {
            segment
            for cell in _cells_between((latitude, longitude), (latitude, longitude))
            for segment in self._cells.get(cell, ())
        }
        measured = [(*_measure(segment, latitude, longitude), segment) for segment in around]
        metres, along, nearest = min(
            measured, key=lambda one: (one[0], one[2].street), default=(math.inf, 0.0, None)
        )
        if nearest is None or metres > NEAR:
            return None
        if nearest.numbers is None:
            return nearest.street
        first, last = nearest.numbers
        return f"{round(first + along * (last - first))} {nearest.street}"


def load_street_positions(path: Path | str) -> StreetPositions:
    """Read a CSV file with the columns in _COLUMNS; without it no position is known. Raises CityError with a sentence."""
    path = Path(path)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != _COLUMNS:
                raise CityError(f"{path}: the first line must be '{','.join(_COLUMNS)}'.")
            return StreetPositions([_segment(row, f"{path}, line {rows.line_num}") for row in rows])
    except FileNotFoundError:
        return StreetPositions()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CityError(
            f"{path} cannot be read ({type(error).__name__}). It must be a CSV file in UTF-8."
        ) from None


def _segment(row: dict[str, str], where: str) -> Segment:
    ends = [
        (read_latitude(row[f"{end}_latitude"]), read_longitude(row[f"{end}_longitude"]))
        for end in ("from", "to")
    ]
    (south, west), (north, east) = ends
    if not row["street"] or south is None or west is None or north is None or east is None:
        raise CityError(f"{where}: a segment needs a street and the coordinates of both ends.")
    numbers = row["from_number"] or "", row["to_number"] or ""
    if numbers == ("", ""):
        return Segment(row["street"], (south, west), (north, east))
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise CityError(
            f"{where}: '{'-'.join(numbers)}' are no house numbers. Write both, or leave both empty."
        )
    return Segment(row["street"], (south, west), (north, east), (int(numbers[0]), int(numbers[1])))


def _cells_between(start: tuple[float, float], end: tuple[float, float]) -> Iterable[tuple[int, int]]:
    """The cells of a rectangle and those around it, so that a street just over the edge is met."""
    rows = sorted((math.floor(start[0] / _CELL), math.floor(end[0] / _CELL)))
    columns = sorted((math.floor(start[1] / _CELL), math.floor(end[1] / _CELL)))
    for row in range(rows[0] - 1, rows[1] + 2):
        for column in range(columns[0] - 1, columns[1] + 2):
            yield row, column


def _measure(segment: Segment, latitude: float, longitude: float) -> tuple[float, float]:
    """Metres from a point to a segment, and how far along it the nearest place is, from 0 to 1."""
    narrow = math.cos(math.radians(latitude))
    start_y, start_x = segment.start[0] - latitude, (segment.start[1] - longitude) * narrow
    end_y, end_x = segment.end[0] - latitude, (segment.end[1] - longitude) * narrow
    length = (end_x - start_x) ** 2 + (end_y - start_y) ** 2
    along = 0.0
    if length:
        along = -(start_x * (end_x - start_x) + start_y * (end_y - start_y)) / length
        along = min(1.0, max(0.0, along))
    x, y = start_x + along * (end_x - start_x), start_y + along * (end_y - start_y)
    return math.hypot(x, y) * METRES_PER_DEGREE, along
