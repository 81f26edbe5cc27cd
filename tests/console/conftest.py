"""The console under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import RunningConsole, running_console
from tests.support.console_browser import build_pages, running_browser


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    build_pages()
    async with running_browser() as browser:
        yield browser


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    async with running_console(store, redis_url, city, catalog, tmp_path) as console:
        yield console
