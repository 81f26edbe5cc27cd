"""A map of requests as shapes in pixels, drawn by the server: the city's boundary, its streets, and one marker per place.
Requests whose markers would overlap share one. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from city.boundary import Corner
from city.street_positions import Segment
from desk.store.georeport import Area, GeoRequest

WIDTH, HEIGHT = 800, 360
MARGIN = 40
APART = 28
"""Pixels between two marks at least: requests that are nearer share one, so that each can be pressed."""
SMALLEST = 600.0
"""Metres that the map shows at least, so that one request alone has surroundings."""
_METRES = 111_320.0  # of a degree of latitude
_STREETS = 4_000
_SCALES = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


@dataclass(frozen=True, slots=True)
class Mark:
    """`references` are the requests there. `area` is the place as a filter of the list."""

    x: int
    y: int
    references: tuple[str, ...]
    closed: bool
    area: str


@dataclass(frozen=True, slots=True)
class RequestMap:
    """`boundary` and `streets` are points of SVG lines; `scale` is the bar's length in pixels and in metres."""

    marks: tuple[Mark, ...]
    boundary: str
    streets: tuple[str, ...]
    scale: tuple[int, int]
    without_place: int


@dataclass(frozen=True, slots=True)
class _Placed:
    """A request, and where it is in the picture."""

    request: GeoRequest
    x: float
    y: float

    @property
    def at(self) -> tuple[float, float]:
        return self.x, self.y


@dataclass(frozen=True, slots=True)
class _View:
    """Longitudes are narrowed by `narrow`, so that a metre has the same length in both directions."""

    west: float
    north: float
    per_degree: float
    narrow: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (
            MARGIN + (longitude - self.west) * self.narrow * self.per_degree,
            MARGIN + (self.north - latitude) * self.per_degree,
        )

    def place(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.north - (y - MARGIN) / self.per_degree,
            self.west + (x - MARGIN) / self.per_degree / self.narrow,
        )


def draw_map(
    requests: Iterable[GeoRequest], boundary: Sequence[Corner], streets: Iterable[Segment] = ()
) -> RequestMap | None:
    """The map of these requests; None if none of them has a position."""
    every = list(requests)
    placed = [
        (one, one.latitude, one.longitude)
        for one in every
        if one.latitude is not None and one.longitude is not None
    ]
    if not placed:
        return None
    view = _view([(latitude, longitude) for _, latitude, longitude in placed])
    groups: list[list[_Placed]] = []
    for one, latitude, longitude in sorted(placed, key=lambda one: (one[1:], one[0].reference)):
        here = _Placed(one, *view.at(latitude, longitude))
        near = (group for group in groups if math.dist(group[0].at, here.at) < APART)
        if (group := next(near, None)) is not None:
            group.append(here)
        else:
            groups.append([here])
    return RequestMap(
        tuple(_mark(group, view) for group in groups),
        " ".join(_point(view.at(*corner)) for corner in boundary),
        _lines(streets, view),
        _scale(view),
        len(every) - len(placed),
    )


def _view(places: Sequence[Corner]) -> _View:
    south, north = min(one[0] for one in places), max(one[0] for one in places)
    west, east = min(one[1] for one in places), max(one[1] for one in places)
    narrow = max(0.01, math.cos(math.radians((south + north) / 2)))
    least = SMALLEST / _METRES
    height, width = max(north - south, least), max((east - west) * narrow, least)
    per_degree = min((HEIGHT - 2 * MARGIN) / height, (WIDTH - 2 * MARGIN) / width)
    # Spare space in one direction is divided between both sides of the marks.
    spare_x = ((WIDTH - 2 * MARGIN) / per_degree - (east - west) * narrow) / 2 / narrow
    spare_y = ((HEIGHT - 2 * MARGIN) / per_degree - (north - south)) / 2
    return _View(west - spare_x, north + spare_y, per_degree, narrow)


def _mark(group: Sequence[_Placed], view: _View) -> Mark:
    south, west = view.place(min(one.x for one in group) - APART / 2, max(one.y for one in group) + APART / 2)
    north, east = view.place(max(one.x for one in group) + APART / 2, min(one.y for one in group) - APART / 2)
    return Mark(
        round(group[0].x),
        round(group[0].y),
        tuple(one.request.reference for one in group),
        all(one.request.status == "closed" for one in group),
        area_text(Area(south, west, north, east)),
    )


def area_text(area: Area) -> str:
    """An area as the filter of the list writes it."""
    return ",".join(f"{one:.6f}" for one in (area.south, area.west, area.north, area.east))


def _lines(streets: Iterable[Segment], view: _View) -> tuple[str, ...]:
    lines: list[str] = []
    for segment in streets:
        start, end = view.at(*segment.start), view.at(*segment.end)
        seen = max(start[0], end[0]) >= 0 and min(start[0], end[0]) <= WIDTH
        if seen and max(start[1], end[1]) >= 0 and min(start[1], end[1]) <= HEIGHT:
            lines.append(f"{_point(start)} {_point(end)}")
        if len(lines) >= _STREETS:
            break
    return tuple(lines)


def _point(at: tuple[float, float]) -> str:
    # Far outside the picture only a corner's direction matters, and SVG needs no large numbers.
    return ",".join(f"{min(max(one, -100_000), 100_000):.1f}" for one in at)


def _scale(view: _View) -> tuple[int, int]:
    per_metre = view.per_degree / _METRES
    metres = max((one for one in _SCALES if one * per_metre <= 160), default=_SCALES[0])
    return round(metres * per_metre), metres
