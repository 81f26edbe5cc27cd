"""A change whose answer was lost, at a back end that does not know it again."""

from dataclasses import replace
from datetime import timedelta

from backends.base import BackendUnavailable, Filed, RequestRefused
from desk.requests.changing import Changer
from desk.requests.filing import Filer
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.filing import ChangeableBackend, ScriptedBackend, change_recorded, recorded


async def test_a_back_end_that_may_have_it_is_told_so(
    store: Store,
    changer: Changer,
    changeable: ChangeableBackend,
    filer: Filer,
    backend: ScriptedBackend,
    clock: Clock,
) -> None:
    changeable.capabilities = replace(changeable.capabilities, repeatable=False)
    id = await recorded(store, clock)
    backend.script = [Filed("SR-1")]
    assert await filer.step()
    await change_recorded(store, clock, id, "complement", text="More.")
    called = clock.now
    changeable.outcomes = [
        BackendUnavailable("refused the connection"),
        BackendUnavailable("no answer", outcome_unknown=True),
        RequestRefused((("", "it may have this already"),)),
    ]
    for _ in range(3):
        assert await changer.step()
        clock.forward(minutes=10)
    since = [change.since for _, change in changeable.complemented]
    assert since == [None, None, called + timedelta(minutes=10)], "only after an answer that was lost"
    assert await store.pool.fetchval("SELECT state FROM request_changes") == "person"
