"""A JSON service that is slow, down or odd counts as a failed lookup and never gives a wrong day; it receives nothing but the street."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from actions.lookup.service import JsonService
from actions.lookup.source import LookupFailed, Place
from city.errors import CityError
from tests.support.json_service import JsonPeer, json_peer
from tests.support.ports import free_port

MILL = Place("Mill Lane", "12 Mill Lane")


@pytest.fixture
async def peer() -> AsyncIterator[JsonPeer]:
    async with json_peer() as peer:
        yield peer


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def service(
    session: aiohttp.ClientSession, url: str, *, seconds: float = 5.0, path: str = "collection.0.day"
) -> JsonService:
    return JsonService(session, f"{url}/streets/{{street}}", {"day": path}, lambda: 0.0, seconds=seconds)


async def test_a_value_is_found_by_its_path(peer: JsonPeer, session: aiohttp.ClientSession) -> None:
    peer.answers('{"collection": [{"day": " tuesday "}]}')
    assert await service(session, peer.url).find(MILL) == {"day": "tuesday"}
    assert peer.paths == ["/streets/Mill%20Lane"]


@pytest.mark.parametrize("street", ["../admin?x=", "a/b#c", "@evil.example/", "{address}", "é ü"])
async def test_a_street_cannot_change_where_the_call_goes(
    peer: JsonPeer, session: aiohttp.ClientSession, street: str
) -> None:
    peer.answers('{"collection": [{"day": "monday"}]}')
    assert await service(session, peer.url).find(Place(street, street))
    assert peer.paths[0].startswith("/streets/") and peer.paths[0].count("/") == 2
    assert not set("?#@") & set(peer.paths[0])


@pytest.mark.parametrize(("body", "status"), [("", 404), ('{"collection": [{"day": null}]}', 200)])
async def test_an_unknown_street(
    peer: JsonPeer, session: aiohttp.ClientSession, body: str, status: int
) -> None:
    peer.answers(body, status)
    assert await service(session, peer.url).find(MILL) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 200),
        ("<html>", 200),
        ("[]", 200),
        ('{"collection": []}', 200),
        ('{"collection": [{"day": true}]}', 200),
        ('{"collection": [{"day": {"name": "monday"}}]}', 200),
        ('{"collection": [{"day": ""}]}', 200),
        ('{"collection": [{"day": "' + "x" * 300 + '"}]}', 200),
        ('{"collection": [{"day": "monday"}], "more": "' + "x" * 70_000 + '"}', 200),
        ("[" * 60_000, 200),
        (b"\xff\xfe{", 200),
        ('{"collection": [{"day": "monday"}]}', 500),
        ('{"collection": [{"day": "monday"}]}', 204),
    ],
)
async def test_an_odd_answer_is_none(
    peer: JsonPeer, session: aiohttp.ClientSession, body: str | bytes, status: int
) -> None:
    peer.answers(body, status)
    with pytest.raises(LookupFailed):
        await service(session, peer.url).find(MILL)


async def test_a_redirect_is_not_followed(peer: JsonPeer, session: aiohttp.ClientSession) -> None:
    async with json_peer() as inside:
        inside.answers('{"collection": [{"day": "monday"}]}')
        peer.answers("", 302, {"Location": f"{inside.url}/secret"})
        with pytest.raises(LookupFailed):
            await service(session, peer.url).find(MILL)
        assert inside.paths == []


async def test_it_is_not_waited_for(peer: JsonPeer, session: aiohttp.ClientSession) -> None:
    for slow in (peer.hangs, peer.trickles):
        slow()
        with pytest.raises(LookupFailed):
            await service(session, peer.url, seconds=0.2).find(MILL)


async def test_nobody_listens(session: aiohttp.ClientSession) -> None:
    with pytest.raises(LookupFailed):
        await service(session, f"http://127.0.0.1:{free_port()}").find(MILL)


async def test_a_service_that_keeps_failing_is_left_alone(
    peer: JsonPeer, session: aiohttp.ClientSession
) -> None:
    peer.answers("", 500)
    broken = service(session, peer.url)
    for _ in range(12):
        with pytest.raises(LookupFailed):
            await broken.find(MILL)
    assert len(peer.paths) < 12


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/{street}", "https://{street}/", "/{street}"])
async def test_only_a_web_address_with_a_fixed_host(session: aiohttp.ClientSession, url: str) -> None:
    with pytest.raises(CityError, match="must begin with https"):
        JsonService(session, url, {"day": "day"}, lambda: 0.0)
