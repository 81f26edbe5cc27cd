"""A desk whose agents are at work."""

import msgspec
import pytest

from city import City, InboxConfig
from desk.knowledge.catalogue import Catalog
from desk.runtime.live import Live
from desk.store.pool import Store
from tests.support.routing import FRONT, Work, work_at


@pytest.fixture
async def work(store: Store, live: Live, city: City, catalog: Catalog) -> Work:
    """One push team, and inboxes of the web and of mails."""
    with_mail = msgspec.structs.replace(
        city, inboxes=(*city.inboxes, InboxConfig(name="mail", channel="email"))
    )
    work = work_at(store, live, with_mail, catalog)
    await work.team(FRONT)
    return work
