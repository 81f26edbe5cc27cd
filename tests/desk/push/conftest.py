"""A push service beside the desk."""

from collections.abc import AsyncIterator

import pytest

from tests.support.desk import Desk
from tests.support.push_service import PushService, push_service


@pytest.fixture
async def service(desk: Desk) -> AsyncIterator[PushService]:
    async with push_service(desk.clock) as service:
        yield service
        assert service.problems == []
