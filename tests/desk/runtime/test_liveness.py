"""The worker's server for operators: its counts are right, and it does not report health when it is unhealthy."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import aiohttp
import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from desk.model import DeskError
from desk.runtime.liveness import Liveness, health_server
from desk.runtime.metrics import Metrics
from desk.store.pool import Store
from tests.support.desk import CLOSED, OPEN, Desk
from tests.support.ports import free_port
from tests.support.waiting import eventually


class Door:
    """A client of the server."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def ask(self, path: str) -> tuple[int, str]:
        async with self._http.get(f"{self._url}{path}") as answer:
            return answer.status, await answer.text()

    async def value(self, sample: str) -> float | None:
        """The number behind one line of /metrics; None where there is no such line."""
        _, text = await self.ask("/metrics")
        lines = [line.rpartition(" ") for line in text.splitlines()]
        return next((float(number) for name, _, number in lines if name == sample), None)

    async def becomes(self, sample: str, wanted: float) -> None:
        """Until the line says this: a worker counts right after its commit, which others may see before."""

        async def is_so() -> bool:
            return await self.value(sample) == wanted

        await eventually(is_so)


@asynccontextmanager
async def door_of(store: Store, metrics: Metrics, liveness: Liveness) -> AsyncIterator[Door]:
    port = free_port()
    async with health_server("127.0.0.1", port, store, metrics, liveness), aiohttp.ClientSession() as http:
        yield Door(http, f"http://127.0.0.1:{port}")


async def test_turns_and_what_waits_are_counted(desk: Desk) -> None:
    contact = await desk.contact()
    async with desk.working() as (worker,), door_of(desk.store, worker.metrics, worker.liveness) as door:
        await desk.send(contact, "when is my bin collected?")
        await desk.settled(contact)
        await door.becomes('civicdesk_turn_seconds_count{outcome="answered"}', 1)
        assert await door.value('civicdesk_waiting{hop="events"}') == 0
        assert await door.value('civicdesk_waiting{hop="queue"}') == 0

        await desk.queued()
        await desk.queued()
        assert await door.value('civicdesk_waiting{hop="queue"}') == 2
        assert (await door.value('civicdesk_oldest_seconds{hop="queue"}') or 0) > 0
        assert await door.value("civicdesk_database_reachable") == 1
        assert (await door.ask("/live"))[0] == 200
        assert (await door.ask("/ready"))[0] == 200


async def test_unprocessed_work_shows_as_waiting(desk: Desk) -> None:
    async with door_of(desk.store, Metrics(), Liveness()) as door:
        await desk.send(await desk.contact(), "is anybody there?")
        assert await door.value('civicdesk_waiting{hop="events"}') == 1
        assert (await door.value('civicdesk_oldest_seconds{hop="events"}') or 0) > 0


async def test_without_its_database_a_worker_lives_and_is_not_ready(desk: Desk) -> None:
    liveness = Liveness()
    liveness.beat("turns")
    async with door_of(desk.store, Metrics(), liveness) as door:
        assert (await door.ask("/ready"))[0] == 200
        await desk.queued()
        assert await door.value('civicdesk_waiting{hop="queue"}') == 1
        desk.store.pool.terminate()
        assert (await door.ask("/ready"))[0] == 503
        assert (await door.ask("/live"))[0] == 200
        # The last known number must not pass for the present one.
        assert await door.value('civicdesk_waiting{hop="queue"}') is None
        assert await door.value("civicdesk_database_reachable") == 0


async def test_a_part_that_does_not_move_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    liveness = Liveness()
    liveness.beat("turns")
    liveness.beat("delivery")
    async with door_of(desk.store, Metrics(), liveness) as door:
        assert json.loads((await door.ask("/live"))[1]) == {"live": True, "stuck": []}
        now = time.monotonic()
        monkeypatch.setattr("desk.runtime.liveness.time", SimpleNamespace(monotonic=lambda: now + 61))
        liveness.beat("delivery")
        status, body = await door.ask("/live")
        assert status == 503
        assert json.loads(body)["stuck"] == ["turns"]


async def test_a_port_that_is_taken_is_one_sentence(desk: Desk) -> None:
    port = free_port()
    async with health_server("127.0.0.1", port, desk.store, Metrics(), Liveness()):
        with pytest.raises(DeskError, match=f"cannot listen on 127.0.0.1:{port} .*CIVICDESK_WORKER_PORT"):
            async with health_server("127.0.0.1", port, desk.store, Metrics(), Liveness()):
                pass


async def test_every_line_of_a_turn_carries_the_trace_id(desk: Desk) -> None:
    contact = await desk.contact()
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with desk.working():
            await desk.send(contact, "hello", trace_id="trace-7")
            await desk.settled(contact)
    assert [line["trace_id"] for line in lines if line["event"] == "turn_done"] == ["trace-7"]


async def test_the_office_is_open_or_not_as_the_city_says(desk: Desk) -> None:
    async with desk.working() as (worker,), door_of(desk.store, worker.metrics, worker.liveness) as door:
        for now, opened in ((OPEN, 1), (CLOSED, 0)):
            desk.now = now
            assert await door.value("civicdesk_office_open") == opened
