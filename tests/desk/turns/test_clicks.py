"""Buttons: a click travels as an opaque id, and means something only where it was offered."""

from typing import Any

from tests.support.desk import Desk
from tests.support.fake_bot import says


async def test_a_click_travels_as_an_opaque_id_and_reaches_the_bot_as_a_payload(desk: Desk) -> None:
    offer = {
        "title": "Report it",
        "key": None,
        "intent": "report_problem",
        "entities": {"service": "pothole"},
    }
    desk.bot.behaviour = says({"text": "A pothole?", "buttons": [offer]})
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hole")
        (button,) = (await desk.settled(contact))[-1].buttons
        await desk.send(contact, button=button.id)
        log = await desk.settled(contact)
    assert "pothole" not in button.id
    assert desk.bot.asked[-1]["kind"] == "payload" and desk.bot.asked[-1]["text"] is None
    assert (desk.bot.asked[-1]["intent"], desk.bot.asked[-1]["entities"]) == (
        "report_problem",
        {"service": "pothole"},
    )
    assert log[2].text == "Report it"


async def test_a_button_of_somebody_else_means_nothing(desk: Desk) -> None:
    offer: dict[str, Any] = {
        "title": "Secret title",
        "key": None,
        "intent": "affirm",
        "entities": {"who": "somebody"},
    }
    desk.bot.behaviour = says({"text": "Sure?", "buttons": [offer]})
    victim, other = await desk.contact(), await desk.contact()
    async with desk.working():
        await desk.send(victim, "hi")
        (button,) = (await desk.settled(victim))[-1].buttons
        await desk.send(other, button=button.id)
        stolen = await desk.settled(other)
        await desk.send(victim, button=button.id)
        own = await desk.settled(victim)
    assert "not valid" in stolen[-1].text or "no longer valid" in stolen[-1].text
    assert stolen[-1].author == "system" and "Secret" not in "".join(m.text for m in stolen)
    # The same click is good where it was offered.
    assert own[2].text == "Secret title" and desk.bot.asked[-1]["intent"] == "affirm"
    assert len(desk.bot.asked) == 2


async def test_a_button_of_an_earlier_conversation_is_read_as_its_words(desk: Desk) -> None:
    offer: dict[str, Any] = {"title": "Yes, send it", "key": None, "intent": "affirm", "entities": {}}
    desk.bot.behaviour = says({"text": "Send?", "buttons": [offer]})
    contact, supervisor = await desk.contact(), await desk.agent(role="supervisor")
    async with desk.working():
        await desk.send(contact, "hi")
        (button,) = (await desk.settled(contact))[-1].buttons
        await desk.ownership.resolve(supervisor, (await desk.conversation(contact)).id)
        await desk.send(contact, button=button.id)
        await desk.settled(contact)
    assert (desk.bot.asked[-1]["kind"], desk.bot.asked[-1]["text"]) == ("text", "Yes, send it")


async def test_a_reports_question_brings_its_controls_and_keeps_them_out_of_the_choices(desk: Desk) -> None:
    answers = [
        {"part": "location", "text": "12 Elm Street"},
        {"part": "depth", "title": "How deep?", "text": "10 cm"},
    ]
    report = {"step": 7, "steps": 7, "paused": False, "answers": answers}
    send: dict[str, Any] = {"title": "Send it", "key": None, "intent": "affirm", "entities": {}}
    desk.bot.behaviour = says({"text": "Shall I send it?", "buttons": [send], "report": report})
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hole")
        question = (await desk.settled(contact))[-1]
        assert question.report is not None and question.report.answers[1].title == "How deep?"
        assert [one.title for one in question.buttons] == ["Send it"]
        does = {one.does: one.id for one in question.report.controls}
        assert set(does) == {"later", "back", "stop", "send", "location", "depth"}
        await desk.send(contact, button=does["depth"])
        log = await desk.settled(contact)
    assert (desk.bot.asked[-1]["intent"], desk.bot.asked[-1]["entities"]) == ("correct", {"part": "depth"})
    assert log[2].text == "Change this answer"
