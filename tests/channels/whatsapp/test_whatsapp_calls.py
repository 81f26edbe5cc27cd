"""Calls of the WhatsApp Cloud API: keys, codes, files, and what the operator is told."""

import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.base import (
    InboxBroken,
    MediaRef,
    NotAuthentic,
    RetryLater,
    Undeliverable,
    Webhook,
    WindowClosed,
)
from channels.whatsapp.channel import WhatsAppChannel
from tests.channels.refusals import KEY, raised
from tests.support.sockets import serving
from tests.support.specimens.meta_common import VERIFY_TOKEN
from tests.support.specimens.whatsapp import NUMBER, PERSON, SPECIMEN


def graph(status: int, document: object, seen: list[Any] | None = None) -> Any:
    async def answer(request: web.Request) -> web.Response:
        if seen is not None:
            seen.append(
                (
                    request.method,
                    request.path,
                    dict(request.query),
                    dict(request.headers),
                    await request.text(),
                )
            )
        return web.json_response(document, status=status)

    return serving(answer)


async def test_the_key_travels_and_comes_back_and_the_token_is_only_in_its_header() -> None:
    seen: list[Any] = []
    async with graph(200, {"messages": [{"id": "wamid.1"}]}, seen) as url, aiohttp.ClientSession() as http:
        channel = SPECIMEN.open(http, api_url=url)
        (request,) = channel.render(SPECIMEN.message())
        assert (await channel.send(request, KEY)).external_id == "wamid.1"
        assert isinstance(channel, WhatsAppChannel)
        (mark,) = channel.typing(PERSON, "wamid.2", {})
        await channel.send(mark, KEY)
    (method, path, query, headers, body), (_, _, _, _, marked) = seen
    assert (method, path) == ("POST", f"/v23.0/{NUMBER}/messages")
    assert headers["Authorization"] == f"Bearer {SPECIMEN.settings['token']}"
    assert list(query) == ["appsecret_proof"] and len(query["appsecret_proof"]) == 64
    assert json.loads(body)["biz_opaque_callback_data"] == KEY
    assert "biz_opaque_callback_data" not in json.loads(marked)


@pytest.mark.parametrize(
    ("code", "kind", "most"),
    [
        (131047, WindowClosed, None),
        (131056, RetryLater, None),
        (130429, RetryLater, None),
        (131000, RetryLater, 3),
        (1, RetryLater, 3),
        (135000, RetryLater, 3),
        (131026, Undeliverable, None),
        (132001, Undeliverable, None),
        (999999, Undeliverable, None),
        *(
            (code, InboxBroken, None)
            for code in (0, 3, 10, 190, 200, 299, 368, 131031, 131042, 131005, 130497)
        ),
    ],
)
async def test_codes(code: int, kind: type[Exception], most: int | None) -> None:
    error = await raised(
        SPECIMEN, 400, {"error": {"code": code, "message": "to +1 650 555 1234", "fbtrace_id": "A"}}
    )
    assert type(error) is kind and "650" not in str(error)
    if isinstance(error, RetryLater):
        assert error.most == most and not error.accepted_unknown
        assert error.scope == ("inbox" if code == 130429 else "contact")
    elif isinstance(error, Undeliverable | InboxBroken):
        assert error.code == str(code)


async def test_the_code_says_more_than_the_status() -> None:
    assert isinstance(await raised(SPECIMEN, 500, {"error": {"code": 190}}), InboxBroken)
    assert isinstance(await raised(SPECIMEN, 500, {"error": {"code": 131047}}), WindowClosed)
    assert isinstance(
        await raised(SPECIMEN, 400, {"error": {"code": 999999, "is_transient": True}}), RetryLater
    )
    assert isinstance(await raised(SPECIMEN, 500, {"error": {"code": 999999}}), RetryLater)


async def test_a_file_that_is_gone_or_a_token_that_is_refused() -> None:
    async with aiohttp.ClientSession() as http:
        for status, code, kind in ((400, 100, Undeliverable), (401, 190, RetryLater), (503, 2, RetryLater)):
            async with graph(status, {"error": {"code": code}}) as url:
                channel = SPECIMEN.open(http, api_url=url)
                assert isinstance(channel, WhatsAppChannel)
                with pytest.raises(kind):
                    await channel.media(MediaRef("1003383421387256", "image/jpeg"))
        strange_ids = SPECIMEN.open(http)
        assert isinstance(strange_ids, WhatsAppChannel)
        for strange in ("../me", "1?x=1", "", "a/b"):
            with pytest.raises(Undeliverable):
                await strange_ids.media(MediaRef(strange, "image/jpeg"))


async def test_a_file_is_fetched_with_the_token_from_metas_host_alone() -> None:
    url = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
    async with graph(200, {"url": url, "mime_type": "image/jpeg"}) as api, aiohttp.ClientSession() as http:
        channel = SPECIMEN.open(http, api_url=api)
        assert isinstance(channel, WhatsAppChannel)
        source = await channel.media(MediaRef("1", "image/jpeg"))
    assert source.url == url and source.hosts == ("lookaside.fbsbx.com", "127.0.0.1")
    assert source.headers == {"Authorization": f"Bearer {SPECIMEN.settings['token']}"}


def test_the_handshake() -> None:
    channel = SPECIMEN.open()
    assert isinstance(channel, WhatsAppChannel)
    right = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    assert channel.handshake(Webhook({}, b"", query=right, method="GET")) == "1158201444"
    for wrong in (
        {"hub.verify_token": "guess"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": "<script>"},
        {"hub.challenge": ""},
    ):
        with pytest.raises(NotAuthentic):
            channel.handshake(Webhook({}, b"", query={**right, **wrong}, method="GET"))
    with pytest.raises(NotAuthentic):
        channel.handshake(Webhook({}, b"", method="GET"))


async def test_what_is_wrong_is_said_in_words() -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("debug_token"):
            scopes = ["whatsapp_business_messaging"]
            return web.json_response({"data": {"is_valid": True, "scopes": scopes}})
        if request.path.endswith("subscribed_apps"):
            return web.json_response({"data": []})
        return web.json_response({"error": {"code": 100, "message": "Unsupported get request"}}, status=400)

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        channel = SPECIMEN.open(http, api_url=url)
        assert isinstance(channel, WhatsAppChannel)
        findings = await channel.check("https://desk.lindenport.example/webhooks/whatsapp")
    assert [one.fine for one in findings] == [False, False, False]
    scopes, number, hook = findings
    assert "whatsapp_business_management" in scopes.todo and "ids in the settings" in number.todo
    assert "Nothing is subscribed" in hook.todo


async def test_a_wrong_app_secret_is_told_from_a_wrong_token() -> None:
    """Meta says code 100 to a proof that the secret did not make, and nothing that would name it."""

    def meta(token_is_good: bool) -> Any:
        async def answer(request: web.Request) -> web.Response:
            if token_is_good and "appsecret_proof" not in request.query:
                return web.json_response({"data": {"is_valid": True, "scopes": []}})
            error = {"code": 100, "message": "Invalid appsecret_proof provided in the API argument"}
            return web.json_response({"error": error}, status=400)

        return serving(answer)

    async with aiohttp.ClientSession() as http:
        for good in (True, False):
            async with meta(good) as url:
                channel = SPECIMEN.open(http, api_url=url)
                assert isinstance(channel, WhatsAppChannel)
                first, *_ = await channel.check("https://desk.lindenport.example/webhooks/whatsapp")
            assert not first.fine and ("app_secret" in first.what) is good
            assert SPECIMEN.settings["app_secret"] not in f"{first}"
