"""Filing at our GeoReport v2 server: which keys are valid, what is refused and how, and that a repeat files nothing new."""

from typing import Any

import aiohttp
import pytest

from desk.store.pool import Store
from tests.gateway.georeport.calls import FORM, file, post, texts
from tests.gateway.georeport.serving import KEY, our_server
from tests.support.clock import Clock


async def test_a_create_in_xml(http: aiohttp.ClientSession, base: str) -> None:
    root = await post(http, base, form="xml")
    assert root.tag == "service_requests" and (root.findtext("request/service_request_id") or "").startswith(
        "SR-"
    )


async def test_reference_numbers_cannot_be_guessed(http: aiohttp.ClientSession, base: str) -> None:
    numbers = [await file(http, base) for _ in range(40)]
    assert len(set(numbers)) == 40
    assert numbers != sorted(numbers) and len({number[3:7] for number in numbers}) > 35


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY[:-1], KEY.upper(), "schlüssel"])
async def test_without_our_key_nothing_is_filed(
    http: aiohttp.ClientSession, base: str, store: Store, key: str | None
) -> None:
    (refused,) = await post(http, base, 403, api_key=key)
    assert refused["code"] == 403 and "api_key" in refused["description"]
    assert await store.pool.fetchval("SELECT count(*) FROM georeport_requests") == 0


async def test_each_key_works_and_only_in_the_body(http: aiohttp.ClientSession, base: str) -> None:
    await post(http, base, api_key="other-key")
    async with http.post(f"{base}/requests.json?api_key={KEY}", data=FORM | {"api_key": ""}) as response:
        assert response.status == 403


async def test_a_server_without_keys_takes_nothing(
    http: aiohttp.ClientSession, store: Store, clock: Clock
) -> None:
    async with our_server(store, clock, keys=("",)) as base:
        await post(http, base, 403)
        await post(http, base, 403, api_key="")


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"service_code": None}, 400, ["service_code was not provided"]),
        ({"service_code": "nope"}, 404, ["service_code was not found"]),
        ({"lat": None, "long": None, "address_string": None}, 400, ["A location is required"]),
        ({"lat": "95"}, 400, ["lat must be"]),
        ({"lat": "nan"}, 400, ["lat must be"]),
        ({"long": None}, 400, ["must come together"]),
        ({"attribute[size]": "huge"}, 400, ["not on its list"]),
        ({"attribute[colour]": "x" * 4001}, 400, ["attribute[colour] is longer"]),
        ({"email": "nobody"}, 400, ["not an e-mail address"]),
        ({"description": "x" * 4001}, 400, ["longer than 4000"]),
        ({"media_url": "javascript:alert(1)"}, 400, ["media_url"]),
        ({"jurisdiction_id": "elsewhere"}, 404, ["jurisdiction_id"]),
        ({"service_code": "nope", "lat": "x", "email": "y"}, 400, ["service_code", "lat must", "e-mail"]),
    ],
)
async def test_everything_wrong_is_said_at_once(
    http: aiohttp.ClientSession,
    base: str,
    store: Store,
    fields: dict[str, str],
    status: int,
    words: list[str],
) -> None:
    errors = await post(http, base, status, **fields)
    assert [word in error["description"] for word, error in zip(words, errors, strict=True)] == [True] * len(
        words
    )
    root = await post(http, base, status, form="xml", **fields)
    assert root.tag == "errors" and [texts(one)["description"] for one in root] == [
        e["description"] for e in errors
    ]
    assert await store.pool.fetchval("SELECT count(*) FROM georeport_requests") == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"service_code":"pothole"}', "application/json"),
        (b"service_code=%FF&api_key=demo-key", "application/x-www-form-urlencoded; charset=utf-8"),
        (b"\xff=1", "application/x-www-form-urlencoded; charset=utf-8"),
        (b"a=1&" * 600, "application/x-www-form-urlencoded"),
        (b"a=1&b=%F0%28%8C%28", "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
async def test_a_body_that_is_no_form(http: aiohttp.ClientSession, base: str, body: bytes, kind: str) -> None:
    async with http.post(f"{base}/requests.json", data=body, headers={"Content-Type": kind}) as response:
        assert response.status == 400 and (await response.json())[0]["code"] == 400


async def test_the_same_create_sent_twice_is_one_request(
    http: aiohttp.ClientSession, base: str, store: Store
) -> None:
    first = await file(http, base, account_id="a-1", media_url="https://x.example/1?signature=1")
    again = await file(http, base, account_id="a-1", media_url="https://x.example/1?signature=2")
    assert first == again
    other = await file(http, base, account_id="a-1", description="Another hole")
    assert other != first, "one account may report two things"
    assert await file(http, base, account_id="a-2") not in (first, other)
    assert await file(http, base) != await file(http, base), "without an id nothing says that it is a repeat"


async def test_a_service_that_needs_no_place(http: aiohttp.ClientSession, base: str) -> None:
    nowhere: dict[str, Any] = {"lat": None, "long": None, "address_string": None, "attribute[size]": None}
    await post(http, base, service_code="noise", **nowhere)
