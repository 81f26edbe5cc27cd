"""Posting: each accepted message is one event, and everything else gets a sentence."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.support.gateway import Citizen, RunningGateway
from tests.support.photos import jpeg


async def test_text_is_committed_before_it_is_accepted(gateway: RunningGateway, citizen: Citizen) -> None:
    client_id = str(uuid4())
    status, body = await citizen.post(client_id=client_id, text="When is my bin collected?")
    assert (status, body) == (202, {"client_id": client_id, "accepted": True})
    (event,) = await gateway.events()
    assert event["inbox"] == "web"
    assert event["external_id"] == f"{await citizen.contact_id()}:{client_id}"
    assert event["payload"]["text"] == "When is my bin collected?"


async def test_the_same_client_id_ten_times_at_once_is_one_message(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    client_id = str(uuid4())
    answers = await asyncio.gather(*(citizen.post(client_id=client_id, text="once") for _ in range(10)))
    assert [status for status, _ in answers] == [202] * 10
    assert len(await gateway.events()) == 1
    await citizen.post(client_id=str(uuid4()), text="twice")
    assert len(await gateway.events()) == 2


async def test_two_citizens_may_choose_the_same_client_id(gateway: RunningGateway, citizen: Citizen) -> None:
    other, client_id = await gateway.citizen(), str(uuid4())
    assert (await citizen.post(client_id=client_id, text="mine"))[0] == 202
    assert (await other.post(client_id=client_id, text="mine too"))[0] == 202
    assert len(await gateway.events()) == 2


async def test_button_location_and_photos_are_taken(gateway: RunningGateway, citizen: Citizen) -> None:
    media = (await citizen.upload(jpeg()))[1]["media"]
    assert (await citizen.post(button="abc-DEF_123"))[0] == 202
    assert (await citizen.post(location={"latitude": 42.5, "longitude": -71.25}))[0] == 202
    assert (await citizen.post(media=[media], text="here it is"))[0] == 202
    button, place, photo = (event["payload"] for event in await gateway.events())
    assert (button["kind"], button["button"]) == ("button", "abc-DEF_123")
    assert (place["location"]["latitude"], place["location"]["longitude"]) == (42.5, -71.25)
    assert (photo["text"], [one["id"] for one in photo["media"]]) == ("here it is", [media])


async def test_a_language_of_the_city_is_taken_and_no_other(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    assert (await citizen.post(language="es"))[0] == 202
    (event,) = await gateway.events()
    assert (event["payload"]["chosen_language"], event["payload"]["text"]) == ("es", None)
    status, body = await citizen.post(language="de")
    assert status == 422 and "does not write in this language" in body["error"]["message"]
    assert (await citizen.post(language="es", text="hola"))[0] == 400
    assert (await citizen.post(language="español"))[0] == 400
    assert len(await gateway.events()) == 1


async def test_another_citizens_photo_cannot_be_sent(gateway: RunningGateway, citizen: Citizen) -> None:
    other = await gateway.citizen()
    theirs = (await other.upload(jpeg()))[1]["media"]
    for media in (theirs, str(uuid4())):
        status, body = await citizen.post(media=[media])
        assert status == 422 and "photo" in body["error"]["message"]
    assert await gateway.events() == []


HOSTILE_BUT_TEXT = [
    "/restart",
    '/intent{"slot":"x"}',
    "/" + "[" * 1999,
    "'; DROP TABLE messages; --",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "🦆🦆🦆",
    "👩‍👩‍👧‍👦",
    "متى يتم جمع النفايات؟ \u202e evil",
    "שלום",
    "{{7*7}} ${7*7} %s %n",
    "a" * 2000,
    "🦆" * 2000,
    "line\nline\ttab",
]


async def test_hostile_text_is_kept_as_it_was_written(gateway: RunningGateway, citizen: Citizen) -> None:
    for text in HOSTILE_BUT_TEXT:
        assert (await citizen.post(text=text))[0] == 202, text[:40]
    assert [event["payload"]["text"] for event in await gateway.events()] == HOSTILE_BUT_TEXT


async def test_control_characters_are_taken_out(gateway: RunningGateway, citizen: Citizen) -> None:
    assert (await citizen.post(text="a\x00b\x1b[31mc\x7f\r\nd  "))[0] == 202
    (event,) = await gateway.events()
    assert event["payload"]["text"] == "ab[31mc\nd"


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00", "\u200b\u200b", "\u3000"])
async def test_an_empty_message_gets_a_sentence(gateway: RunningGateway, citizen: Citizen, text: str) -> None:
    status, body = await citizen.post(text=text)
    assert (status, body["error"]["code"]) == (422, "empty")
    assert body["error"]["message"] == "Your message is empty. Write something and send it again."
    assert await gateway.events() == []


async def test_a_long_message_gets_a_sentence(gateway: RunningGateway, citizen: Citizen) -> None:
    for length, expected in ((2_001, 422), (10_000, 422), (500_000, 413), (3_000_000, 413)):
        status, body = await citizen.post(text="x" * length)
        assert status == expected, length
        assert "2,000 characters" in body["error"]["message"] or "too large" in body["error"]["message"]
    assert await gateway.events() == []


def _with(**body: Any) -> bytes:
    return json.dumps({"client_id": str(uuid4()), **body}).encode()


UNREADABLE = {
    "nothing": b"",
    "no object": b"[]",
    "cut off": b'{"client_id":',
    "no client id": b'{"text": "x"}',
    "client id is no uuid": b'{"client_id": "1", "text": "x"}',
    "not UTF-8": b'{"client_id": "%s", "text": "\xff\xfe"}' % str(uuid4()).encode(),
    "lone surrogate": b'{"client_id": "%s", "text": "\\ud800"}' % str(uuid4()).encode(),
    "deep": b'{"client_id": "%s", "text": ' % str(uuid4()).encode() + b"[" * 20_000,
    "deep and unknown": b'{"client_id": "%s", "x": ' % str(uuid4()).encode() + b'{"a":' * 5_000,
    "text is a number": _with(text=5),
    "text and button": _with(text="x", button="y"),
    "button and location": _with(button="y", location={"latitude": 1, "longitude": 1}),
    "unknown field": _with(text="x", sender="somebody else"),
    "payload in clear": _with(button='/intent{"slot":"x"}'),
    "far away": _with(location={"latitude": 91, "longitude": 0}),
    "endless": b'{"client_id": "%s", "location": {"latitude": 1e999, "longitude": 1}}'
    % str(uuid4()).encode(),
    "no photos": _with(media=[]),
    "photo by path": _with(media=["../../etc/passwd"]),
}


async def test_what_cannot_be_read_gets_a_sentence(gateway: RunningGateway, citizen: Citizen) -> None:
    for name, raw in UNREADABLE.items():
        status, body = await citizen.post(raw=raw)
        assert status == 400, (name, body)
        assert body["error"]["message"].endswith("."), name
        assert "Traceback" not in json.dumps(body)
    assert await gateway.events() == []


async def test_six_photos_are_one_too_many(citizen: Citizen) -> None:
    status, body = await citizen.post(media=[str(uuid4()) for _ in range(6)])
    assert (status, body["error"]["code"]) == (422, "too_many_photos")


async def test_the_request_id_is_the_events_trace_id(gateway: RunningGateway, citizen: Citizen) -> None:
    body = {"client_id": str(uuid4()), "text": "hello"}
    async with gateway.http.post(
        f"{gateway.base}/chat/v1/messages", json=body, headers=citizen.headers
    ) as answer:
        given = answer.headers["x-request-id"]
    assert await gateway.store.pool.fetchval("SELECT trace_id FROM events") == given
