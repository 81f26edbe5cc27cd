"""Special needs of some providers: a handshake, their own acknowledgement, signatures over our public address."""

import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from channels.base import (
    Acknowledgement,
    Capabilities,
    Inbound,
    NotAuthentic,
    Outbound,
    Request,
    Sent,
    Setting,
    Webhook,
)
from channels.registry import CHANNELS, ChannelSetup
from desk.store.pool import Store
from gateway.webhooks.endpoint import WEBHOOK_BYTES
from tests.support.gateway import CITY, RunningGateway, running_gateway

PUBLIC = "https://desk.lindenport.example"


class Particular:
    """Signs the address and the body, shakes hands, reads our thanks."""

    name: ClassVar[str] = "particular"
    capabilities: ClassVar[Capabilities] = Capabilities(text_length=100)
    settings: ClassVar[tuple[Setting, ...]] = (Setting("key", "It signs.", secret=True),)
    acknowledgement: ClassVar[Acknowledgement] = Acknowledgement("<Response/>", "text/xml")

    def __init__(self, setup: ChannelSetup) -> None:
        self._key = setup.settings["key"]

    def verify(self, request: Webhook) -> None:
        if request.headers.get("x-signature") != signed(self._key, request.url, request.body):
            raise NotAuthentic("wrong")

    def handshake(self, request: Webhook) -> str:
        if request.method != "GET" or request.query.get("hub.verify_token") != self._key:
            raise NotAuthentic("wrong")
        return request.query["hub.challenge"]

    def parse(self, request: Webhook) -> list[Inbound]:
        return [Inbound(one, "+1555", "message", one) for one in json.loads(request.body)["ids"]]

    def render(self, message: Outbound) -> list[Request]:
        return []

    async def send(self, request: Request, key: str) -> Sent:
        return Sent()


def signed(key: str, url: str, body: bytes) -> str:
    return hmac.new(key.encode(), url.encode() + body, hashlib.sha256).hexdigest()


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    inbox = type(CITY.inboxes[0])
    city = msgspec.structs.replace(
        CITY,
        inboxes=(
            *CITY.inboxes,
            inbox(name="north", channel="particular"),
            inbox(name="south", channel="particular"),
        ),
    )
    async with running_gateway(
        pg_url,
        redis_url,
        tmp_path,
        store=store,
        city=city,
        channels={**CHANNELS, "particular": Particular},
        environ={"CIVICDESK_INBOX_NORTH_KEY": "n", "CIVICDESK_INBOX_SOUTH_KEY": "s"},
        CIVICDESK_PUBLIC_URL=PUBLIC,
    ) as running:
        yield running


async def post(
    gateway: RunningGateway,
    inbox: str,
    key: str,
    body: bytes,
    query: str = "",
    url: str | None = None,
    **headers: str,
) -> tuple[int, str, str]:
    path = f"/webhooks/{inbox}{query}"
    signature = signed(key, url or PUBLIC + path, body)
    async with gateway.http.post(
        gateway.base + path, data=io.BytesIO(body), headers={"X-Signature": signature, **headers}
    ) as answer:
        return answer.status, answer.content_type, await answer.text()


async def test_the_signed_address_is_the_public_one_whatever_the_headers_say(gateway: RunningGateway) -> None:
    body = b'{"ids": ["a"]}'
    lies = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    assert (await post(gateway, "north", "n", body, "?page=1&sig=%2B", **lies))[0] == 200
    forged = await post(gateway, "north", "n", body, url="https://evil.example/webhooks/north", **lies)
    assert forged[0] == 403


async def test_two_inboxes_of_one_channel_have_their_own_keys_and_ids(gateway: RunningGateway) -> None:
    body = b'{"ids": ["a", "b"]}'
    assert (await post(gateway, "north", "n", body))[0] == 200
    assert (await post(gateway, "south", "n", body))[0] == 403
    assert (await post(gateway, "south", "s", body))[0] == 200
    kept: list[dict[str, Any]] = await gateway.events()
    assert [(one["inbox"], one["external_id"]) for one in kept] == [
        ("north", "a"),
        ("north", "b"),
        ("south", "a"),
        ("south", "b"),
    ]


async def test_the_provider_gets_its_own_thanks(gateway: RunningGateway) -> None:
    status, kind, text = await post(gateway, "north", "n", b'{"ids": []}')
    assert (status, kind, text) == (200, "text/xml", "<Response/>")


async def test_a_handshake_answers_the_challenge_as_plain_text(gateway: RunningGateway) -> None:
    async def shake(token: str, inbox: str = "north") -> tuple[int, str, str]:
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "<b>1158</b>"}
        async with gateway.http.get(f"{gateway.base}/webhooks/{inbox}", params=query) as answer:
            assert answer.headers["x-content-type-options"] == "nosniff"
            return answer.status, answer.content_type, await answer.text()

    assert await shake("n") == (200, "text/plain", "<b>1158</b>")
    assert (await shake("wrong"))[0] == 403
    assert (await shake("n", "south"))[0] == 403
    assert (await shake("n", "web"))[0] == 404


async def test_a_body_above_the_cap_is_refused_and_kept_nowhere(gateway: RunningGateway) -> None:
    status, _, _ = await post(gateway, "north", "n", b'{"ids": ["' + b"a" * WEBHOOK_BYTES + b'"]}')
    assert status == 413
    assert await gateway.events() == []


async def test_a_batch_of_a_thousand_loses_none(gateway: RunningGateway) -> None:
    ids = [f"m{number}" for number in range(1_000)]
    assert (await post(gateway, "north", "n", json.dumps({"ids": ids}).encode()))[0] == 200
    assert [one["external_id"] for one in await gateway.events()] == ids
