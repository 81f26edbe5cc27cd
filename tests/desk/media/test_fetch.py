"""Fetching addresses given by strangers: never from our own network, however the address is written, and no more than the limit."""

import socket
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiohttp import web

from desk.media.fetch import Fetcher, NotFetched, is_public


class Shop:
    """A provider's file server on loopback. `asked` are (path, authorization) of what reached it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, str | None]] = []

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async def serve(request: web.Request) -> web.StreamResponse:
        running.asked.append((request.path_qs, request.headers.get("authorization")))
        match request.path:
            case "/photo":
                return web.Response(body=b"photo")
            case "/to":
                raise web.HTTPFound(request.query["url"])
            case "/loop":
                raise web.HTTPFound("/loop")
            case "/missing":
                return web.Response(status=404)
            case "/down":
                return web.Response(status=503)
        answer = web.StreamResponse()  # endless, and without a length
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 65_536)
        except (ConnectionError, RuntimeError):
            return answer

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    running = Shop(runner.addresses[0][1])
    yield running
    await runner.cleanup()


async def get(
    fetcher: Fetcher, url: str, hosts: Sequence[str], limit: int = 1_000_000, **headers: str
) -> bytes:
    async with fetcher.fetch(url, hosts, headers, limit) as chunks:
        return b"".join([chunk async for chunk in chunks])


TRUSTED = Fetcher(["127.0.0.1", "localhost"])


async def test_a_file_at_the_providers_host_is_read(shop: Shop) -> None:
    assert await get(TRUSTED, shop.url("/photo"), ["127.0.0.1"], Authorization="Bearer t") == b"photo"
    assert shop.asked == [("/photo", "Bearer t")]


async def test_our_token_goes_to_the_first_host_alone(shop: Shop) -> None:
    url = shop.url("/to?url=" + shop.url("/photo", "localhost"))
    assert await get(TRUSTED, url, ["127.0.0.1", "localhost"], Authorization="Bearer t") == b"photo"
    assert [token for _, token in shop.asked] == ["Bearer t", None]


async def test_no_more_than_the_cap_is_read(shop: Shop) -> None:
    with pytest.raises(NotFetched, match="too large"):
        await get(TRUSTED, shop.url("/endless"), ["127.0.0.1"], limit=200_000)
    with pytest.raises(NotFetched, match="too large"):
        await get(TRUSTED, shop.url("/photo"), ["127.0.0.1"], limit=4)


@pytest.mark.parametrize(("path", "again"), [("/missing", False), ("/down", True), ("/loop", False)])
async def test_whether_another_try_is_worth_it(shop: Shop, path: str, again: bool) -> None:
    with pytest.raises(NotFetched) as lost:
        await get(TRUSTED, shop.url(path), ["127.0.0.1"])
    assert lost.value.again is again


PROVIDER = "files.provider.example"


@pytest.mark.parametrize(
    "url",
    [
        "http://files.provider.example/a",
        "ftp://files.provider.example/a",
        "file:///etc/passwd",
        "https://evil.example/a",
        "https://files.provider.example.evil.example/a",
        "https://evilfiles.provider.example/a",
        "https://files.provider.example@evil.example/a",
        "https://token@files.provider.example/a",
        "https://files.provider.example:22/a",
        "https://2130706433/a",
        "https://0x7f000001/a",
        "https://0177.0.0.1/a",
        "https://127.1/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://169.254.169.254/latest/meta-data",
        "https://metadata.google.internal/",
    ],
)
@pytest.mark.parametrize("redirected", [False, True])
async def test_only_the_providers_hosts_are_called(shop: Shop, url: str, redirected: bool) -> None:
    resolved: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        resolved.append(host)
        return ["127.0.0.1"]

    fetcher = Fetcher(["127.0.0.1"] if redirected else [], resolve)
    start = shop.url("/to?url=" + url.replace("@", "%40")) if redirected else url
    hosts = [PROVIDER, ".cdn.provider.example", *(["127.0.0.1"] if redirected else [])]
    with pytest.raises(NotFetched):
        await get(fetcher, start, hosts)
    assert resolved == [] and len(shop.asked) == int(redirected)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:a9fe:a9fe]"]
)
async def test_a_bare_address_is_refused_even_where_the_provider_is_said_to_have_it(host: str) -> None:
    with pytest.raises(NotFetched, match="bare IP address"):
        await get(Fetcher(), f"https://{host}/a", [host.strip("[]")])


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:192.168.1.1"],
        ["fd00::1"],
        ["93.184.216.34", "10.0.0.7"],  # one of them would be tried sooner or later
    ],
)
async def test_a_name_that_resolves_into_our_network_is_refused(answers: list[str], shop: Shop) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return answers

    with pytest.raises(NotFetched):
        await get(Fetcher((), resolve), f"https://{PROVIDER}/a", [PROVIDER])
    assert shop.asked == []


async def test_dns_rebinding_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is public, every later one is ours. It is asked once, and that is connected to."""
    asked: list[str] = []
    connected: list[str] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    async def connect(*, addr_infos: Any, **_: Any) -> Any:
        connected.extend(info[4][0] for info in addr_infos)
        raise OSError("no internet here")

    monkeypatch.setattr("aiohttp.connector.aiohappyeyeballs.start_connection", connect)
    with pytest.raises(NotFetched):
        await get(Fetcher((), resolve), f"https://{PROVIDER}/a", [PROVIDER])
    assert asked == [PROVIDER] and set(connected) == {"93.184.216.34"}


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("::ffff:93.184.216.34", True),
        ("127.0.0.1", False), ("0.0.0.0", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.0.1", False),
        ("100.64.0.1", False), ("169.254.169.254", False), ("224.0.0.1", False), ("255.255.255.255", False), ("240.0.0.1", False),
        ("::", False), ("::1", False), ("::127.0.0.1", False), ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("ff02::1", False), ("fec0::1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True),
        ("2001:db8::1", False), ("not an address", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


async def test_no_error_repeats_the_address_that_holds_our_token() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror("no such name: " + host)

    with pytest.raises(NotFetched) as lost:
        await get(Fetcher((), resolve), f"https://{PROVIDER}/bot123:SECRET/a", [PROVIDER])
    assert "SECRET" not in str(lost.value) and lost.value.again
