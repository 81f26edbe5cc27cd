"""A search by place of our own server: what the city's chat asks before it files a report."""

import aiohttp
import pytest

from backends.open311.client import Open311
from tests.gateway.georeport.calls import file, get
from tests.gateway.georeport.serving import KEY
from tests.support.clock import Clock

HERE = {"lat": "40.71", "long": "-74.01", "radius": "50", "service_code": "pothole", "status": "open"}


async def test_the_nearest_open_ones_and_no_place_without_a_key(
    http: aiohttp.ClientSession, base: str, clock: Clock
) -> None:
    at = [await file(http, base, lat=lat) for lat in ("40.7103", "40.7101", "40.72")]
    await file(http, base, service_code="graffiti", **{"attribute[size]": None})
    rows = await get(http, f"{base}/requests.json", key="", **HERE)
    assert [(one["service_request_id"], one["distance"]) for one in rows] == [(at[1], 20), (at[0], 40)]
    assert {one["address"] for one in rows} == {one["lat"] for one in rows} == {None}
    with_key = await get(http, f"{base}/requests.xml", **{**HERE, "radius": "5000"})
    assert len(with_key) == 3 and with_key[0].findtext("lat") == "40.7101"
    client = Open311(http, base, jurisdiction="lindenport.example", clock=clock)
    assert [one.reference for one in await client.nearby("pothole", 40.71, -74.01, 50)] == [at[1], at[0]]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"radius": "500"}, 403),
        ({"service_code": "missed_bin"}, 403),
        ({"service_code": "pothole,noise"}, 403),
        ({"status": "closed"}, 400),
        ({"service_code": ""}, 400),
        ({"lat": "91"}, 400),
        ({"radius": "near"}, 400),
        ({"radius": "0"}, 400),
        ({"long": ""}, 400),
    ],
)
async def test_what_strangers_may_not_ask(
    http: aiohttp.ClientSession, base: str, query: dict[str, str], status: int
) -> None:
    await get(http, f"{base}/requests.json", status, key="", **{**HERE, **query})
    if status == 403:
        await get(http, f"{base}/requests.json", 200, key=KEY, **{**HERE, **query})
