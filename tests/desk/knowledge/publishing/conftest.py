"""Editors and their processes."""

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.answers_office import Office, open_office


@pytest.fixture
async def office(store: Store, city: City, catalog: Catalog) -> Office:
    return await open_office(store, city, catalog)
