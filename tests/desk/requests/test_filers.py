"""Several filers at once: leases, crashes halfway, waking and stopping."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from backends.base import BackendUnavailable, Filed
from desk.requests.filing import Filer
from desk.runtime.timing import FilingTiming
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.filing import ScriptedBackend, Voice, leases_end, recorded, row_of

DOWN = BackendUnavailable("down")


async def test_a_worker_that_died_in_the_middle_leaves_a_look_up(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    entered = asyncio.Event()

    async def hang() -> None:
        entered.set()
        await asyncio.Event().wait()

    backend.script = [hang]
    dying = asyncio.create_task(make_filer().step())
    await entered.wait()
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    assert (await row_of(store, id)).state == "filing"
    other = make_filer()
    assert not await other.step(), "the lease still holds"
    await leases_end(store)
    backend.lookups = [Filed("SR-9")]
    assert await other.step()
    assert (await row_of(store, id)).reference == "SR-9" and len(backend.filed) == 1


async def test_a_worker_that_slept_past_its_lease_changes_nothing(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    entered, go = asyncio.Event(), asyncio.Event()

    async def slow() -> Filed:
        entered.set()
        await go.wait()
        return Filed("SR-LATE")

    backend.script, backend.lookups = [slow], [Filed("SR-FOUND")]
    sleeper = asyncio.create_task(make_filer().step())
    await entered.wait()
    await leases_end(store)
    assert await make_filer().step()
    go.set()
    await sleeper
    assert (await row_of(store, id)).reference == "SR-FOUND" and voice.keys == ["filed"]


async def test_ten_filers_at_once_file_each_request_once(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    ids = [await recorded(store, clock) for _ in range(20)]
    backend.script = [Filed(f"SR-{n}") for n in range(20)]

    async def drain(filer: Filer) -> None:
        while await filer.step():
            pass

    await asyncio.gather(*(drain(make_filer()) for _ in range(10)))
    assert sorted(request.id for request in backend.filed) == sorted(map(str, ids))
    assert voice.keys == ["filed"] * 20


async def test_a_running_filer_is_woken_and_stops_cleanly(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    told = asyncio.Event()

    async def file() -> Filed:
        told.set()
        return Filed("SR-1")

    filer, stop = make_filer(timing=FilingTiming(poll=3600)), asyncio.Event()
    running = asyncio.create_task(filer.run(stop))
    await asyncio.sleep(0)
    id = await recorded(store, clock)
    backend.script = [file]
    filer.wake()
    await asyncio.wait_for(told.wait(), 10)
    stop.set()
    await asyncio.wait_for(running, 10)
    assert (await row_of(store, id)).state == "filed", "a call under way is ended, not cut"


async def test_the_backoff_never_grows_past_its_longest(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, clock: Clock
) -> None:
    await recorded(store, clock)
    backend.script = [DOWN] * 30
    filer = make_filer()
    for _ in range(30):
        assert await filer.step()
        due = await store.pool.fetchval("SELECT available_at FROM service_requests")
        assert timedelta(0) < due - clock.now <= timedelta(seconds=900)
        clock.now = due


async def test_a_back_end_that_was_not_even_asked_costs_no_patience(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, clock: Clock
) -> None:
    """The breaker rests: each request waits that long and a little more, however often it is turned away."""
    request = await recorded(store, clock)
    backend.script = [BackendUnavailable("left alone", resting=20.0)] * 12 + [DOWN, Filed("77")]
    filer = make_filer()
    for _ in range(12):
        assert await filer.step()
        row = await row_of(store, request)
        assert (row.attempts, row.state) == (0, "recorded")
        due = await store.pool.fetchval("SELECT available_at FROM service_requests")
        assert timedelta(seconds=20) <= due - clock.now <= timedelta(seconds=40)
        clock.now = due
    assert await filer.step()  # asked, and away: its first try
    due = await store.pool.fetchval("SELECT available_at FROM service_requests")
    assert due - clock.now <= timedelta(seconds=4)
    clock.now = due
    assert await filer.step()
    assert (await row_of(store, request)).reference == "77"
