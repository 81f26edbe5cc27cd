"""The outage day in short: nothing is lost or doubled, and the counters find it when something is."""

import pytest

from backends.base import Filed, NewRequest
from backends.open311.client import Open311
from bench.outage.day import play
from desk.store.pool import Store
from tests.support.database import database_url, store

__all__ = ["database_url", "store"]
pytestmark = pytest.mark.slow  # `make quick` leaves it out


async def test_nothing_is_lost_and_nothing_doubled(store: Store) -> None:
    day = await play(store, 30, 3.0)
    assert (day.filed, day.lost, day.doubled, day.wrong, day.untold) == (36, 0, 0, 0, 0)
    assert day.refused and day.unanswered, "the outage happened"


async def test_a_client_that_does_not_look_first_is_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(self: Open311, request: NewRequest, since: object) -> Filed | None:
        return None

    monkeypatch.setattr(Open311, "lookup", blind)
    assert (await play(store, 30, 3.0)).doubled > 0
