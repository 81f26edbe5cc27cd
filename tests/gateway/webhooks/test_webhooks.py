"""Webhooks with a strict channel: verify, parse, commit, acknowledge, in this order."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest

from channels.base import (
    Capabilities,
    Inbound,
    MalformedPayload,
    NotAuthentic,
    Outbound,
    Request,
    Sent,
    Setting,
    Webhook,
)
from channels.registry import CHANNELS, ChannelSetup, InboxError
from desk.model import Priority
from desk.store.outbound import outbox
from desk.store.pool import Store
from tests.support.cable import to_postgres
from tests.support.gateway import CITY, RunningGateway, running_gateway

KEY = "provider-key"


class StrictChannel:
    """A provider that signs its raw body with HMAC-SHA-256."""

    name: ClassVar[str] = "strict"
    capabilities: ClassVar[Capabilities] = Capabilities(text_length=1000)
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("key", "It signs what the provider sends.", secret=True),
    )

    def __init__(self, setup: ChannelSetup) -> None:
        self._secret = setup.settings["key"].encode()

    def verify(self, request: Webhook) -> None:
        right = hmac.new(self._secret, request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, request.headers.get("x-strict-signature", "")):
            raise NotAuthentic("wrong signature")

    def parse(self, request: Webhook) -> list[Inbound]:
        try:
            events = msgspec.json.decode(request.body, type=list[dict[str, str]])
            return [
                Inbound(one["id"], one["from"], "receipt", receipt=(one["failed"], "failed"))
                if "failed" in one
                else Inbound(external_id=one["id"], contact=one["from"], kind="message", text=one["text"])
                for one in events
            ]
        except (msgspec.MsgspecError, KeyError, RecursionError) as error:
            raise MalformedPayload(str(error)) from None

    def render(self, message: Outbound) -> list[Request]:
        return []

    async def send(self, request: Request, key: str) -> Sent:
        return Sent()


TWO_INBOXES = msgspec.structs.replace(
    CITY,
    inboxes=(*CITY.inboxes, msgspec.convert({"name": "sms", "channel": "strict"}, type(CITY.inboxes[0]))),
)
WITH_STRICT: dict[str, Any] = {
    "city": TWO_INBOXES,
    "channels": {**CHANNELS, "strict": StrictChannel},
    "environ": {"CIVICDESK_INBOX_SMS_KEY": KEY},
}


@pytest.fixture
async def provider(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> AsyncIterator[RunningGateway]:
    async with running_gateway(pg_url, redis_url, tmp_path, store=store, **WITH_STRICT) as running:
        yield running


async def send(
    gateway: RunningGateway, body: bytes, *, inbox: str = "sms", key: str = KEY
) -> tuple[int, Any]:
    headers = {"X-Strict-Signature": hmac.new(key.encode(), body, hashlib.sha256).hexdigest()}
    async with gateway.http.post(f"{gateway.base}/webhooks/{inbox}", data=body, headers=headers) as answer:
        return answer.status, await answer.json()


def batch(*ids: str, sender: str = "+15550100") -> bytes:
    return json.dumps([{"id": one, "from": sender, "text": f"text {one}"} for one in ids]).encode()


async def test_a_signed_batch_is_kept_once_however_often_it_comes(provider: RunningGateway) -> None:
    assert await send(provider, batch("a", "b")) == (200, {"received": 2, "new": 2})
    answers = await asyncio.gather(*(send(provider, batch("a", "b")) for _ in range(10)))
    assert answers == [(200, {"received": 2, "new": 0})] * 10
    assert await send(provider, batch("b", "c")) == (200, {"received": 2, "new": 1})
    assert [event["external_id"] for event in await provider.events()] == ["a", "b", "c"]
    assert await provider.store.pool.fetchval("SELECT count(*) FROM contacts WHERE inbox = 'sms'") == 1


async def test_a_webhook_that_says_that_an_answer_never_arrived_gets_a_person(
    provider: RunningGateway,
) -> None:
    await send(provider, batch("a"))
    pool = provider.store.pool
    contact_id = await pool.fetchval("SELECT id FROM contacts WHERE inbox = 'sms'")
    answer = await provider.say(contact_id, "It is on Tuesday.", priority=Priority.CONVERSATION)
    item = await pool.fetchval("SELECT id FROM outbox WHERE message_id = $1", answer.id)
    await outbox.mark_part_taken(pool, item, 1, "sms-1")
    await outbox.mark_sent(pool, item)
    body = json.dumps([{"id": "r", "from": "+15550100", "failed": "sms-1"}]).encode()
    for _ in range(2):
        assert await send(provider, body) == (200, {"received": 0, "new": 0})
    assert await pool.fetchval("SELECT state FROM conversations") == "queued"
    states = await pool.fetch("SELECT state FROM outbox ORDER BY id")
    assert [row["state"] for row in states] == ["dead", "pending"], "and the citizen is told so, once"


async def test_a_wrong_signature_is_403_and_nothing_is_parsed(
    provider: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("parsed before it was verified")

    monkeypatch.setattr(StrictChannel, "parse", never)
    assert (await send(provider, batch("a"), key="wrong"))[0] == 403
    async with provider.http.post(f"{provider.base}/webhooks/sms", data=batch("a")) as answer:
        assert answer.status == 403
    assert await provider.events() == []


async def test_what_the_provider_never_sends_is_400(provider: RunningGateway) -> None:
    for body in (b"", b"{}", b'[{"id": "a"}]', b"\xff", b"[" * 50_000, b"[" * 1_000 + b"]" * 1_000):
        status, answer = await send(provider, body)
        assert (status, answer["error"]["code"]) == (400, "malformed"), body[:20]
    assert await provider.events() == []


async def test_an_unknown_inbox_is_404_and_the_web_chat_has_no_webhook(provider: RunningGateway) -> None:
    citizen = await provider.citizen()
    contact = str(await citizen.contact_id())
    assert (await send(provider, batch("a"), inbox="nothing"))[0] == 404
    forged = json.dumps({"client_id": "11111111-1111-4111-8111-111111111111", "text": "forged"}).encode()
    async with provider.http.post(
        f"{provider.base}/webhooks/web", data=forged, headers={"X-Civicdesk-Contact": contact}
    ) as answer:
        assert answer.status == 404
    async with provider.http.get(f"{provider.base}/webhooks/sms") as answer:
        assert answer.status in (404, 405)
    assert await provider.events() == []


async def test_no_2xx_without_a_commit(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> None:
    cable, near = to_postgres(pg_url)
    await cable.mend()
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, gateway_database_url=near(cable.port), **WITH_STRICT
    ) as gateway:
        assert (await send(gateway, batch("a")))[0] == 200
        await cable.cut()
        status, body = await send(gateway, batch("b"))
        assert status == 503 and body["error"]["code"] == "unavailable"
        await cable.mend()
        assert (await send(gateway, batch("b")))[0] == 200
        assert [event["external_id"] for event in await gateway.events()] == ["a", "b"]
    await cable.cut()


async def test_a_bug_in_a_channel_is_500_so_that_the_provider_tries_again(
    provider: RunningGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(StrictChannel, "parse", broken)
        status, body = await send(provider, batch("a"))
        assert status == 500 and "ZeroDivision" not in str(body)
    assert (await send(provider, batch("a")))[0] == 200


async def test_a_channel_without_its_secret_does_not_start(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    with pytest.raises(InboxError, match="CIVICDESK_INBOX_SMS_KEY"):
        async with running_gateway(
            pg_url, redis_url, tmp_path, store=store, **{**WITH_STRICT, "environ": {}}
        ):
            pass
