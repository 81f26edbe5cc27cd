"""A provider that does not answer is asked seldom, however many ask for its page or send made-up tokens."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
from aiohttp import web

from desk.people.provider.client import REST, Client, ProviderClient
from desk.people.provider.errors import ProviderAway
from tests.support.clock import Ticks

DESCRIBED = "/.well-known/openid-configuration"


@dataclass
class Publisher:
    """A provider's published documents. `works`: whether it answers. `odd` replaces every document, compressed."""

    issuer: str = ""
    works: bool = False
    asked: int = 0
    keys: tuple[Mapping[str, str], ...] = ()
    odd: bytes | None = None
    odd_keys_only: bool = False

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        if not self.works:
            return web.Response(status=502)
        if self.odd is not None and not (request.path == DESCRIBED and self.odd_keys_only):
            return web.Response(body=gzip.compress(self.odd), headers={"content-encoding": "gzip"})
        if request.path != DESCRIBED:
            return web.json_response({"keys": self.keys})
        pages = {
            name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        }
        return web.json_response({"issuer": self.issuer, **pages})


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    publisher, app = Publisher(), web.Application()
    app.router.add_get("/{path:.*}", publisher.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    publisher.issuer = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield publisher
    await runner.cleanup()


async def test_a_provider_that_does_not_answer_is_asked_once_in_a_while(publisher: Publisher) -> None:
    ticks = Ticks()
    client = ProviderClient(publisher.issuer, Client("civicdesk", ""), ticks)
    for _ in range(2):
        asked = [client.describe() for _ in range(100)] + [client.keys(again=True) for _ in range(100)]
        assert all(
            isinstance(one, ProviderAway) for one in await asyncio.gather(*asked, return_exceptions=True)
        )
    assert publisher.asked == 1
    publisher.works, publisher.keys = True, ({"kty": "oct", "k": "c2VjcmV0IG9mIHRoZSB0ZXN0cw"},)
    ticks.now += REST + 1
    await asyncio.gather(*(client.describe() for _ in range(100)), *(client.keys() for _ in range(100)))
    assert publisher.asked == 3, "the description and the keys"


async def test_a_provider_without_keys_is_none(publisher: Publisher) -> None:
    publisher.works = True
    client = ProviderClient(publisher.issuer, Client("civicdesk", ""), Ticks())
    for _ in range(3):
        with pytest.raises(ProviderAway):
            await client.keys()
    assert publisher.asked == 2, "the description, and the keys once"


@pytest.mark.parametrize(
    "odd", [b"[" * 200_000, b'{"a":' * 40_000, b'{"issuer": "\xff"}', b" " * 50_000_000, b"{}", b""]
)
async def test_an_unreadable_document_is_no_answer(publisher: Publisher, odd: bytes) -> None:
    """Too deep, no UTF-8, 50 MB in 50 kB: for the description, and for the keys alone."""
    publisher.works, publisher.odd = True, odd
    client = ProviderClient(publisher.issuer, Client("civicdesk", ""), Ticks())
    with pytest.raises(ProviderAway):
        await client.describe()
    publisher.odd_keys_only = True
    client = ProviderClient(publisher.issuer, Client("civicdesk", ""), Ticks())
    with pytest.raises(ProviderAway):
        await client.keys()
