"""Simulates the day: reports are recorded continuously, one back end is down for a while and then loses answers."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import aiohttp

from backends.open311.client import Open311
from bench.outage.server import FailingServer, serving
from city import load_city
from city.routes import Routes
from city.services import load_services
from desk.requests.filing import Filer
from desk.runtime.clock import utc_now
from desk.runtime.timing import FilingTiming
from desk.store import requests
from desk.store.pool import Executor, Store
from desk.store.requests import ServiceRequestRow

FAILING, OTHER = "requests", "other"
# A second of the day is a minute of a real one: waits, calls and the breaker's rest are as much shorter.
FASTER = 60.0
TIMING = FilingTiming(
    base=0.05, longest=1.0, settle=0.6, call=0.5, lease=3.0, beat=0.5, poll=0.05, token_patience=1.0
)


@dataclass(slots=True)
class Day:
    """The result. `slowest`: seconds until a request of the other back end had its number."""

    filed: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    untold: int = 0
    unanswered: int = 0
    refused: int = 0
    slowest: float = 0.0
    told: dict[UUID, str] = field(default_factory=dict)


async def play(store: Store, filings: int, seconds: float, *, patience: float = 120.0) -> Day:
    """`filings` for the failing back end, and a fifth as many for the other, within `seconds`: it is down for the second
    quarter and loses answers from then on."""
    day = Day()
    city = load_city("city.yml")
    failing, other = FailingServer(), FailingServer()
    async with aiohttp.ClientSession() as session, serving(failing), serving(other):
        backends = {FAILING: _client(session, failing), OTHER: _client(session, other)}
        routes = Routes(city, load_services(city.services))
        filer = Filer(store, backends, routes, _Told(day), utc_now, media_url=str, timing=TIMING, at_once=16)
        stop = asyncio.Event()
        running = asyncio.create_task(filer.run(stop))
        try:
            ids = await _record(store, failing, filings, seconds)
            async with asyncio.timeout(patience):
                while await _left(store):  # noqa: ASYNC110  (other tasks write the rows)
                    await asyncio.sleep(0.1)
        finally:
            stop.set()
            await running
        await _count(store, day, ids, {FAILING: failing, OTHER: other})
    return day


class _Told:
    """What citizens are told, by request; only the last counts."""

    def __init__(self, day: Day) -> None:
        self._day = day

    async def __call__(
        self, executor: Executor, row: ServiceRequestRow, news: str, variables: Mapping[str, object]
    ) -> None:
        if news == "filed":
            self._day.told[row.id] = str(variables["reference"])


def _client(session: aiohttp.ClientSession, server: FailingServer) -> Open311:
    return Open311(
        session, server.url, read_timeout=0.25, monotonic=lambda: time.monotonic() * FASTER, clock=utc_now
    )


async def _record(store: Store, failing: FailingServer, filings: int, seconds: float) -> list[UUID]:
    ids = []
    for number in range(filings):
        failing.mode = "up" if number < filings / 4 else "down" if number < filings / 2 else "lossy"
        ids.append(await _one(store, FAILING))
        if number % 5 == 0:
            ids.append(await _one(store, OTHER))
        await asyncio.sleep(seconds / filings)
    return ids


async def _one(store: Store, backend: str) -> UUID:
    id = uuid4()
    async with store.transaction() as transaction:
        contact = await transaction.fetchval(
            "INSERT INTO contacts (inbox, external_id) VALUES ('web', $1) RETURNING id", str(id)
        )
        conversation = await transaction.fetchval(
            "INSERT INTO conversations (inbox, contact_id, language) VALUES ('web', $1, 'en') RETURNING id",
            contact,
        )
        await requests.add_request(
            transaction,
            id=id,
            conversation_id=conversation,
            contact_id=contact,
            backend=backend,
            service_code="pothole",
            payload={"description": f"A hole, {id}", "address": "1 Mill Lane"},
            now=utc_now(),
        )
    return id


async def _left(store: Store) -> int:
    left: int = await store.pool.fetchval("SELECT count(*) FROM service_requests WHERE state <> 'filed'")
    return left


async def _count(store: Store, day: Day, ids: list[UUID], servers: Mapping[str, FailingServer]) -> None:
    for id in ids:
        row = await requests.get_request(store.pool, id)
        assert row is not None
        there = servers[row.backend].kept.get(str(id), [])
        day.filed += bool(there)
        day.lost += not there
        day.doubled += max(0, len(there) - 1)
        day.wrong += there[:1] != [row.reference]
        day.untold += day.told.get(id) != row.reference
        if row.backend == OTHER and row.filed_at:
            day.slowest = max(day.slowest, (row.filed_at - row.created_at).total_seconds())
    day.unanswered = servers[FAILING].unanswered
    day.refused = servers[FAILING].refused
