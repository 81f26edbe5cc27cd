"""A gateway for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.store.pool import Store
from tests.support.gateway import Citizen, RunningGateway, running_gateway


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    # Limits have tests of their own; all others may be as fast as they like.
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="1000"
    ) as running:
        yield running


@pytest.fixture
async def citizen(gateway: RunningGateway) -> Citizen:
    return await gateway.citizen()
