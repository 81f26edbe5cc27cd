"""Coordinates: which numbers are a place on the earth (WGS 84 degrees). Whoever reads coordinates asks here."""

from typing import Annotated

import msgspec

LATITUDES, LONGITUDES = 90, 180
LONGEST = 50  # characters of a number that is written out

Latitude = Annotated[float, msgspec.Meta(ge=-LATITUDES, le=LATITUDES)]
Longitude = Annotated[float, msgspec.Meta(ge=-LONGITUDES, le=LONGITUDES)]
"""For the fields of a msgspec shape."""


def read_latitude(value: object) -> float | None:
    """The degrees of a number, or of a text that is one; None where it is no latitude."""
    return _degrees(value, LATITUDES)


def read_longitude(value: object) -> float | None:
    """The degrees of a number, or of a text that is one; None where it is no longitude."""
    return _degrees(value, LONGITUDES)


def _degrees(value: object, most: int) -> float | None:
    # bool is an int, and float() reads "1_0".
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and (len(value) > LONGEST or "_" in value):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    # Not a number and the infinities are in no range.
    return degrees if -most <= degrees <= most else None
