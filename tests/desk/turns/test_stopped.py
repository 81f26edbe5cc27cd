"""The assistant, or an answer, is stopped: people get a person or the source, and danger is answered all the same."""

from collections.abc import Iterator

import pytest

from desk.model import Reply
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off, says


@pytest.fixture
def stopped(desk: Desk) -> Iterator[Desk]:
    desk.catalog.renew(desk.catalog.seed, assistant_stopped=True)
    yield desk
    desk.catalog.renew(desk.catalog.seed)


FILES = {
    "type": "file_request", "service_code": "pothole", "description": "A hole", "address": "8 Elm Street",
    "attributes": {}, "media": [],
}  # fmt: skip


async def test_every_message_goes_to_a_person_and_nothing_of_the_bot_is_carried_out(stopped: Desk) -> None:
    stopped.bot.behaviour = says({"text": "Eat rats."})
    contact = await stopped.contact()
    async with stopped.working():
        await stopped.send(contact, "is there a rat in my soup?")
        log = await stopped.settled(contact)
    assert [one.author for one in log] == ["contact", "system", "system"]
    assert "gives no answers at the moment" in log[1].text and "place in the queue" in log[2].text
    conversation = await stopped.conversation(contact)
    assert (conversation.state, conversation.handoff_reason) == ("queued", "stopped")


async def test_while_one_waits_nothing_is_answered_either(stopped: Desk) -> None:
    stopped.bot.behaviour = says({"text": "Eat rats."})
    contact = await stopped.contact()
    async with stopped.working():
        await stopped.send(contact, "hello")
        await stopped.settled(contact)
        stopped.bot.behaviour = says(
            {"text": "Eat rats."}, directives=[{"type": "while_waiting", "wish": "stay", "language": None}]
        )
        await stopped.send(contact, "and my passport?")
        log = await stopped.settled(contact)
    assert all("Eat rats." not in one.text for one in log) and log[-1].author == "system"


async def test_danger_gets_its_numbers(stopped: Desk) -> None:
    stopped.bot.behaviour = hands_off("distress", "It burns.", "fire", replies=[{"text": "Call 911 now."}])
    contact = await stopped.contact()
    async with stopped.working():
        await stopped.send(contact, "my house is on fire")
        log = await stopped.settled(contact)
    assert "Call 911 now." in [one.text for one in log]
    assert (await stopped.conversation(contact)).urgency == "fire"


async def test_a_stopped_answer_is_replaced_by_its_source_and_the_message_keeps_no_answer(desk: Desk) -> None:
    desk.catalog.renew(desk.catalog.seed, {"rats": 3, "trees": 5}, {"rats"})
    try:
        desk.bot.behaviour = says({"answer": "rats"}, {"answer": "trees"})
        contact = await desk.contact()
        async with desk.working():
            await desk.send(contact, "rats and trees")
            log = await desk.settled(contact)
        assert "https://www.lindenport.example/rats" in log[1].text and log[1].source is None
        source = log[2].source
        assert source is not None and (source.answer, source.version) == ("trees", 5)
    finally:
        desk.catalog.renew(desk.catalog.seed)
    assert "https" not in desk.catalog.compose(Reply(answer="rats"), "en", today=desk.clock().date()).text
