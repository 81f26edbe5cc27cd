"""Finds our request in a list after the answer to its create was lost. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from backends.base import NewRequest
from backends.open311.read import Record
from backends.open311.text import has_marker

# Allowed difference between the back end's clock and ours.
CLOCK_SKEW = timedelta(minutes=15)
SAME_PLACE_METRES = 25.0
EARTH_METRES = 6_371_000.0


def find(request: NewRequest, records: Iterable[Record], since: datetime) -> Record | None:
    """Match by our id or our marker; if the back end shows neither, by service, time and place.

    The fallback requires exactly one candidate, without any description: it is then the same service at the
    same place and time, and filing a second report would create a duplicate.
    """
    mine = [record for record in records if record.status.service_code in (None, request.service_code)]
    for record in mine:
        if record.account_id == request.id or has_marker(record.description or "", request.id):
            return record
    alike = [record for record in mine if record.description is None and _same_place(request, record, since)]
    return alike[0] if len(alike) == 1 else None


def metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance between two WGS 84 points in degrees."""
    a, b = radians(latitude), radians(other_latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, half)))


def _same_place(request: NewRequest, record: Record, since: datetime) -> bool:
    requested = record.status.requested_at
    if requested is None or abs(requested - since) > CLOCK_SKEW:
        return False
    if request.latitude is None or request.longitude is None:
        return False
    if record.latitude is None or record.longitude is None:
        return False
    return metres(request.latitude, request.longitude, record.latitude, record.longitude) < SAME_PLACE_METRES
