"""The call with which a partner desk accepts or declines: who may make it, how often, and about what."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from channels.registry import CHANNELS
from city import InboxConfig
from city.partners.model import PartnerConfig
from desk.model import By
from desk.partners.links import partner_link
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store
from desk.store.routing import partners
from tests.support.gateway import CITY, RunningGateway, running_gateway
from tests.support.gateway import SECRET as DESK_SECRET
from tests.support.partner_desk import SECRET, signed, with_partner

ACCEPTED = b'{"state": "accepted", "reference": "B-7"}'


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(
        pg_url,
        redis_url,
        tmp_path,
        store=store,
        city=with_partner(CITY, "https://benefits.example/in"),
        environ={"BENEFITS_SECRET": SECRET},
    ) as running:
        yield running


async def _sent(gateway: RunningGateway, *, sent: bool = True) -> tuple[UUID, UUID]:
    """(transfer, conversation) of one that the partner has, and that waits in the queue."""
    pool, now = gateway.store.pool, gateway.clock()
    agent: UUID = await pool.fetchval(
        "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ($1, 'Ana', 'agent', '{}', '-') RETURNING id",
        f"{uuid4()}@example.org",
    )
    async with gateway.store.transaction() as transaction:
        contact = await contacts.add_contact(transaction, "web", str(uuid4()), "en")
        made = await conversations.add_conversation(transaction, contact, "en")
        await conversations.enqueue(
            transaction, made.id, 0, "front-desk", "asked", "", By("bot", "asked"), None, None
        )
    transfer = uuid4()
    await partners.add_transfer(pool, transfer, made.id, "benefits", agent, "Rent.", 1, now, now)
    await partners.mark_consented(pool, transfer, now)
    if sent:
        await pool.execute(
            "UPDATE partner_transfers SET state = 'sent', sent_at = $2::timestamptz, answer_by = $2::timestamptz + interval '1 day' WHERE id = $1",
            transfer,
            now,
        )
    return transfer, made.id


async def _call(
    gateway: RunningGateway, transfer: UUID, body: bytes = ACCEPTED, **how: object
) -> tuple[int, str]:
    path = f"/partners/{how.get('name', 'benefits')}/transfers/{transfer}"
    at = gateway.clock().timestamp() + float(str(how.get("late", 0)))
    headers = signed(str(how.get("secret", SECRET)), "POST", str(how.get("signed_path", path)), body, at)
    async with gateway.http.post(gateway.base + path, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_only_the_partner_accepts_and_once(gateway: RunningGateway) -> None:
    transfer, conversation = await _sent(gateway)
    other, _ = await _sent(gateway)
    for how in (
        {"secret": "another-secret-of-16"},
        {"late": -400},
        {"late": 400},
        {"name": "nobody"},
        {"signed_path": f"/partners/benefits/transfers/{other}"},
    ):
        assert (await _call(gateway, transfer, **how))[0] == 403
    assert (await _call(gateway, uuid4()))[0] == 404
    for body in (b"", b"[]", b'{"state": "pending"}', b'{"state": "done"}', b"[" * 4_000):
        assert (await _call(gateway, transfer, body))[0] == 400
    assert (await _call(gateway, transfer, b'{"state": "declined", "reason": "' + b"a" * 5_000 + b'"}'))[
        0
    ] == 413
    assert [(await _call(gateway, transfer))[0] for _ in range(2)] == [200, 200]
    assert (await _call(gateway, transfer, b'{"state": "declined"}'))[0] == 409
    resolved = await conversations.get_by_id(gateway.store.pool, conversation)
    assert resolved and resolved.state == "resolved"
    texts = await gateway.store.pool.fetch(
        "SELECT text FROM messages WHERE conversation_id = $1", conversation
    )
    assert len(texts) == 1 and "B-7" in texts[0]["text"]


async def test_nobody_accepts_what_was_not_sent(gateway: RunningGateway) -> None:
    transfer, _ = await _sent(gateway, sent=False)
    assert (await _call(gateway, transfer))[0] == 409
    found = await partners.get_transfer(gateway.store.pool, transfer)
    assert found and found.state == "consented"


async def test_a_partner_that_gets_mails_answers_on_a_page(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    config = PartnerConfig(
        name="benefits", title="Benefits office", email="in@benefits.example", languages=("en",)
    )
    inboxes = (*CITY.inboxes, InboxConfig(name="mail", channel="email"))
    city = msgspec.structs.replace(CITY, partners=(config,), inboxes=inboxes)
    channels = {**CHANNELS, "email": CHANNELS["web"]}  # nothing is sent here
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, city=city, channels=channels
    ) as gateway:
        transfer, conversation = await _sent(gateway)
        until = gateway.clock() + timedelta(hours=1)
        link = partner_link(gateway.base, DESK_SECRET)("benefits", transfer, until)
        async with gateway.http.get(link) as answer:  # a mail program opens it: nothing happens
            assert answer.status == 200 and "Do you take it over?" in await answer.text()
            assert answer.headers["referrer-policy"] == "no-referrer"
        for wrong, form, status in (
            (link + "0", {"state": "accepted"}, 403),
            (link, {}, 422),
            (link, {"state": "accepted", "reference": "<b>"}, 422),
        ):
            async with gateway.http.post(wrong, data=form) as answer:
                assert answer.status == status
        found = await partners.get_transfer(gateway.store.pool, transfer)
        assert found is not None and found.state == "sent"
        for form, status, said in (
            ({"state": "accepted", "reference": "B-7"}, 200, "the citizen is told"),
            ({"state": "accepted", "reference": "B-7"}, 200, "recorded already"),
            ({"state": "declined", "reason": "no"}, 409, "This is over"),
        ):
            async with gateway.http.post(link, data=form) as answer:
                assert answer.status == status and said in await answer.text()
        ended = await conversations.get_by_id(gateway.store.pool, conversation)
        assert ended is not None and ended.state == "resolved"
        # It has no secret: the signed call of a service is none of its own.
        assert (await _call(gateway, transfer))[0] == 403
