"""What people see while PostgreSQL or Redis is down, and that everything recovers by itself."""

import time
from pathlib import Path
from uuid import uuid4

import pytest

from desk.store.dialogue import messages as log_rows
from desk.store.pool import Store
from tests.support import servers
from tests.support.cable import to_postgres
from tests.support.gateway import Citizen, RunningGateway, next_event, running_gateway
from tests.support.waiting import eventually


async def test_database_away_is_a_503_with_a_sentence_and_then_all_is_well(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    cable, near = to_postgres(pg_url)
    await cable.mend()
    async with running_gateway(
        pg_url,
        redis_url,
        tmp_path,
        store=store,
        gateway_database_url=near(cable.port),
        CIVICDESK_RATE_SCALE="1000",
    ) as gateway:
        citizen = await gateway.citizen()
        contact, client_id = await citizen.contact_id(), str(uuid4())
        await gateway.say(contact, "before")
        async with citizen.stream() as stream:
            assert (await next_event(stream, "message"))["text"] == "before"
            await cable.cut()
            for method, path in (
                ("POST", "/chat/v1/session"),
                ("GET", "/chat/v1/messages"),
                ("POST", "/chat/v1/messages"),
                ("POST", "/chat/v1/media"),
            ):
                async with gateway.http.request(
                    method, gateway.base + path, headers=citizen.headers
                ) as answer:
                    assert answer.status == 503, path
                    assert int(answer.headers["retry-after"]) >= 1
                    error = (await answer.json())["error"]
                    assert error["message"].startswith("The front desk cannot be reached for a moment.")
            async with gateway.http.get(f"{gateway.base}/chat", headers={"accept": "text/html"}) as page:
                assert page.status == 200, "a new page needs no database"
            async with (
                gateway.http.get(f"{gateway.base}/live") as live,
                gateway.http.get(f"{gateway.base}/ready") as ready,
            ):
                assert live.status == 200
                assert ready.status == 503 and (await ready.json())["database"] is False
            assert (await citizen.post(client_id=client_id, text="kept by the widget"))[0] == 503
            await gateway.say(contact, "while away")
            await cable.mend()
            assert (await next_event(stream, "message"))["text"] == "while away", "the same stream goes on"
        status, _ = await citizen.post(client_id=client_id, text="kept by the widget")
        assert status == 202
        assert len(await gateway.events()) == 1
        await eventually(lambda: _is_ready(gateway))  # the last look may be a second old
    await cable.cut()


async def _is_ready(gateway: RunningGateway) -> bool:
    async with gateway.http.get(f"{gateway.base}/ready") as ready:
        return ready.status == 200


async def test_a_redis_outage_only_costs_time(
    pg_url: str, mortal_redis: servers.PrivateRedis, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(pg_url, mortal_redis.url, tmp_path, store=store) as gateway:
        citizen = await gateway.citizen()
        contact = await citizen.contact_id()
        async with citizen.stream() as stream:
            await next_event(stream, "state")
            mortal_redis.kill()
            assert (await citizen.post(text="still taken"))[0] == 202
            await gateway.say(contact, "found by looking")
            assert (await next_event(stream, "message"))["text"] == "found by looking"
            async with gateway.http.get(f"{gateway.base}/ready") as ready:
                assert ready.status == 200 and (await ready.json())["redis"] is False
            mortal_redis.start()
            # A worker that could not tell keeps quiet for a second before it tries again.
            await eventually(
                lambda: gateway.gateway_live.connected and gateway.live._muted_until <= time.monotonic()
            )
            await gateway.say(contact, "told again")
            assert (await next_event(stream, "message"))["text"] == "told again"


async def test_before_the_schema_is_there_nobody_sees_more_than_a_sentence(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(pg_url, redis_url, tmp_path, store=store, ready=False) as gateway:
        async with gateway.http.post(f"{gateway.base}/chat/v1/session") as answer:
            assert answer.status == 503 and answer.headers["retry-after"]
        async with gateway.http.get(f"{gateway.base}/console/", headers={"accept": "text/html"}) as answer:
            assert answer.status == 503 and "Traceback" not in await answer.text()
        async with gateway.http.get(f"{gateway.base}/chat/v1/config") as answer:
            assert answer.status == 200, "the widget can show itself meanwhile"
        async with gateway.http.get(f"{gateway.base}/ready") as answer:
            assert answer.status == 503
            assert "starting" in (await answer.json())["message"]


async def test_an_internal_error_shows_a_sentence_and_a_reference_and_never_a_traceback(
    gateway: RunningGateway, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("the secret cause, with the citizen's words")

    with monkeypatch.context() as patch:
        patch.setattr(log_rows, "list_after", broken)
        status, body = await citizen.get("/chat/v1/messages")
        assert (status, body["error"]["code"]) == (500, "our_fault")
        assert body["error"]["message"].startswith("Something went wrong on our side.")
        async with gateway.http.get(
            f"{gateway.base}/chat",
            headers={"accept": "text/html", "cookie": f"civicdesk_chat={citizen.token}"},
        ) as answer:
            page = await answer.text()
            assert answer.status == 500 and answer.content_type == "text/html"
            assert answer.headers["x-request-id"] in page
    for text in (str(body), page):
        assert "secret cause" not in text and "RuntimeError" not in text and "Traceback" not in text
