"""Two back ends at once: each request is filed, numbered and followed where its service belongs."""

import json
from datetime import timedelta
from typing import Any

from aiohttp import web

from desk.requests.filing import Filer
from desk.requests.status import Follower
from desk.store.following import followed_requests
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.fake_georeport import FakeGeoReport, never, reply
from tests.support.filing import Voice, recorded, row_of
from tests.support.two_backends import Two, serve_two

SIZES: dict[str, Any] = {"attributes": {"SIZE": "Small"}}


def filer_of(two: Two, store: Store, voice: Voice, clock: Clock) -> Filer:
    return Filer(store, two.backends, two.routes, voice, clock, media_url=str, jitter=lambda most: most)


def creates(fake: FakeGeoReport) -> list[str]:
    return [dict(form)["service_code"] for form in fake.creates]


async def test_each_request_is_filed_where_its_service_belongs(
    store: Store, voice: Voice, clock: Clock
) -> None:
    async with serve_two(clock=clock) as two:
        two.roads.answers["POST requests.json"] = reply('[{"service_request_id":"111111"}]')
        two.environment.answers["POST requests.json"] = reply('[{"token":"t-1"}]')
        two.environment.answers["GET tokens/t-1.json"] = reply(
            '[{"token":"t-1","service_request_id":"111111"}]'
        )
        pothole = await recorded(store, clock, "roads", **SIZES)
        noise = await recorded(store, clock, "environment", "noise", **SIZES)
        filer = filer_of(two, store, voice, clock)
        while await filer.step():
            pass
        assert (await row_of(store, noise)).state == "awaiting_reference"
        clock.forward(minutes=1)
        while await filer.step():
            pass
        assert (creates(two.roads), creates(two.environment)) == (["001"], ["001"])
        assert not [call for call in two.roads.calls if "token" in call]
        assert [(await row_of(store, one)).reference for one in (pothole, noise)] == ["111111", "111111"]
        assert voice.keys.count("filed") == 2


async def test_a_lost_answer_is_looked_for_at_the_back_end_that_was_asked(
    store: Store, voice: Voice, clock: Clock
) -> None:
    async with serve_two(clock=clock, read_timeout=0.5) as two:
        for fake in (two.roads, two.environment):
            fake.answers["GET requests.json"] = reply("[]")
        two.environment.answers["POST requests.json"] = never
        noise = await recorded(store, clock, "environment", "noise", **SIZES)
        filer = filer_of(two, store, voice, clock)
        assert await filer.step()
        assert (await row_of(store, noise)).state == "unknown"
        kept = [{"service_request_id": "222222", "service_code": "001", "account_id": str(noise)}]
        two.environment.answers["GET requests.json"] = reply(json.dumps(kept))
        clock.forward(minutes=20)
        assert await filer.step()
        assert (await row_of(store, noise)).reference == "222222"
        assert two.roads.calls == [], "the other back end was never asked"


async def test_the_same_number_at_both_is_two_requests(store: Store, voice: Voice, clock: Clock) -> None:
    async with serve_two(clock=clock) as two:
        closed = json.dumps([{"service_request_id": "111111", "status": "closed", "service_code": "001"}])
        opened = json.dumps([{"service_request_id": "111111", "status": "open", "service_code": "001"}])
        ids = {}
        for name in ("roads", "environment"):
            ids[name] = await recorded(store, clock, name)
            await store.pool.execute(
                """UPDATE service_requests SET state = 'filed', reference = '111111', status = 'open', filed_at = $2,
                   raw_status = 'open' WHERE id = $1""",
                ids[name],
                clock.now,
            )
        two.roads.answers["GET requests/111111.json"] = reply(opened)
        two.environment.answers["GET requests/111111.json"] = reply(closed)
        follower = Follower(store, two.backends, clock)
        clock.forward(minutes=5)
        assert [await follower.look(name) for name in two.backends] == [0, 1]
        assert (await row_of(store, ids["roads"])).status == "open"
        assert (await row_of(store, ids["environment"])).status == "closed"

        clock.forward(minutes=5)
        now = clock.now.isoformat()
        two.roads.answers["GET requests.json"] = reply(
            json.dumps([{"service_request_id": "111111", "status": "closed", "updated_datetime": now}])
        )
        assert await follower.look("roads") == 1
        assert (await row_of(store, ids["roads"])).status == "closed"
        assert await followed_requests.list_followed(store.pool, "environment") == []


async def test_one_that_is_down_does_not_keep_the_other(store: Store, voice: Voice, clock: Clock) -> None:
    async def down(request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    async with serve_two(clock=clock) as two:
        two.roads.answers = {"GET services.json": down, "POST requests.json": down}
        two.environment.answers["POST requests.json"] = reply('[{"service_request_id":"333333"}]')
        pothole = await recorded(store, clock, "roads", **SIZES)
        clock.forward(seconds=1)
        noise = await recorded(store, clock, "environment", "noise", **SIZES)
        filer = filer_of(two, store, voice, clock)
        while await filer.step():
            pass
        assert (await row_of(store, pothole)).state == "recorded"
        assert (await row_of(store, noise)).reference == "333333"
        assert clock.now - (await row_of(store, noise)).created_at < timedelta(minutes=1)
