"""Promised dates: told before one is missed, a person when it is, each once; a later date is a new promise."""

from datetime import timedelta
from uuid import UUID

import pytest

from backends.base import Filed, RequestStatus
from city import load_city
from city.services import load_services
from desk.building import Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.requests.filing import Filer
from desk.requests.promises import Promises
from desk.requests.status import Follower
from desk.runtime.live import Live
from desk.store.dialogue import conversations, messages
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.desk import OPEN
from tests.support.filing import ScriptedBackend, recorded, row_of

CITY, SERVICES = load_city("city.yml"), load_services("content/services.yml")


class Scene:
    """A filed request, promised in ten days."""

    def __init__(self, store: Store, clock: Clock, backend: ScriptedBackend) -> None:
        desk = Resources(
            store, Live("redis://127.0.0.1:1"), CITY, Catalog.load("content", CITY), lambda: OPEN
        )
        common = build_common(desk)
        parts = (common.writer, common.handoffs, common.announcer)
        self.promises = Promises(store, CITY, *parts, SERVICES, clock)
        self.follower = Follower(store, {"requests": backend}, clock)
        self.store, self.clock, self.backend = store, clock, backend
        self.id: UUID

    async def promised(self, days: float, word: str = "open") -> None:
        at = self.clock.now + timedelta(days=days)
        self.backend.states["SR-1"] = RequestStatus("SR-1", word, word, expected_at=at)
        self.clock.forward(days=1)
        await self.follower.look("requests")

    async def said(self) -> list[str]:
        row = await row_of(self.store, self.id)
        assert row.conversation_id
        rows = await messages.list_of_conversation(self.store.pool, row.conversation_id)
        return [one.text for one in rows if "SR-1" in one.text]

    async def state(self) -> str:
        row = await row_of(self.store, self.id)
        assert row.conversation_id
        found = await conversations.get_by_id(self.store.pool, row.conversation_id)
        assert found is not None
        return found.state


@pytest.fixture
async def scene(store: Store, clock: Clock, filer: Filer, backend: ScriptedBackend) -> Scene:
    scene = Scene(store, clock, ScriptedBackend())
    scene.id = await recorded(store, clock)
    backend.script = [Filed("SR-1")]
    assert await filer.step()
    await store.pool.execute("UPDATE service_requests SET told_status = 'open'")
    await scene.promised(11)
    return scene


async def test_told_before_and_a_person_when_it_is_missed(scene: Scene) -> None:
    scene.clock.forward(days=8)
    assert await scene.promises.look() == 0, "there is time"
    scene.clock.forward(days=1, hours=1)
    assert await scene.promises.look() == 1 and await scene.promises.look() == 0
    assert "may be late" in (await scene.said())[-1] and await scene.state() == "bot"
    scene.clock.forward(days=1)
    assert await scene.promises.look() == 1 and await scene.promises.look() == 0
    assert "and is not finished" in (await scene.said())[-1] and await scene.state() == "queued"


async def test_a_later_date_is_a_new_promise(scene: Scene) -> None:
    scene.clock.forward(days=9, hours=2)
    assert await scene.promises.look() == 1
    await scene.promised(12)
    assert await scene.promises.look() == 0
    scene.clock.forward(days=12)
    assert await scene.promises.look() == 1 and await scene.state() == "queued"


async def test_what_is_done_in_time_tells_nothing(scene: Scene) -> None:
    await scene.promised(10, "closed")
    scene.clock.forward(days=20)
    assert await scene.promises.look() == 0 and await scene.said() == []


async def test_who_is_told_of_no_changes_hears_nothing(scene: Scene) -> None:
    await scene.store.pool.execute("UPDATE service_requests SET told_status = NULL")
    scene.clock.forward(days=20)
    assert await scene.promises.look() == 0
