"""A real browser against a strict fake gateway. Every page fails its test on a script error or a policy violation."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.support.browser import FLAGS, NewPage, chromium
from tests.web.fake_gateway import DIST, FakeGateway

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for browser and gateway: a browser lives longer than one test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots go, to be looked at: CIVICDESK_SHOTS or var/screenshots."""
    folder = Path(os.environ.get("CIVICDESK_SHOTS", DIST.parents[1] / "var" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    if not (DIST / "widget" / "civicdesk.js").exists():
        pytest.fail("web/dist is missing. Build it: npm --prefix web ci && npm --prefix web run build")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield found
        await found.close()


@pytest_asyncio.fixture(loop_scope="session")
async def gateway() -> AsyncIterator[FakeGateway]:
    fake = FakeGateway()
    await fake.start()
    yield fake
    await fake.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def new_context(browser: Browser) -> AsyncIterator[Callable[..., Awaitable[BrowserContext]]]:
    """Makes a citizen's browser, empty: `await new_context(viewport=…, color_scheme=…)`. `expected`: part of a line in
    the console's log that is no fault here."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    async def make(expected: str | None = None, **options: Any) -> BrowserContext:
        context = await browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **options})
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on("console", lambda message: _note(message.text, faults, expected))
        opened.append(context)
        return context

    yield make
    for context in opened:
        await context.close()
    assert faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(new_context: Callable[..., Awaitable[BrowserContext]], gateway: FakeGateway) -> NewPage:
    """Opens the demo city's page: `await new_page(path="?lang=es", viewport=…)`."""

    async def make(path: str = "", **options: Any) -> Page:
        page = await (await new_context(**options)).new_page()
        await page.goto(gateway.url + path)
        await page.get_by_role("button", name="Chat").wait_for()
        return page

    return make


def _note(text: str, faults: list[str], expected: str | None) -> None:
    """A lost connection is part of many tests; a broken policy or an unhandled error is part of none."""
    if expected is not None and expected in text:
        return
    if "Content Security Policy" in text or "TrustedHTML" in text or "Unhandled" in text:
        faults.append(text)
