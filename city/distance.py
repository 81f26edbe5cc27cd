"""How far two points are from each other."""

from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_000.0


def metres_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance between two WGS 84 points in degrees."""
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))
