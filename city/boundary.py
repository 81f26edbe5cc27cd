"""The city's boundary: the area that its crews serve, also as GeoJSON."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from city.coordinates import read_latitude, read_longitude
from city.errors import CityError

Corner = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""
FEWEST_CORNERS = 3
MOST_CORNERS = 300
"""Of a boundary from the console: it travels with every turn to the assistant's process."""
LONGEST_AREA = 60_000
"""Characters of GeoJSON."""


class Boundary:
    """A polygon. `corners` go round the city once; without corners nothing is known to be outside."""

    def __init__(self, corners: Sequence[Corner] = ()) -> None:
        self.renew(corners)

    def renew(self, corners: Sequence[Corner]) -> None:
        """The boundary as it is now."""
        self._sides = list(zip(corners, (*corners[1:], *corners[:1]), strict=True))

    def contains(self, latitude: float, longitude: float) -> bool:
        """Whether a point is inside; always true without a boundary. Degrees are treated as a plane, which is exact
        enough for the size of a city."""
        if not self._sides:
            return True
        inside = False
        for (south, west), (north, east) in self._sides:
            if (south > latitude) != (north > latitude):
                crossing = west + (latitude - south) / (north - south) * (east - west)
                inside ^= longitude < crossing
        return inside


def read_area(text: str) -> list[list[float]]:
    """The corners [latitude, longitude] of one polygon in GeoJSON (RFC 7946), which has the longitude first; none for an
    empty text. Raises CityError with a sentence."""
    if not text.strip():
        return []
    try:
        rings = [
            [_corner(position) for position in ring]
            for ring in _rings(msgspec.json.decode(text[: LONGEST_AREA + 1]))
        ]
    except (msgspec.DecodeError, RecursionError, TypeError, LookupError, AttributeError):
        raise CityError(
            "This is no GeoJSON of an area. Export the boundary as a polygon and use that."
        ) from None
    if len(rings) != 1:
        raise CityError(f"It has {len(rings)} rings. Give one polygon without holes.")
    corners = rings[0]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()  # GeoJSON repeats the first
    if not FEWEST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise CityError(
            f"It has {len(corners)} corners. Simplify it to between {FEWEST_CORNERS} and {MOST_CORNERS}."
        )
    return corners


def area_text(corners: Sequence[Sequence[float]]) -> str:
    """These corners as GeoJSON; an empty text for none."""
    if not corners:
        return ""
    ring = [[longitude, latitude] for latitude, longitude in (*corners, corners[0])]
    return msgspec.json.encode({"type": "Polygon", "coordinates": [ring]}).decode()


def _rings(found: Any) -> list[Any]:
    kind = found["type"]
    if kind == "FeatureCollection":
        return [ring for feature in found["features"] for ring in _rings(feature)]
    if kind == "Feature":
        return _rings(found["geometry"])
    if kind == "MultiPolygon":
        return [ring for polygon in found["coordinates"] for ring in polygon]
    return list(found["coordinates"]) if kind == "Polygon" else []


def _corner(position: Any) -> list[float]:
    longitude, latitude = read_longitude(position[0]), read_latitude(position[1])
    if latitude is None or longitude is None:
        raise CityError("A position is no longitude and latitude in degrees (WGS 84).")
    return [latitude, longitude]


class MapConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the web chat's maps come from: the address of a tile with {z}, {x} and {y}, and who made them."""

    tiles: str
    credit: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
