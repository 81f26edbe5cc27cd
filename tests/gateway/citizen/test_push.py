"""Notices to citizens' browsers: by consent, for a person's reply, once, without a word of it, and no longer than the session."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk.push.contacts import ContactPush
from desk.push.delivery import AGAIN
from desk.push.keys import PushKeys
from desk.push.kinds import MOST_BROWSERS
from desk.push.services import PushServices
from desk.store.pool import Store
from tests.support.gateway import SECRET, Citizen, RunningGateway, running_gateway
from tests.support.push_service import BrowserSide, PushService, push_service

LOOPBACK = ("127.0.0.1",)
SUBJECT = "https://desk.example"


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="1000",
        CIVICDESK_PUSH_HOSTS="127.0.0.1", CIVICDESK_PRIVATE_HOSTS="127.0.0.1",
    ) as running:  # fmt: skip
        yield running


@pytest.fixture
async def service(gateway: RunningGateway) -> AsyncIterator[PushService]:
    async with push_service(gateway.clock) as service:
        yield service
        assert service.problems == []


def _sending(gateway: RunningGateway) -> ContactPush:
    keys = PushKeys(SECRET.encode(), SUBJECT)
    return ContactPush(gateway.store, keys, PushServices(LOOPBACK, LOOPBACK), gateway.clock)


async def _ask(citizen: Citizen, path: str, body: dict[str, str]) -> int:
    url = f"{citizen.gateway.base}/chat/v1/{path}"
    async with citizen.gateway.http.post(url, json=body, headers=citizen.headers) as answer:
        return answer.status


async def _subscribed(citizen: Citizen, service: PushService) -> BrowserSide:
    status, said = await citizen.get("/chat/v1/push")
    assert status == 200
    browser = service.subscribe(said["key"])
    assert await _ask(citizen, "push", browser.keys) == 204
    return browser


async def test_a_persons_reply_is_told_once_and_nothing_else_is(
    gateway: RunningGateway, citizen: Citizen, service: PushService
) -> None:
    contact = await citizen.contact_id()
    await gateway.say(contact, "Before the consent", "agent")
    browser = await _subscribed(citizen, service)
    await gateway.say(contact, "The bot's answer")
    await gateway.say(contact, "A question", "contact")
    await _sending(gateway).once()
    assert browser.told == []
    await gateway.store.pool.execute("UPDATE contacts SET language = 'es' WHERE id = $1", contact)
    await gateway.say(contact, "Your broken leg is covered", "agent")
    await gateway.say(contact, "Anything else?", "agent")
    for _ in range(3):
        await _sending(gateway).once()
    assert browser.told == [{"kind": "reply", "language": "es"}]

    service.answers = [(503, "")]
    await gateway.say(contact, "Hello?", "agent")
    await _sending(gateway).once()
    await _sending(gateway).once()
    assert len(browser.told) == 1 and service.calls == 2, "not before its time"
    gateway.clock.shift += AGAIN + timedelta(seconds=1)
    await _sending(gateway).once()
    assert len(browser.told) == 2

    assert await _ask(citizen, "push/end", {"endpoint": browser.endpoint}) == 204
    await gateway.say(contact, "Goodbye", "agent")
    await _sending(gateway).once()
    assert len(browser.told) == 2
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM contact_devices") == 0


async def test_it_ends_with_its_session_and_with_the_browsers_subscription(
    gateway: RunningGateway, citizen: Citizen, service: PushService
) -> None:
    pool = gateway.store.pool
    browser = await _subscribed(citizen, service)
    for _ in range(MOST_BROWSERS - 1):
        await _subscribed(citizen, service)
    other = service.subscribe(browser.server_key)
    assert await _ask(citizen, "push", other.keys) == 422, "bounded for each conversation"
    assert await _ask(citizen, "push", browser.keys) == 204, "the same browser again is no further one"

    service.browsers.clear()  # all have ended there
    await gateway.say(await citizen.contact_id(), "Hello", "agent")
    await _sending(gateway).once()
    assert await pool.fetchval("SELECT count(*) FROM contact_devices") == 0

    await _subscribed(citizen, service)
    assert await _ask(citizen, "end", {}) == 204
    assert await pool.fetchval("SELECT count(*) FROM contact_devices") == 0, "a token that has ended"
    assert await _ask(citizen, "push", other.keys) == 401


async def test_strangers_addresses_and_keys_are_refused(
    gateway: RunningGateway, citizen: Citizen, service: PushService
) -> None:
    keys = service.subscribe("").keys
    for wrong, status in (
        ({**keys, "endpoint": "https://169.254.169.254/latest"}, 422),
        ({**keys, "endpoint": "https://push.example/x"}, 422),
        ({**keys, "p256dh": "AAAA"}, 422),
        ({**keys, "auth": "é"}, 422),
        ({"endpoint": keys["endpoint"]}, 400),
    ):
        assert await _ask(citizen, "push", wrong) == status, wrong
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM contact_devices") == 0
    assert await _ask(citizen, "push/end", {"endpoint": "\0"}) == 204
