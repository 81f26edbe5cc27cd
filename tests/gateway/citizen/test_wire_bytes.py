"""What a citizen on a slow line waits for, in bytes on the wire with the answers' headers: until they can write, and until
the scripted chat is there."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from desk.store.pool import Store
from tests.support.gateway import RunningGateway, running_gateway

LINE = 50_000 // 8
"""Bytes in a second at 50 kbit/s."""
LATENCY = 0.3
"""Seconds until the first byte, on such a line."""


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    """With the files that the build made."""
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_WEB_DIR="web/dist"
    ) as running:
        yield running


MOST_DRAWN = 7_000
"""Bytes until a citizen can write."""


@dataclass
class Loaded:
    """A page as a browser loads it with nothing kept from before. Bytes of what it is drawn from, and of all that the
    scripted chat needs."""

    html: str
    drawn: int
    all: int


async def test_a_citizen_can_write_within_five_seconds_of_the_line(gateway: RunningGateway) -> None:
    """Style sheets hold back what is drawn, modules do not: a form is there before the scripts are. One wait for the page,
    one for its style. The scripted chat waits once: the page's headers name the rest."""
    for path, field in (("/chat?lang=es&topic=passport", "<textarea"), ("/", 'name="text"')):
        page = await _load(gateway, path)
        assert field in page.html and 'action="/chat"' in page.html, path
        assert page.drawn / LINE + 2 * LATENCY <= 5, (path, page.drawn)
        assert page.drawn <= MOST_DRAWN, (path, page.drawn)
        assert page.all / LINE + LATENCY <= 5, (path, page.all)


async def _load(gateway: RunningGateway, path: str) -> Loaded:
    async with gateway.http.get(gateway.base + path) as answer:
        named = dict(re.findall(r"<([^>]+)>; rel=(\w+)", answer.headers["link"]))
    html, drawn = await _get(gateway, path)
    rest = 0
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
    assert sheets
    for sheet in sheets:
        text, size = await _get(gateway, sheet)
        assert "@import" not in text
        drawn += size
    scripts = re.findall(r'<script type="module" src="([^"]+)"', html)
    (texts,) = [one for one in named if one.startswith("/widget/i18n/")]
    assert (
        set(named) == {*sheets, "/widget/civicdesk.js", texts}
        and named["/widget/civicdesk.js"] == "modulepreload"
    )
    for other in [*scripts, texts]:
        rest += (await _get(gateway, other))[1]
    assert "/widget/civicdesk.js" in html
    return Loaded(html, drawn, drawn + rest)


async def _get(gateway: RunningGateway, path: str) -> tuple[str, int]:
    """Its text, and the bytes on the wire: headers and body, packed as browsers ask for it."""
    headers = {"accept-encoding": "gzip, deflate, br"}
    async with (
        aiohttp.ClientSession(auto_decompress=False) as plain,
        plain.get(gateway.base + path, headers=headers) as answer,
    ):
        assert answer.status == 200, path
        body = await answer.read()
        head = sum(len(name) + len(value) + 4 for name, value in answer.raw_headers)
    async with gateway.http.get(gateway.base + path, headers={"accept-encoding": "gzip"}) as answer:
        return await answer.text(), head + len(body)
