"""The map of an area: the city's districts as a drawing, without tiles from anywhere. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from city.notices.districts import District, read_area_of

WIDTH = 360.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One polygon: `points` as SVG has them, the middle of its title, and whether the notice is for it."""

    points: str
    x: float
    y: float
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Districts, then what was drawn besides. `circles` are (x, y, radius)."""

    height: float
    districts: Sequence[Shape]
    polygons: Sequence[str]
    circles: Sequence[tuple[float, float, float]]


def draw(area: Mapping[str, Any], districts: Sequence[District], language: str) -> Drawing | None:
    """The districts, with the area marked; None for a city without districts."""
    if not districts:
        return None
    corners = [corner for one in districts for corner in one.corners]
    north, south = max(one[0] for one in corners), min(one[0] for one in corners)
    west, east = min(one[1] for one in corners), max(one[1] for one in corners)
    narrow = cos(radians((north + south) / 2))
    scale = WIDTH / ((east - west) * narrow)

    def place(latitude: float, longitude: float) -> tuple[float, float]:
        return round((longitude - west) * narrow * scale, 1), round((north - latitude) * scale, 1)

    def points(around: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x},{y}" for x, y in (place(*one) for one in around))

    chosen = read_area_of(area)
    touched = set(chosen.touched(tuple(districts)))
    shapes = []
    for one in districts:
        count = len(one.corners)
        x, y = place(sum(c[0] for c in one.corners) / count, sum(c[1] for c in one.corners) / count)
        shapes.append(Shape(points(one.corners), x, y, one.called(language), one.name in touched))
    circles = [
        (*place(one.latitude, one.longitude), round(one.kilometres / 111.2 * scale, 1))
        for one in chosen.circles
    ]
    return Drawing(
        round((north - south) * scale, 1), shapes, [points(one) for one in chosen.polygons], circles
    )
