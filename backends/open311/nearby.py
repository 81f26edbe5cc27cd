"""Open requests near a place: builds the query, and filters the response by distance. Pure."""

from collections.abc import Iterable

from backends.base import NearbyRequest
from backends.open311.read import Record
from city.coordinates import metres_between

PAGES = 3
"""Of a server that cannot search by place: a citizen waits for the answer."""


def near_query(service_code: str, latitude: float, longitude: float, metres: float) -> list[tuple[str, str]]:
    """The filters. `lat`, `long` and `radius` (metres) are an extension that several servers have."""
    return [
        ("service_code", service_code),
        ("status", "open"),
        ("lat", f"{latitude:.6f}"),
        ("long", f"{longitude:.6f}"),
        ("radius", f"{metres:.0f}"),
    ]


def read_nearby(
    records: Iterable[Record], service_code: str, latitude: float, longitude: float, metres: float
) -> list[NearbyRequest]:
    """Those that are certainly open, of this service and within the radius, the nearest first."""
    found = []
    for record in records:
        status = record.status
        if record.reference is None or status.status != "open" or not status.understood:
            continue
        if status.service_code not in (None, service_code):
            continue
        far = _distance(record, latitude, longitude)
        if far is not None and far <= metres:
            found.append(NearbyRequest(record.reference, far, status.requested_at, record.photo))
    return sorted(found, key=lambda one: one.metres)


def _distance(record: Record, latitude: float, longitude: float) -> float | None:
    if record.latitude is not None and record.longitude is not None:
        return metres_between(latitude, longitude, record.latitude, record.longitude)
    return record.distance
