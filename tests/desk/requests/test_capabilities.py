"""What a back end cannot do is asked of its capabilities: nothing is called that it does not have."""

from dataclasses import replace
from datetime import timedelta

from backends.base import BackendUnavailable, Filed, NewRequest, RequestStatus
from backends.open311.client import Open311
from desk.requests.filing import Filer
from desk.requests.payload import fit
from desk.requests.status import Follower
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.filing import ScriptedBackend, Voice, recorded, row_of

LOST = BackendUnavailable("no answer", outcome_unknown=True)
ALL = Open311.capabilities


async def test_an_idempotent_create_is_repeated_without_a_search(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    backend.capabilities = replace(ALL, lookup=False, idempotent=True)
    id = await recorded(store, clock)
    backend.script = [LOST, Filed("SR-1")]
    await filer.step()
    clock.forward(minutes=20)
    await filer.step()
    assert (await row_of(store, id)).reference == "SR-1"
    assert backend.looked_up == []
    assert [one.id for one in backend.filed] == [str(id), str(id)]


async def test_without_search_or_idempotency_a_lost_answer_is_left_to_a_person(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    backend.capabilities = replace(ALL, lookup=False)
    id = await recorded(store, clock)
    backend.script = [LOST]
    await filer.step()
    clock.forward(minutes=20)
    await filer.step()
    clock.forward(days=1)
    assert not await filer.step(), "it is never sent again by itself"
    assert (await row_of(store, id)).state == "refused"
    assert len(backend.filed) == 1 and backend.looked_up == []
    error = await store.pool.fetchval("SELECT error FROM service_requests WHERE id = $1", id)
    assert "may have been filed" in error
    assert voice.keys == ["filing_delayed", "filing_refused"]


async def test_without_a_list_of_changes_each_open_request_is_asked_for(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    backend.capabilities = replace(ALL, updates=False)
    id = await recorded(store, clock)
    backend.script = [Filed("SR-1")]
    await filer.step()
    backend.states = {"SR-1": RequestStatus("SR-1", "open", "open")}
    follower = Follower(store, {"requests": backend}, clock)
    await follower.look("requests")
    backend.states = {"SR-1": RequestStatus("SR-1", "closed", "closed")}
    clock.forward(minutes=5)
    assert await follower.look("requests") == 0, "not at every look"
    clock.now += timedelta(hours=1)
    assert await follower.look("requests") == 1
    assert (await row_of(store, id)).status == "closed"
    assert backend.asked_since == []


def test_what_has_no_field_there_is_told_in_the_description() -> None:
    request = NewRequest(
        "1", "pothole", "A hole", attributes={"who": ("cars", "bikes")}, media_urls=("u1", "u2", "u3")
    )
    assert fit(request, ALL) is request
    poor = fit(request, replace(ALL, media=1, multivalue=False))
    assert poor.media_urls == ("u1",)
    assert poor.attributes == {"who": ("cars",)}
    assert poor.description == "A hole\nPhoto: u2\nPhoto: u3\nwho: bikes"
