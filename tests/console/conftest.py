"""The console under test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import House, console_house


@pytest.fixture
async def house(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[House]:
    async with console_house(store, redis_url, city, catalog, tmp_path) as house:
        yield house
