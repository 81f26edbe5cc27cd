"""Following the status of filed requests."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from backends.base import BackendUnavailable, Filed, RequestStatus, RequestUpdate
from desk.requests.filing import Filer
from desk.requests.status import Follower
from desk.store.following import followed_requests
from desk.store.pool import Executor, Store
from tests.support.clock import Clock
from tests.support.filing import ScriptedBackend, recorded, row_of
from tests.support.waiting import eventually


async def filed(store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock, reference: str) -> UUID:
    id = await recorded(store, clock)
    backend.script = [Filed(reference)]
    await filer.step()
    return id


def status(reference: str, word: str, raw: str | None = None) -> RequestStatus:
    return RequestStatus(reference, word, raw or word)


async def test_changes_are_recorded_and_passed_on(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await filed(store, filer, backend, clock, "SR-1")
    heard: list[tuple[UUID, str]] = []

    async def changed(executor: Executor, id: UUID, status: RequestStatus) -> None:
        heard.append((id, status.status))

    follower = Follower(store, {"requests": backend}, clock, changed=changed)
    backend.states = {"SR-1": status("SR-1", "open")}
    await follower.look("requests")
    heard.clear()
    assert backend.asked_since == [], "at the start each open request is asked for by itself"
    first_look = clock.now
    clock.forward(minutes=5)
    backend.news = [
        RequestUpdate("SR-1", status("SR-1", "closed", "Fixed - council"), clock.now),
        RequestUpdate("SR-OTHER", status("SR-OTHER", "closed"), clock.now),
    ]
    assert await follower.look("requests") == 1
    assert backend.asked_since == [first_look - timedelta(hours=2)]
    assert heard == [(id, "closed")]
    row = await row_of(store, id)
    assert (row.status, row.raw_status) == ("closed", "Fixed - council")


async def test_an_older_word_never_reopens(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await filed(store, filer, backend, clock, "SR-1")
    clock.forward(hours=1)
    closed_at = clock.now
    assert (
        await followed_requests.set_followed_status(
            store.pool, "requests", "SR-1", "closed", "closed", closed_at, clock.now
        )
        == id
    )
    older = closed_at - timedelta(minutes=1)
    assert (
        await followed_requests.set_followed_status(
            store.pool, "requests", "SR-1", "open", "open", older, clock.now
        )
        is None
    )
    later = closed_at + timedelta(minutes=1)
    assert (
        await followed_requests.set_followed_status(
            store.pool, "requests", "SR-1", "open", "reopen", later, clock.now
        )
        == id
    )


async def test_a_failed_look_misses_nothing(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filed(store, filer, backend, clock, "SR-1")
    follower = Follower(store, {"requests": backend}, clock)
    backend.states = {"SR-1": status("SR-1", "open")}
    await follower.look("requests")
    first_look = clock.now

    async def down(since: object) -> list[RequestUpdate]:
        raise BackendUnavailable("down")

    with monkeypatch.context() as patch:
        patch.setattr(backend, "updates", down)
        clock.forward(hours=3)
        assert await follower.look("requests") == 0
    clock.forward(hours=3)
    await follower.look("requests")
    assert backend.asked_since == [first_look - timedelta(hours=2)]


async def test_one_that_the_back_end_fails_for_does_not_hide_the_others(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await filed(store, filer, backend, clock, "SR-1")
    second = await filed(store, filer, backend, clock, "SR-2")
    backend.states = {"SR-1": status("SR-1", "closed"), "SR-2": status("SR-2", "closed")}
    follower = Follower(store, {"requests": backend}, clock)
    whole = backend.status

    async def broken(reference: str) -> RequestStatus:
        if reference == "SR-1":
            raise BackendUnavailable("500")
        return await whole(reference)

    with monkeypatch.context() as patch:
        patch.setattr(backend, "status", broken)
        assert await follower.look("requests") == 1
    assert (await row_of(store, second)).status == "closed"
    clock.forward(minutes=5)
    assert await follower.look("requests") == 1, "it is asked for again, long before the next day"
    assert (await row_of(store, first)).status == "closed"


async def test_what_is_open_for_long_is_asked_for_every_day(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await filed(store, filer, backend, clock, "SR-1")
    follower = Follower(store, {"requests": backend}, clock)
    backend.states = {"SR-1": status("SR-1", "open")}
    await follower.look("requests")
    clock.forward(days=1)
    backend.states = {"SR-1": status("SR-1", "closed")}
    assert await follower.look("requests") == 1
    assert (await row_of(store, id)).status == "closed" and backend.asked_since == []


async def test_nothing_open_asks_nothing(store: Store, backend: ScriptedBackend, clock: Clock) -> None:
    assert await Follower(store, {"requests": backend}, clock).look("requests") == 0
    assert backend.asked_since == []


async def test_a_word_that_breaks_us_stops_neither_the_worker_nor_the_next_look(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await filed(store, filer, backend, clock, "SR-1")
    follower, stop = Follower(store, {"requests": backend}, clock, every=0.01), asyncio.Event()
    with capture_logs() as logs:
        running = asyncio.create_task(follower.run(stop))
        # It knows no such request.
        await eventually(lambda: any(one["event"] == "updates_broke" for one in logs))
        backend.states = {"SR-1": status("SR-1", "closed")}

        async def closed() -> bool:
            return (await row_of(store, id)).status == "closed"

        await eventually(closed)
        stop.set()
        await running
    assert {one["error"] for one in logs if one["event"] == "updates_broke"} == {"KeyError"}
