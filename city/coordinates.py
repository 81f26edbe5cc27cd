"""Validates coordinates (WGS 84 degrees), and measures between them. All code that reads coordinates uses this module."""

from math import asin, cos, radians, sin, sqrt
from typing import Annotated

import msgspec

LATITUDES, LONGITUDES = 90, 180
EARTH_METRES = 6_371_000.0
LONGEST = 50  # characters of a number written as text

Latitude = Annotated[float, msgspec.Meta(ge=-LATITUDES, le=LATITUDES)]
Longitude = Annotated[float, msgspec.Meta(ge=-LONGITUDES, le=LONGITUDES)]
"""For the fields of a msgspec Struct."""


def read_latitude(value: object) -> float | None:
    """The degrees of a number, or of text containing one; None if it is not a valid latitude."""
    return _degrees(value, LATITUDES)


def read_longitude(value: object) -> float | None:
    """The degrees of a number, or of text containing one; None if it is not a valid longitude."""
    return _degrees(value, LONGITUDES)


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance between two WGS 84 points in degrees."""
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))


def _degrees(value: object, most: int) -> float | None:
    # bool is an int, and float() accepts "1_0".
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and (len(value) > LONGEST or "_" in value):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    # NaN and the infinities fail this comparison.
    return degrees if -most <= degrees <= most else None
