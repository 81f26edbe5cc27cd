"""Thousands of idle windows share one query of the log."""

import asyncio
import resource

from desk.inbound.web_sessions import open_session, token_key
from desk.store.pool import Store
from gateway.citizen.log_positions import LogPositions
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
    sessions = [await open_session(store, "web", "en", OPEN) for _ in range(5)]
    for number, session in enumerate(sessions):
        await store.pool.execute(
            "UPDATE contacts SET last_seq = $2 WHERE id = $1", session.contact.id, number
        )
    keys = [token_key(session.token) for session in sessions]
    counting = Counting(store)
    log_positions = LogPositions(counting, lambda: OPEN, gather=0.02)  # type: ignore[arg-type]  # what the test does not use is left out
    seen = await asyncio.gather(*(log_positions.last_seq(one) for one in [*keys, b"nobody's"]))
    assert seen == [0, 1, 2, 3, 4, None] and counting.asked == 1
    assert await log_positions.last_seq(keys[3]) == 3 and counting.asked == 2


async def test_a_window_that_goes_takes_no_others_look_along(store: Store) -> None:
    key = token_key((await open_session(store, "web", "en", OPEN)).token)
    log_positions = LogPositions(store, lambda: OPEN, gather=0.02)
    gone, stays = (asyncio.create_task(log_positions.last_seq(key)) for _ in range(2))
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
