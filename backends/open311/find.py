"""Finds our request in a list after the answer to its create was lost. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from backends.base import NewRequest
from backends.open311.read import Record
from backends.open311.text import has_marker
from city.coordinates import metres_between

# Allowed difference between the back end's clock and ours.
CLOCK_SKEW = timedelta(minutes=15)
SAME_PLACE_METRES = 25.0


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


def _same_place(request: NewRequest, record: Record, since: datetime) -> bool:
    requested = record.status.requested_at
    if requested is None or abs(requested - since) > CLOCK_SKEW:
        return False
    if request.latitude is None or request.longitude is None:
        return False
    if record.latitude is None or record.longitude is None:
        return False
    far = metres_between(request.latitude, request.longitude, record.latitude, record.longitude)
    return far < SAME_PLACE_METRES
