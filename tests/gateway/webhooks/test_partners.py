"""The call with which a partner desk accepts or declines: who may make it, how often, and about what."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from desk.model import By
from desk.store.dialogue import conversations
from desk.store.people import contacts
from desk.store.pool import Store
from desk.store.routing import partners
from tests.support.gateway import CITY, RunningGateway, running_gateway
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
