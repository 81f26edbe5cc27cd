"""A Nominatim server that answers, is slow, is down, and says odd things."""

import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from backends.base import BackendUnavailable
from backends.geocoding.gazetteer import Gazetteer
from backends.geocoding.nominatim import LARGEST, Nominatim
from backends.geocoding.several import Several
from city.street_positions import Segment, StreetPositions
from tests.support.clock import Ticks
from tests.support.json_service import JsonPeer, json_peer

CITY = ((41.2, -74.3), (41.2, -73.4), (40.5, -73.4), (40.5, -74.3))
HOUSE = {
    "lat": "41.05", "lon": "-73.54", "addresstype": "building", "name": "",
    "address": {"house_number": "12", "road": "Mill Lane", "city": "Lindenport"},
}  # fmt: skip
LIBRARY = {**HOUSE, "addresstype": "amenity", "name": "Central Library"}
ROAD = {
    "lat": "41.05",
    "lon": "-73.54",
    "addresstype": "road",
    "name": "Mill Lane",
    "address": {"road": "Mill Lane"},
}


@pytest.fixture
async def peer() -> AsyncIterator[JsonPeer]:
    async with json_peer() as peer:
        yield peer


@pytest.fixture
async def nominatim(peer: JsonPeer, session: aiohttp.ClientSession, ticks: Ticks) -> Nominatim:
    return Nominatim(session, f"{peer.url}/", CITY, seconds=2, monotonic=ticks)


@pytest.mark.parametrize(
    ("rows", "address"),
    [
        ([HOUSE], "12 Mill Lane"),
        ([LIBRARY], "Central Library, 12 Mill Lane"),
        ([ROAD, HOUSE], "12 Mill Lane"),
        ([{**HOUSE, "lat": "48.1"}, HOUSE], "12 Mill Lane"),
        ([{**HOUSE, "address": {"road": "<b>Mill</b> Lane"}}], "Mill Lane"),
        ([ROAD], None),
        ([{**HOUSE, "lat": "91"}], None),
        ([{**HOUSE, "lon": "nan"}], None),
        ([{"lat": "41.05", "lon": "-73.54"}], None),
        (["41.05"], None),
        ([], None),
        ({"error": "Unable to geocode"}, None),
    ],
)
async def test_only_a_point_inside_the_city_is_believed(
    nominatim: Nominatim, peer: JsonPeer, rows: object, address: str | None
) -> None:
    peer.answers(json.dumps(rows))
    found = await nominatim.find("12 mill lane")
    assert (found.address if found else None) == address
    asked = urlsplit(peer.paths[-1])
    query = parse_qs(asked.query)
    assert asked.path == "/search" and query["format"] == ["jsonv2"] and query["bounded"] == ["1"]
    assert query["viewbox"] == ["-74.3,41.2,-73.4,40.5"] and query["q"] == ["12 mill lane"]


async def test_a_position_gets_its_address(nominatim: Nominatim, peer: JsonPeer) -> None:
    peer.answers(json.dumps(HOUSE))
    assert await nominatim.address_at(41.05, -73.54) == "12 Mill Lane"
    assert peer.paths[-1].startswith("/reverse?lat=41.050000&lon=-73.540000&")
    peer.answers(json.dumps({"error": "Unable to geocode"}))
    assert await nominatim.address_at(41.05, -73.54) is None


@pytest.mark.parametrize("how", ["down", "slow", "page", "huge", "moved", "deep"])
async def test_what_is_no_answer_says_so_and_the_streets_still_answer(
    nominatim: Nominatim, session: aiohttp.ClientSession, peer: JsonPeer, ticks: Ticks, how: str
) -> None:
    if how == "slow":
        peer.hangs()
        nominatim = Nominatim(session, f"{peer.url}/", CITY, seconds=0.3, monotonic=ticks)
    elif how == "moved":
        peer.answers("", 302, {"Location": "http://169.254.169.254/"})
    else:
        bodies = {"down": ("", 503), "page": ("<html>", 200), "deep": ("[" * 60_000, 200)}
        peer.answers(*bodies.get(how, (" " * (LARGEST + 1), 200)))
    with pytest.raises(BackendUnavailable):
        await nominatim.find("12 Mill Lane")
    street = Segment("Mill Lane", (41.0, -73.50), (41.0, -73.49), (1, 101))
    several = Several((Gazetteer(StreetPositions([street])), nominatim))
    found = await several.find("12 Mill Lane")
    assert found is not None and len(peer.paths) == 1, "our own streets need no server"
    with pytest.raises(BackendUnavailable):
        await several.find("the old oak")


async def test_a_server_that_keeps_failing_is_left_alone(nominatim: Nominatim, peer: JsonPeer) -> None:
    peer.answers("", 503)
    for _ in range(7):
        with pytest.raises(BackendUnavailable):
            await nominatim.find("12 Mill Lane")
    assert len(peer.paths) == 5
