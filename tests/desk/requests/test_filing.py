"""The filer: exactly once in effect, whatever the back end, the network or the worker does."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backends.base import BackendUnavailable, Filed, NotPermitted, RequestRefused
from desk.requests.filing import Filer
from desk.runtime.timing import FilingTiming
from desk.store import requests
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.filing import ScriptedBackend, Voice, leases_end, recorded, row_of

DOWN = BackendUnavailable("down")

LOST = BackendUnavailable("no answer", outcome_unknown=True)


async def test_a_request_is_filed_and_the_citizen_told(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [Filed("SR-1", None, "Soon")]
    assert await filer.step()
    row = await row_of(store, id)
    assert (row.state, row.reference, row.status, row.filed_at) == ("filed", "SR-1", "open", clock.now)
    assert voice.said == [("filed", {"reference": "SR-1", "notice": "Soon"})]
    (sent,) = backend.filed
    assert (sent.id, sent.service_code, sent.address, sent.name) == (
        str(id),
        "pothole",
        "8 Elm Street",
        "Ana",
    )
    assert (sent.latitude, sent.longitude) == (40.7, -74.0)
    assert sent.attributes == {"size": ("large",), "who": ("a", "b")}
    assert sent.media_urls == ("https://desk.example/media/m1",)
    assert not await filer.step(), "nothing is left"


async def test_the_same_id_is_recorded_once(store: Store, clock: Clock) -> None:
    row = await row_of(store, await recorded(store, clock))
    again = await requests.add_request(
        store.pool,
        id=row.id,
        conversation_id=row.conversation_id or uuid4(),
        contact_id=row.contact_id or uuid4(),
        backend="requests",
        service_code="graffiti",
        payload={},
        now=clock.now,
    )
    assert not again and (await row_of(store, row.id)).service_code == "pothole"


async def test_a_back_end_that_is_down_is_tried_again_and_said_once(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [DOWN, DOWN, DOWN, Filed("SR-1")]
    waits = []
    for _ in range(3):
        assert await filer.step()
        before = clock.now
        while not await requests.claim(store.pool, clock.now, 0):
            clock.forward(seconds=1)
        waits.append((clock.now - before).total_seconds())
        assert (await row_of(store, id)).state == "recorded"
    assert waits == sorted(waits) and waits[0] < waits[-1]
    assert voice.keys == ["filing_delayed"]
    clock.forward(minutes=10)
    assert await filer.step()
    assert voice.keys == ["filing_delayed", "filed"] and (await row_of(store, id)).reference == "SR-1"
    assert backend.looked_up == [], "what was surely not taken needs no look-up"


async def test_a_refusal_is_final_and_told(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [RequestRefused((("400", "lat is wrong"), ("400", "no hole there")))]
    await filer.step()
    assert (await row_of(store, id)).state == "refused"
    assert voice.said == [("filing_refused", {"reasons": ["lat is wrong", "no hole there"]})]
    clock.forward(days=1)
    assert not await filer.step()


async def test_a_refused_key_waits_for_the_operator(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [NotPermitted("key"), Filed("SR-1")]
    await filer.step()
    assert (await row_of(store, id)).state == "recorded" and voice.keys == ["filing_delayed"]
    clock.forward(hours=1)
    await filer.step()
    assert (await row_of(store, id)).state == "filed"


async def test_a_lost_answer_is_looked_up_and_found(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script, backend.lookups = [LOST], [Filed("SR-7")]
    await filer.step()
    assert (await row_of(store, id)).state == "unknown"
    clock.forward(minutes=5)
    await filer.step()
    assert (await row_of(store, id)).reference == "SR-7" and len(backend.filed) == 1
    assert voice.keys == ["filing_delayed", "filed"]


async def test_a_lost_create_is_repeated_only_after_it_settled_and_was_looked_for(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script, backend.lookups = [LOST, Filed("SR-8")], [None, DOWN, None]
    await filer.step()
    clock.forward(seconds=10)
    await filer.step()
    assert (len(backend.looked_up), len(backend.filed)) == (1, 1), "absent, but too soon to believe it"
    clock.forward(seconds=30)
    await filer.step()
    assert (len(backend.looked_up), len(backend.filed)) == (2, 1)
    clock.forward(seconds=300)
    await filer.step()
    assert (len(backend.looked_up), len(backend.filed)) == (3, 2)
    assert (await row_of(store, id)).reference == "SR-8"


async def test_after_many_tries_a_lost_create_is_looked_for_as_soon_as_after_one(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script, backend.lookups = [*[DOWN] * 7, LOST, Filed("SR-8")], [None] * 9
    due = "SELECT available_at FROM service_requests"
    while backend.script != [Filed("SR-8")]:
        await filer.step()
        lost = clock.now
        clock.now = await store.pool.fetchval(due)
    while (await row_of(store, id)).reference is None:
        await filer.step()
        again = clock.now
        clock.now = await store.pool.fetchval(due)
    # It settles for a minute from when it was lost; the last look may come a moment later.
    assert timedelta(seconds=60) <= again - lost <= timedelta(seconds=64)


async def test_while_the_look_up_fails_nothing_is_repeated(
    store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    await recorded(store, clock)
    backend.script, backend.lookups = [LOST], [DOWN] * 20
    await filer.step()
    for _ in range(20):
        clock.forward(hours=1)
        assert await filer.step()
    assert len(backend.filed) == 1


async def test_a_token_is_asked_for_until_the_number_is_there(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script, backend.tokens = [Filed(None, "t1")], [None, DOWN, None, "SR-5"]
    await filer.step()
    row = await row_of(store, id)
    assert (row.state, row.token) == ("awaiting_reference", "t1") and voice.said == []
    clock.forward(seconds=5)
    await filer.step()
    assert voice.said == [], "a number that takes seconds is not worth a word"
    for _ in range(3):
        clock.forward(hours=2)
        await filer.step()
    assert (await row_of(store, id)).reference == "SR-5"
    assert voice.keys == ["filing_delayed", "filed"] and len(backend.filed) == 1


async def test_a_service_without_numbers_is_filed_without_one(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [Filed(None)]
    await filer.step()
    row = await row_of(store, id)
    assert (row.state, row.reference) == ("filed", None)
    assert voice.said == [("filed", {"reference": None, "notice": None})]


async def test_what_breaks_in_us_is_put_by_and_said_once(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    """Again every twelve seconds and never a word would be silence."""
    id = await recorded(store, clock)
    backend.script = [RuntimeError("ours"), Filed("SR-1")]
    backend.lookups = [None]
    await filer.step()
    row = await row_of(store, id)
    assert row.state == "unknown" and voice.keys == ["filing_delayed"], "a create had been announced"
    assert await requests.claim(store.pool, clock.now, 0) is None, "it waits"
    clock.forward(minutes=10)
    await filer.step()
    assert (await row_of(store, id)).state == "filed" and len(backend.looked_up) == 1


async def test_telling_and_filing_happen_together_or_not_at_all(
    store: Store, filer: Filer, backend: ScriptedBackend, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script, backend.lookups = [Filed("SR-1")], [Filed("SR-1")]
    voice.failure = RuntimeError("no catalogue")
    await filer.step()
    assert (await row_of(store, id)).state == "filing"
    voice.failure = None
    await leases_end(store)
    await filer.step()
    assert (await row_of(store, id)).state == "filed" and voice.keys == ["filed"] and len(backend.filed) == 1
    assert await store.pool.fetchval("SELECT name FROM contacts") == "filed"


@pytest.mark.parametrize(
    "payload",
    [
        {"latitude": "north"},
        {"latitude": 91},
        {"description": 5},
        {"attributes": [1]},
        {"media": "m1"},
        {"longitude": True},
    ],
)
async def test_a_payload_that_makes_no_request_is_refused(
    store: Store,
    filer: Filer,
    backend: ScriptedBackend,
    voice: Voice,
    clock: Clock,
    payload: dict[str, Any],
) -> None:
    id = await recorded(store, clock, **payload)
    await filer.step()
    assert (await row_of(store, id)).state == "refused" and voice.keys == ["filing_refused"]
    assert backend.filed == []


async def test_a_back_end_that_is_not_in_the_city_file_keeps_the_request(
    store: Store, filer: Filer, voice: Voice, clock: Clock
) -> None:
    id = await recorded(store, clock, "elsewhere")
    await filer.step()
    assert (await row_of(store, id)).state == "recorded" and voice.keys == ["filing_delayed"]


async def test_a_call_without_end_is_given_up_as_unknown(
    store: Store, make_filer: Callable[..., Filer], backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    backend.script = [lambda: asyncio.Event().wait()]
    await make_filer(timing=FilingTiming(call=0.01)).step()
    assert (await row_of(store, id)).state == "unknown"
