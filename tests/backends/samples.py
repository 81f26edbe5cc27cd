"""A request as we file it, and one as a GeoReport server lists it."""

from dataclasses import replace

from backends.base import NewRequest

REQUEST = NewRequest(
    id="7b1cf2a0-0000-5000-8000-000000000001",
    service_code="001",
    description="A deep hole, 3 < 4",
    address="8 Elm Street",
    latitude=40.7,
    longitude=-74.25,
    attributes={"SIZE": ("2",), "WHO": ("a", "Bikes"), "GONE": ("x",)},
    media_urls=("https://desk.example/1", "https://desk.example/2"),
    name="Ana María López",
    email="ana@example.org",
    phone="555",
)

MARKER = f"[civicdesk {REQUEST.id}]"

PLAIN = replace(REQUEST, service_code="002", attributes={}, media_urls=(), name=None, email=None, phone=None)

LISTED = {
    "service_request_id": "638344",
    "status": "closed",
    "status_notes": "Duplicate of <b>another</b> &amp; done",
    "service_name": "Pothole",
    "service_code": "001",
    "description": "A hole",
    "agency_responsible": "Streets",
    "requested_datetime": "2026-11-01T06:37:38-05:00",
    "updated_datetime": "2026-11-02T06:37:38-0500",
    "expected_datetime": "2026-11-03T06:37:38",
    "address": "8 Elm Street",
    "lat": 1.5,
    "long": "2.5",
}
