"""One call to a provider: what may be retried, what the provider may have accepted, and what is never disclosed."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.errors import RetryLater
from channels.kit.calls import MAX_BODY, Calls, ProviderResponse, keeps_secret
from tests.support.ports import free_ports
from tests.support.waiting import forever

TOKEN = "a-token-nobody-may-see"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def provider(handler: Handler, **options: Any) -> AsyncIterator[Calls]:
    app = web.Application(client_max_size=10_000_000)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.05)
    await runner.setup()
    (port,) = free_ports(1)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession() as http:
        yield Calls(
            http, f"http://127.0.0.1:{port}/{TOKEN}/", headers={"Authorization": f"Bearer {TOKEN}"}, **options
        )
    await runner.cleanup()


async def test_json_and_form_arrive_as_they_were_given() -> None:
    seen: list[tuple[str, str, bytes, str | None]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(
            (request.method, request.path_qs, await request.read(), request.headers.get("Content-Type"))
        )
        return web.json_response({"id": "7"})

    async with provider(handler) as calls:
        answer = await calls.post("me/messages", {"text": "Straße 🦆"}, query=[("a b", "ü&")])
        await calls.post("send", form=[("To", "+1 2"), ("Body", "é"), ("Body", "b")])
        await calls.get("x")
    assert answer.fine and answer.fields == {"id": "7"}
    (_, path, body, kind), form, got = seen
    assert path == f"/{TOKEN}/me/messages?a+b=%C3%BC%26" and kind == "application/json"
    assert json.loads(body) == {"text": "Straße 🦆"}
    assert form[2:] == (b"To=%2B1+2&Body=%C3%A9&Body=b", "application/x-www-form-urlencoded")
    assert got[0] == "GET"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
async def test_busy_is_tried_later_as_long_as_they_ask(status: int) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "17"}, text="<html>")

    async with provider(handler) as calls:
        answer = await calls.post("m", {})
    with pytest.raises(RetryLater) as later:
        answer.raise_if_busy("inbox")
    assert later.value.after == 17 and not later.value.accepted_unknown
    assert later.value.scope == ("inbox" if status < 500 else "contact")


async def test_retry_after_as_a_date_is_read_against_their_clock() -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(
            status=429,
            headers={"Date": "Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After": "Wed, 21 Oct 2015 07:30:00 GMT"},
        )

    async with provider(handler) as calls:
        assert (await calls.post("m", {})).after == 120


@pytest.mark.parametrize("written", ["soon", "nan", "-5", "1e400", ""])
async def test_a_strange_retry_after_does_no_harm(written: str) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": written})

    async with provider(handler) as calls:
        assert (await calls.post("m", {})).after in (None, 0.0)


async def test_a_504_may_have_been_taken() -> None:
    with pytest.raises(RetryLater) as later:
        ProviderResponse(504).raise_if_busy()
    assert later.value.accepted_unknown


@pytest.mark.parametrize("status", [200, 301, 400, 401, 404])
def test_the_rest_is_for_the_channels_table(status: int) -> None:
    ProviderResponse(status).raise_if_busy()


async def test_connection_refused_means_nothing_was_accepted() -> None:
    (port,) = free_ports(1)
    async with aiohttp.ClientSession() as http:
        with pytest.raises(RetryLater) as later:
            await Calls(http, f"http://127.0.0.1:{port}/{TOKEN}").post("m", {})
    assert not later.value.accepted_unknown and TOKEN not in repr(later.value)


async def test_silence_after_the_request_was_read_means_perhaps_taken() -> None:
    async def silent(_: web.Request) -> web.Response:
        await forever()

    async with provider(silent, total=0.2) as calls:
        with pytest.raises(RetryLater) as later:
            await calls.post("m", {})
        assert later.value.accepted_unknown and TOKEN not in repr(later.value)
        assert later.value.__cause__ is None and later.value.__suppress_context__
        with pytest.raises(RetryLater) as read:
            await calls.get("m")
        assert not read.value.accepted_unknown


async def test_a_connection_cut_after_the_request_means_perhaps_taken() -> None:
    async def cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with provider(cut) as calls:
        with pytest.raises(RetryLater) as later:
            await calls.post("m", {})
    assert later.value.accepted_unknown


@pytest.mark.parametrize(
    "body", [b"", b"{", b"<html>", b"\xff\xfe", b"[" * 100_000, b'"' + b"x" * MAX_BODY + b'"']
)
async def test_a_broken_body_after_a_2xx_was_still_taken(body: bytes) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    async with provider(handler) as calls:
        answer = await calls.post("m", {})
    assert answer.fine and answer.document is None and answer.fields == {}


async def test_a_redirect_is_not_followed() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert "elsewhere" not in request.path
        raise web.HTTPTemporaryRedirect("/elsewhere")

    async with provider(handler) as calls:
        assert (await calls.post("m", {})).status == 307


async def test_cancelling_is_not_an_answer() -> None:
    arrived = asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        arrived.set()
        await forever()

    async with provider(silent) as calls:
        task = asyncio.create_task(calls.post("m", {}))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_secrets_travel_encrypted_or_not_at_all() -> None:
    assert keeps_secret("https://graph.facebook.com") and keeps_secret("http://127.0.0.1:4010")
    assert keeps_secret("http://[::1]:1") and keeps_secret("http://localhost:1")
    for base in ("http://graph.facebook.com", "ftp://127.0.0.1", "", "graph.facebook.com", "https://"):
        assert not keeps_secret(base)
        with pytest.raises(ValueError, match="https"):
            Calls(None, base)


def test_what_is_printed_holds_no_body() -> None:
    assert "Ana" not in repr(ProviderResponse(400, {"error": "to Ana Diaz"}))
