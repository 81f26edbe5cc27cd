"""Open requests near a place, from servers that search by place and from those that do not."""

import json

from backends.open311.client import Open311
from tests.support.fake_georeport import FakeGeoReport, reply

HERE = (41.0, -73.5)


def _row(reference: str, **fields: object) -> dict[str, object]:
    return {"service_request_id": reference, "status": "open", "service_code": "001", **fields}


async def test_the_distance_is_measured_where_the_server_does_not_search(
    client: Open311, fake: FakeGeoReport
) -> None:
    rows = [
        _row("far", lat=41.01, long=-73.5),
        _row("30", lat=41.00027, long=-73.5, media_url="https://photos.example/1.jpg"),
        _row("9", lat="41.00008", long="-73.5"),
        _row("done", lat=41.0, long=-73.5, status="closed"),
        _row("odd", lat=41.0, long=-73.5, status="Duplicate (open)"),
        _row("other", lat=41.0, long=-73.5, service_code="002"),
        _row("nowhere"),
    ]
    fake.answers["GET requests.json"] = reply(json.dumps(rows))
    found = await client.nearby("001", *HERE, 50)
    assert [(one.reference, round(one.metres), one.photo) for one in found] == [
        ("9", 9, None),
        ("30", 30, "https://photos.example/1.jpg"),
    ]
    asked = fake.queries[-1]
    assert (asked["service_code"], asked["status"], asked["radius"]) == ("001", "open", "50")
    assert (asked["lat"], asked["long"]) == ("41.000000", "-73.500000")


async def test_a_distance_without_a_place_is_believed_within_the_radius(
    client: Open311, fake: FakeGeoReport
) -> None:
    fake.answers["GET requests.json"] = reply(
        json.dumps([_row("a", distance=20), _row("b", distance=900), _row("c", distance="near")])
    )
    assert [(one.reference, one.metres) for one in await client.nearby("001", *HERE, 50)] == [("a", 20.0)]
