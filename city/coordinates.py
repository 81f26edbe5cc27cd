"""Validates coordinates (WGS 84 degrees). All code that reads coordinates uses this module."""

from typing import Annotated

import msgspec

LATITUDES, LONGITUDES = 90, 180
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
