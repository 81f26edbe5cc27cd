"""Changes of recorded requests: once in effect, before and after the request is filed, or a person gets them."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from backends.base import BackendUnavailable, Filed, NotPermitted, RequestRefused, UnknownReference
from desk.model import Message
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.store import request_changes, requests
from desk.store.dialogue import conversations, messages
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.filing import (
    ChangeableBackend,
    ScriptedBackend,
    change_recorded,
    leases_end,
    recorded,
    row_of,
)

ELM_14 = pytest.approx((41.05294, -73.54665), abs=1e-4)
NAMED = "Pothole or damaged road, 8 Elm Street"


async def said(store: Store, id: UUID) -> list[Message]:
    row = await row_of(store, id)
    assert row.contact_id
    return await messages.list_after(store.pool, row.contact_id, 0)


async def state_of(store: Store, change: UUID) -> str:
    found: str = await store.pool.fetchval("SELECT state FROM request_changes WHERE id = $1", change)
    return found


async def filed(store: Store, filer: Filer, backend: ScriptedBackend, clock: Clock) -> UUID:
    id = await recorded(store, clock)
    backend.script = [Filed("SR-1")]
    assert await filer.step()
    return id


async def test_what_is_not_sent_yet_is_withdrawn_and_never_sent(
    store: Store, changer: Changer, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    change = await change_recorded(store, clock, id, "withdraw")
    assert await changer.step()
    assert (await row_of(store, id)).state == "withdrawn" and await state_of(store, change) == "done"
    assert not await filer.step() and backend.filed == []
    (message,) = await said(store, id)
    assert NAMED in message.text and "will not be sent" in message.text


async def test_what_is_not_sent_yet_is_corrected_and_sent_so(
    store: Store, changer: Changer, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    before = (await row_of(store, id)).payload.get("latitude")
    await change_recorded(
        store, clock, id, "complement", text="the number is 12", fixes={"address": "12 Elm Street"}
    )
    await change_recorded(store, clock, id, "complement", text="It is deep.", media=["m2"])
    assert await changer.step() and await changer.step()
    backend.script = [Filed("SR-1")]
    assert await filer.step()
    (sent,) = backend.filed
    assert (sent.address, sent.description) == ("12 Elm Street", "A hole\nIt is deep.")
    assert sent.latitude is not None and sent.latitude != before, "the point is the corrected address's"
    assert sent.media_urls == ("https://desk.example/media/m1", "https://desk.example/media/m2")


async def test_a_change_waits_while_the_request_is_on_its_way(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await recorded(store, clock)
    backend.script = [BackendUnavailable("lost", outcome_unknown=True)]
    assert await filer.step()
    change = await change_recorded(store, clock, id, "withdraw")
    assert await changer.step()
    assert (await row_of(store, id)).state == "unknown" and await state_of(store, change) == "recorded"
    backend.lookups = [Filed("SR-1")]
    clock.forward(minutes=2)
    assert await filer.step() and await changer.step()
    assert [reference for reference, _ in changeable.withdrawn] == ["SR-1"]
    assert (await row_of(store, id)).state == "withdrawn"


async def test_a_filed_request_is_withdrawn_once_in_effect(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await filed(store, filer, backend, clock)
    change = await change_recorded(store, clock, id, "withdraw", text="")
    changeable.outcomes = [BackendUnavailable("no answer", outcome_unknown=True), None]
    assert await changer.step()
    clock.forward(minutes=10)
    assert await changer.step() and not await changer.step()
    assert {(reference, call.id) for reference, call in changeable.withdrawn} == {("SR-1", str(change))}
    row = await row_of(store, id)
    assert (row.state, row.status) == ("withdrawn", "closed")
    texts = [message.text for message in await said(store, id)]
    assert (
        len(texts) == 2 and "as soon as the system responds" in texts[0] and "has been withdrawn" in texts[1]
    )


async def test_a_worker_that_lost_its_lease_tells_nothing(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await filed(store, filer, backend, clock)
    await change_recorded(store, clock, id, "complement", text="More.")

    async def another_takes_it() -> None:
        await store.pool.execute("UPDATE request_changes SET lease_until = '-infinity'")
        assert await request_changes.claim(store.pool, clock.now, 60)

    changeable.outcomes = [another_takes_it]
    assert await changer.step()
    assert await said(store, id) == []


async def test_text_and_photos_are_added_with_their_day(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await filed(store, filer, backend, clock)
    await change_recorded(store, clock, id, "complement", text="It grows.", media=["m2"])
    assert await changer.step()
    ((reference, change),) = changeable.complemented
    assert (reference, change.text) == ("SR-1", f"[{clock.now.date().isoformat()}] It grows.")
    assert change.media_urls == ("https://desk.example/media/m2",)
    (message,) = await said(store, id)
    assert "SR-1" in message.text and "the city can see it" in message.text


async def test_a_corrected_place_replaces_the_former_one(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await filed(store, filer, backend, clock)
    fixes = {"address": "14 Elm Street"}
    await change_recorded(store, clock, id, "complement", text="It is number 14.", fixes=fixes)
    assert await changer.step()
    ((_, change),) = changeable.complemented
    assert change.address == "14 Elm Street" and (change.latitude, change.longitude) == ELM_14
    payload = (await row_of(store, id)).payload
    assert payload["address"] == "14 Elm Street"
    assert (payload["latitude"], payload["longitude"]) == ELM_14


@pytest.mark.parametrize("kind", ["withdraw", "complement"])
async def test_where_the_back_end_takes_no_changes_a_person_gets_everything(
    store: Store,
    make_changer: Callable[..., Changer],
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
    kind: str,
) -> None:
    id = await filed(store, filer, backend, clock)
    change = await change_recorded(store, clock, id, kind, text="The number is 12.")
    assert await make_changer(backend).step()
    assert await state_of(store, change) == "person"
    row = await row_of(store, id)
    assert row.conversation_id
    conversation = await conversations.get_by_id(store.pool, row.conversation_id)
    assert conversation and (conversation.state, conversation.handoff_reason) == ("queued", "asked")
    for part in ("SR-1", NAMED, "The number is 12.", "A hole", "requests"):
        assert part in (conversation.handoff_summary or "")
    texts = [message.text for message in await said(store, id)]
    assert "A person will do it" in texts[0] and "place in the queue" in texts[1]


@pytest.mark.parametrize(
    "error", [RequestRefused((("400", "no"),)), UnknownReference("gone"), NotPermitted("key")]
)
async def test_a_refused_change_goes_to_a_person(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
    error: Exception,
) -> None:
    id = await filed(store, filer, backend, clock)
    change = await change_recorded(store, clock, id, "complement", text="More.")
    changeable.outcomes = [error]
    assert await changer.step()
    assert await state_of(store, change) == "person" and (await row_of(store, id)).state == "filed"


async def test_who_waits_for_a_person_keeps_the_place_and_the_wish_is_added(
    store: Store, make_changer: Callable[..., Changer], filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await filed(store, filer, backend, clock)
    await change_recorded(store, clock, id, "withdraw")
    await change_recorded(store, clock, id, "complement", text="It is deep.")
    changer = make_changer(backend)
    assert await changer.step() and await changer.step()
    conversation = await conversations.get_by_id(
        store.pool, (await row_of(store, id)).conversation_id or uuid4()
    )
    assert conversation and conversation.state == "queued"
    assert "withdrawn" in (conversation.handoff_summary or "")
    assert "It is deep." in (conversation.handoff_summary or "")


async def test_changes_of_one_request_keep_their_order(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await filed(store, filer, backend, clock)
    await change_recorded(store, clock, id, "complement", text="First.")
    clock.forward(seconds=1)
    await change_recorded(store, clock, id, "withdraw")
    changeable.outcomes = [BackendUnavailable("down")]
    assert await changer.step()
    assert not await changer.step(), "the withdrawal waits for what was asked before it"
    clock.forward(minutes=10)
    assert await changer.step() and await changer.step()
    assert len(changeable.complemented) == 2 and len(changeable.withdrawn) == 1


async def test_a_withdrawn_request_is_not_changed_any_more(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    id = await filed(store, filer, backend, clock)
    await change_recorded(store, clock, id, "withdraw")
    clock.forward(seconds=1)
    await change_recorded(store, clock, id, "complement", text="More.")
    assert await changer.step() and await changer.step()
    assert changeable.complemented == []
    assert "was withdrawn before" in (await said(store, id))[-1].text


async def test_a_change_of_somebody_elses_request_is_not_recorded(store: Store, clock: Clock) -> None:
    mine, theirs = await recorded(store, clock), await recorded(store, clock)
    own, other = await row_of(store, mine), await row_of(store, theirs)
    assert own.contact_id and own.conversation_id
    assert not await request_changes.add_change(
        store.pool,
        id=uuid4(),
        request_id=other.id,
        conversation_id=own.conversation_id,
        contact_id=own.contact_id,
        kind="withdraw",
        payload={},
        now=clock.now,
    )


async def test_a_filer_that_woke_up_late_does_not_send_what_was_withdrawn(
    store: Store, changer: Changer, filer: Filer, backend: ScriptedBackend, clock: Clock
) -> None:
    id = await recorded(store, clock)
    late = await requests.claim(store.pool, clock.now, 60)
    assert late
    await leases_end(store)
    await change_recorded(store, clock, id, "withdraw")
    assert await changer.step()
    assert not await requests.mark_filing(store.pool, late, clock.now)
    assert (await row_of(store, id)).state == "withdrawn" and backend.filed == []
