"""Every channel behind the real gateway: forgeries get one status, repeats change nothing, broken bodies are 400."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from channels.base import Handshakes, Webhook
from channels.kit.setup import variable
from desk.store.pool import Store
from tests.support.gateway import CITY, RunningGateway, running_gateway
from tests.support.specimens import SPECIMENS
from tests.support.specimens.base import PUBLIC_URL, Specimen

POSTED = [one for one in SPECIMENS if one.posted]
INBOXES = [{"name": one.channel, "channel": one.channel} for one in POSTED]
WITH_ALL: dict[str, Any] = {
    "city": msgspec.structs.replace(
        CITY, inboxes=(*CITY.inboxes, *(msgspec.convert(one, type(CITY.inboxes[0])) for one in INBOXES))
    ),
    "environ": {
        variable(one.channel, name): value for one in POSTED for name, value in one.settings.items() if value
    },
    "CIVICDESK_PUBLIC_URL": PUBLIC_URL,
}


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(pg_url, redis_url, tmp_path, store=store, **WITH_ALL) as running:
        yield running


async def test_forgeries_are_403_on_every_channel(gateway: RunningGateway) -> None:
    for specimen in POSTED:
        body, _ = specimen.batch
        for what, forged in specimen.forgeries(body).items():
            status, answer = await _post(gateway, specimen, forged)
            assert (status, answer["error"]["code"]) == (403, "not_authentic"), (specimen.channel, what)
    assert await gateway.events() == []


async def test_what_comes_twice_is_kept_once(gateway: RunningGateway) -> None:
    for specimen in POSTED:
        _, texts = specimen.batch
        for _ in range(2):
            for body in (specimen.batch[0], *specimen.fixtures().values(), *specimen.unknown):
                status, answer = await _post(gateway, specimen, specimen.deliver(body))
                assert 200 <= status < 300, (specimen.channel, answer)
        kept = [one for one in await gateway.events() if one["inbox"] == specimen.channel]
        ids = [one["external_id"] for one in kept]
        assert len(ids) == len(set(ids)) >= len(texts), specimen.channel


async def test_a_broken_body_with_the_right_signature_is_400(gateway: RunningGateway) -> None:
    for specimen in POSTED:
        if specimen.fuzz:
            status, answer = await _post(gateway, specimen, specimen.deliver(b'{"entry":'))
            assert (status, answer["error"]["code"]) == (400, "malformed"), specimen.channel


async def test_a_handshake_is_echoed_as_plain_text_and_only_to_who_knows_the_word(
    gateway: RunningGateway,
) -> None:
    shaking = [one for one in POSTED if isinstance(one.open(), Handshakes)]
    assert len(shaking) >= 3
    for specimen in shaking:
        asked = {
            "hub.mode": "subscribe",
            "hub.verify_token": specimen.settings["verify_token"],
            "hub.challenge": "1158201444",
        }
        url = f"{gateway.base}/webhooks/{specimen.channel}"
        async with gateway.http.get(url, params=asked) as answer:
            assert (answer.status, await answer.text()) == (200, "1158201444"), specimen.channel
            assert answer.content_type == "text/plain"
        async with gateway.http.get(url, params={**asked, "hub.verify_token": "guess"}) as answer:
            assert answer.status == 403 and "1158201444" not in await answer.text()


async def _post(gateway: RunningGateway, specimen: Specimen, webhook: Webhook) -> tuple[int, Any]:
    headers = {
        name: value.encode("latin-1", "replace").decode("latin-1") for name, value in webhook.headers.items()
    }
    url = f"{gateway.base}/webhooks/{specimen.channel}"
    query = webhook.url.partition("?")[2]
    async with gateway.http.post(
        f"{url}?{query}" if query else url, data=webhook.body, headers=headers
    ) as answer:
        return (
            answer.status,
            await answer.json() if answer.content_type == "application/json" else await answer.text(),
        )
