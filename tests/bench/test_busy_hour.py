"""What the busy hour counts, with faults that it must find."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from bench.busy_hour.citizens import Hour, beginnings
from bench.busy_hour.marks import Marks, claimed_twice, count_left, unread_in
from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import Browser, RunningConsole, running_console


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    async with running_console(store, redis_url, city, catalog, tmp_path) as console:
        yield console


@pytest.fixture
async def ana(console: RunningConsole) -> Browser:
    return await console.signed_in()


async def test_an_unread_message_is_marked_and_one_without_a_mark_is_found(
    console: RunningConsole, ana: Browser
) -> None:
    conversation = await console.queued()
    await ana.post("/console/next")
    agent = (await console.state(conversation)).agent_id
    assert agent is not None
    marks, page = Marks(console.store), await ana.get("/console/list")
    owed = await marks.owed(agent)
    assert owed == set(unread_in(page.text)) == {str(conversation.id)}
    await marks.compare(agent, owed, unread_in(page.text))
    assert marks.missing == [] and marks.compared == 1
    await marks.compare(agent, owed, [])
    assert len(marks.missing) == 1
    assert await count_left(console.store) == {"assigned": 1}
    await ana.post(
        f"/console/conversations/{conversation.id}/reply", data={"client_id": str(uuid4()), "text": "Hello"}
    )
    assert unread_in((await ana.get("/console/list")).text) == [] and await marks.owed(agent) == set()


async def test_one_claim_that_two_agents_were_shown_is_found(console: RunningConsole, ana: Browser) -> None:
    conversation = await console.queued()
    await ana.post("/console/next")
    assert await claimed_twice(console.store, [("Ana", conversation.id)]) == 0
    assert await claimed_twice(console.store, [("Ana", conversation.id), ("Ben", conversation.id)]) == 1


def test_an_hour_has_its_peaks_and_its_end() -> None:
    moments = beginnings(Hour(2_000, 600.0, 1.0))
    assert moments == sorted(moments) and moments[0] >= 0 and moments[-1] <= 600
    busy = sum(0.2 < moment / 600 < 0.3 for moment in moments)
    assert busy > 2 * len(moments) / 10, "a tenth of the hour has more than twice its share"
