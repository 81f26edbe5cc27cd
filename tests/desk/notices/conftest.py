"""A desk with notices."""

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.notice_desk import NoticeDesk, open_notice_desk


@pytest.fixture
async def notices(store: Store, city: City, catalog: Catalog) -> NoticeDesk:
    return await open_notice_desk(store, city, catalog)
