"""The assistant's conversations end when nobody writes any more, and nothing is lost."""

from uuid import UUID

import aiohttp

from desk.model import Contact
from desk.store.dialogue import conversations, transitions
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off, says


async def _sweep(desk: Desk) -> None:
    async with aiohttp.ClientSession() as session:
        await desk.worker(session).sweeps.sweep()


async def _silent_for(desk: Desk, id: UUID, hours: int) -> None:
    for table, column, key in (
        ("messages", "created_at", "conversation_id"),
        ("conversations", "updated_at", "id"),
    ):
        await desk.store.pool.execute(
            f"UPDATE {table} SET {column} = now() - make_interval(hours => $2) WHERE {key} = $1", id, hours
        )


async def _begun(desk: Desk, text: str = "hello") -> tuple[Contact, UUID]:
    contact = await desk.contact()
    await desk.send(contact, text)
    await desk.settled(contact)
    return contact, (await desk.conversation(contact)).id


async def _state(desk: Desk, id: UUID) -> str:
    found = await conversations.get_by_id(desk.store.pool, id)
    assert found
    return found.state


async def test_it_ends_after_a_day_without_a_message_and_the_next_one_begins_another(desk: Desk) -> None:
    async with desk.working():
        contact, id = await _begun(desk)
        await _silent_for(desk, id, 23)
        await _sweep(desk)
        assert await _state(desk, id) == "bot"
        await _silent_for(desk, id, 25)
        await _sweep(desk)
        assert await _state(desk, id) == "resolved"
        last = (await transitions.list_of_conversation(desk.store.pool, id))[-1]
        assert (last.actor_kind, last.why, last.reason) == ("system", "idle", "idle")
        said = len(await desk.log(contact))
        await desk.send(contact, "hello again")
        log = await desk.settled(contact)
    assert said == 2 and len(log) == 4 and (await desk.conversation(contact)).id != id


async def test_a_report_under_way_stays_for_a_week_and_its_end_is_told(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "Where is it?"}, form="report_form")
    async with desk.working():
        contact, id = await _begun(desk, "a pothole")
    await _silent_for(desk, id, 167)
    await _sweep(desk)
    assert await _state(desk, id) == "bot"
    await _silent_for(desk, id, 169)
    await _sweep(desk)
    assert await _state(desk, id) == "resolved"
    assert "was not sent" in (await desk.log(contact))[-1].text


async def test_who_waits_for_a_person_or_for_an_answer_is_left_alone(desk: Desk) -> None:
    async with desk.working():
        contact, id = await _begun(desk)
        desk.bot.behaviour = hands_off()
        _, waiting = await _begun(desk, "a person, please")
    await desk.send(contact, "one more question")  # accepted, and no worker has come to it yet
    for one in (id, waiting):
        await _silent_for(desk, one, 1_000)
    await _sweep(desk)
    assert [await _state(desk, one) for one in (id, waiting)] == ["bot", "queued"]
