"""Dead letters, as supervisors see them and send them again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.outbound import dead_letters
from desk.store.pool import Store
from tests.support.console import RunningConsole
from tests.support.whatsapp_console import on_whatsapp, undelivered, whatsapp_console


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    async with whatsapp_console(store, redis_url, city, catalog, tmp_path) as console:
        yield console


async def test_a_supervisor_sends_a_dead_letter_again(console: RunningConsole) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    conversation = await on_whatsapp(console, ana)
    await undelivered(console, conversation)
    page = await carla.get("/console/inboxes")
    assert "131026 <b>" in page.visible and "<b>" not in page.text and "secret words" not in page.visible
    (letter,) = await dead_letters.list_dead_letters(console.store.pool)
    hidden = await ana.get("/console/inboxes")
    assert "Send again" not in hidden.visible and "131026" not in hidden.visible
    path = f"/console/dead-letters/{letter.id}/replay"
    assert (await ana.post(path)).status == 404
    assert await dead_letters.list_dead_letters(console.store.pool) == [letter]
    done = await carla.post(path)
    assert done.status == 200 and "on its way again" in done.visible
    row = await console.store.pool.fetchrow("SELECT state, attempts FROM outbox WHERE id = $1", letter.id)
    assert row is not None and tuple(row) == ("pending", 0)
    assert (await console.log(conversation))[-1].status == "accepted"
    assert "replay" in await console.audited(conversation.id)
    assert (await carla.post(path)).status == 409, "only once"


async def test_what_may_have_arrived_is_said_to_the_supervisor_and_in_the_conversation(
    console: RunningConsole,
) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    conversation = await on_whatsapp(console, ana)
    await undelivered(console, conversation, "unknown")
    assert "it may arrive twice" in (await carla.get("/console/inboxes")).visible
    assert "May not have arrived" in (await ana.get(f"/console/conversations/{conversation.id}")).visible


async def test_what_a_spending_limit_held_back_is_shown_with_its_reason(console: RunningConsole) -> None:
    carla = await console.signed_in("Carla Rossi", "supervisor")
    conversation = await on_whatsapp(console, carla)
    plain = await carla.get("/console/inboxes")
    assert (
        "begin with +1, +52" in plain.visible
        and "at most 2,000 billed SMS an hour, 60 to one" in plain.visible
    )
    assert "not sent, because" not in plain.visible
    for failure, state in (("forbidden_number", "dead"), ("contact_cap", "dead"), ("inbox_cap", "pending")):
        message = await undelivered(console, conversation, state)
        await console.store.pool.execute(
            "UPDATE outbox SET failure = $2 WHERE message_id = $1", message.id, failure
        )
    page = await carla.get("/console/inboxes")
    assert "1 message was not sent, because the number is outside the countries above" in page.visible
    assert "1 message was not sent, because the person had used up the hourly limit" in page.visible
    assert "The hourly limit of this inbox is used up. 1 message waits" in page.visible
    seen = await carla.get(f"/console/conversations/{conversation.id}")
    assert "Held back by the hourly limit" in seen.visible


async def test_what_the_desk_held_back_does_not_hide_what_really_failed(console: RunningConsole) -> None:
    carla = await console.signed_in("Carla Rossi", "supervisor")
    conversation = await on_whatsapp(console, carla)
    real = await undelivered(console, conversation)
    for _ in range(3):
        held = await undelivered(console, conversation)
        await console.store.pool.execute(
            "UPDATE outbox SET failure = 'forbidden_number' WHERE message_id = $1", held.id
        )
    letters = await dead_letters.list_dead_letters(console.store.pool, limit=2)
    assert letters[0].message_id == real.id and len(letters) == 2
