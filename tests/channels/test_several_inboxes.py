"""Two inboxes of one channel: each has its own secret, contacts and answers."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from channels.kit.setup import variable
from channels.registry import ChannelSetup, open_inboxes
from city import InboxConfig
from desk.store.pool import Store
from tests.support.gateway import CITY, RunningGateway, running_gateway
from tests.support.sockets import serving
from tests.support.specimens.base import PUBLIC_URL, nobody
from tests.support.specimens.telegram import HEADER, PERSON, SPECIMEN, TOKEN, said, update

SECRETS = {"north": "the-north_word", "south": "the-south_word"}
INBOXES = [InboxConfig(name=name, channel="telegram") for name in SECRETS]
ENVIRON = {
    **{variable(name, "secret"): secret for name, secret in SECRETS.items()},
    **{variable(name, "token"): f"{TOKEN}{name}" for name in SECRETS},
}


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    city = msgspec.structs.replace(CITY, inboxes=(*CITY.inboxes, *INBOXES))
    more: dict[str, Any] = {"city": city, "environ": ENVIRON, "CIVICDESK_PUBLIC_URL": PUBLIC_URL}
    async with running_gateway(pg_url, redis_url, tmp_path, store=store, **more) as running:
        yield running


async def post(gateway: RunningGateway, inbox: str, secret: str) -> int:
    body = update(1, message=said("the same update of the same person"))
    async with gateway.http.post(
        f"{gateway.base}/webhooks/{inbox}", data=body, headers={HEADER: secret}
    ) as answer:
        return answer.status


async def test_each_takes_what_is_posted_with_its_own_secret_alone(gateway: RunningGateway) -> None:
    assert [
        await post(gateway, "north", SECRETS["south"]),
        await post(gateway, "south", SECRETS["north"]),
    ] == [403] * 2
    assert await gateway.events() == []
    assert [await post(gateway, name, secret) for name, secret in SECRETS.items()] == [200, 200]
    kept = await gateway.events()
    assert [(one["inbox"], one["external_id"]) for one in kept] == [("north", "1"), ("south", "1")]
    who = await gateway.store.pool.fetch("SELECT inbox, external_id FROM contacts ORDER BY inbox")
    assert [tuple(row) for row in who] == [("north", str(PERSON)), ("south", str(PERSON))], "two contacts"


async def test_each_answers_with_its_own_token() -> None:
    paths: list[str] = []

    async def take(request: web.Request) -> web.Response:
        paths.append(request.path)
        return web.json_response({"ok": True, "result": {"message_id": len(paths)}})

    async with serving(take) as url, aiohttp.ClientSession() as http:
        environ = {**ENVIRON, **{variable(name, "api_url"): url for name in SECRETS}}
        opened = open_inboxes(INBOXES, environ, ChannelSetup(nobody, http=http))
        assert list(opened) == ["north", "south"]
        for channel in opened.values():
            (request,) = channel.render(SPECIMEN.message())
            await channel.send(request, "m1:0")
    assert paths == [f"/bot{TOKEN}{name}/sendMessage" for name in SECRETS]
