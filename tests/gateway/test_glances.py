"""Thousands of idle windows look at the log together."""

import asyncio
import resource
from uuid import uuid4

from desk.inbound.web_sessions import open_session
from desk.store.pool import Store
from gateway.citizen.log_positions import Glances
from gateway.ops.descriptors import raise_limit
from tests.support.desk import OPEN


class Counting:
    """A pool that counts what is fetched from it."""

    def __init__(self, store: Store) -> None:
        self.pool = self
        self.asked = 0
        self._store = store

    async def fetch(self, query: str, *args: object) -> object:
        self.asked += 1
        return await self._store.pool.fetch(query, *args)


async def test_looks_of_the_same_moment_are_one_query_and_each_gets_its_own_answer(store: Store) -> None:
    contacts = [(await open_session(store, "web", "en", OPEN)).contact.id for _ in range(5)]
    for number, contact in enumerate(contacts):
        await store.pool.execute("UPDATE contacts SET last_seq = $2 WHERE id = $1", contact, number)
    counting = Counting(store)
    glances = Glances(counting, gather=0.02)  # type: ignore[arg-type]
    seen = await asyncio.gather(*(glances.last_seq(one) for one in [*contacts, uuid4()]))
    assert seen == [0, 1, 2, 3, 4, None] and counting.asked == 1
    assert await glances.last_seq(contacts[3]) == 3 and counting.asked == 2


async def test_a_window_that_goes_takes_no_others_look_along(store: Store) -> None:
    contact = (await open_session(store, "web", "en", OPEN)).contact.id
    glances = Glances(store, gather=0.02)
    gone, stays = (asyncio.create_task(glances.last_seq(contact)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == 0


def test_a_gateway_takes_all_the_open_files_it_may_have() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, before[1]), before[1]))
        assert raise_limit() == before[1]
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
