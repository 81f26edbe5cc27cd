"""The city's boundary: the area that its crews go to."""

from collections.abc import Sequence

Corner = tuple[float, float]
"""Latitude and longitude in degrees (WGS 84)."""


class Boundary:
    """A polygon. `corners` go round the city once; without corners nothing is known to be outside."""

    def __init__(self, corners: Sequence[Corner] = ()) -> None:
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
