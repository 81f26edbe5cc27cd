"""In the queue and with an agent: everything is acknowledged, clear questions are answered, and everybody can leave."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from desk.languages import WORDS
from desk.store.dialogue import standing
from desk.turns.leaving import leaving
from tests.support.desk import CLOSED, Desk
from tests.support.fake_bot import Turn, WaitingBot, answer, echo


def waits(*replies: dict[str, Any], wish: str = "stay") -> Any:
    """A bot that knows turns of people who wait."""

    async def behave(turn: Turn) -> web.StreamResponse:
        if not turn["metadata"]["waiting"]:
            return await echo(turn)
        return answer(turn, *replies, directives=[{"type": "while_waiting", "wish": wish}])

    return behave


async def test_each_message_is_acknowledged_with_the_place_and_in_other_words(desk: Desk) -> None:
    desk.bot.behaviour = waits()
    await desk.queued()
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    async with desk.working():
        for text in ("one", "two", "three", "four", "five"):
            await desk.send(contact, text)
            log = await desk.settled(contact)
    said = [message for message in log if message.author == "system"]
    assert [message.author for message in log] == ["contact", "system"] * 5
    assert all("place in the queue: 2." in message.text for message in said)
    assert all(first.text != second.text for first, second in pairwise(said))
    assert all([button.title for button in message.buttons] == ["Back to the assistant"] for message in said)
    now = await desk.conversation(contact)
    assert (now.state, now.queued_at, now.fence) == ("queued", waiting.queued_at, waiting.fence)


async def test_a_clear_question_is_answered_meanwhile_and_the_place_is_kept(desk: Desk) -> None:
    desk.bot.behaviour = waits({"text": "On Tuesdays."})
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "when is my bin collected?")
        log = await desk.settled(contact)
    assert [message.author for message in log] == ["contact", "bot"]
    assert log[1].text == "Meanwhile, from the assistant:\n\nOn Tuesdays."
    assert [button.title for button in log[1].buttons] == ["Back to the assistant"]
    now = await desk.conversation(contact)
    assert (now.state, now.queued_at, now.fence) == ("queued", waiting.queued_at, waiting.fence)


async def test_a_language_asked_for_in_the_queue_is_confirmed_and_used(desk: Desk) -> None:
    async def behave(turn: Turn) -> web.StreamResponse:
        return answer(turn, directives=[{"type": "while_waiting", "wish": "stay", "language": "es"}])

    desk.bot.behaviour = behave
    contact = await desk.contact("en")
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "prefiero español")
        log = await desk.settled(contact)
    assert log[-1].text == desk.catalog.system("language_set", "es").text
    now = await desk.conversation(contact)
    assert (now.state, now.language) == ("queued", "es")


async def test_danger_reported_in_the_queue_moves_it_to_the_front(desk: Desk) -> None:
    async def behave(turn: Turn) -> web.StreamResponse:
        directives: list[dict[str, Any]] = [
            {"type": "while_waiting", "wish": "stay"},
            {"type": "handoff", "reason": "distress", "summary": "It burns.", "urgency": "fire"},
        ]
        return answer(turn, {"text": "Call 911."}, directives=directives)

    desk.bot.behaviour = behave
    await desk.queued()
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "my house is on fire")
        log = await desk.settled(contact)
    assert "Call 911." in log[1].text
    now = await desk.conversation(contact)
    assert (now.state, now.urgency, now.queued_at) == ("queued", "fire", waiting.queued_at)
    assert (now.handoff_summary or "").startswith("It burns.")
    assert await standing.get_place(desk.store.pool, now.id) == 1


async def test_the_place_is_said_again_on_asking(desk: Desk) -> None:
    desk.bot.behaviour = waits(wish="place")
    contact = await desk.contact("fr")
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "quelle est ma place ?")
        log = await desk.settled(contact)
    assert "Your place in the queue: 1" in log[1].text


async def test_while_the_office_is_closed_the_opening_is_said(desk: Desk) -> None:
    desk.now = CLOSED
    desk.bot.behaviour = waits()
    contact = await desk.contact()
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "hello?")
        log = await desk.settled(contact)
    assert "Monday, November 23 at 8:30" in log[1].text and "place is kept" in log[1].text


@pytest.mark.parametrize(
    "text",
    [
        "cancel",
        "Never mind.",
        "forget it!",
        "back to the assistant",
        "no thanks, forget it",
        "Cancelar",
        "olvídelo, gracias",
        "volver al asistente",
        "ya no hace falta",
        "Annuler",
        "laissez tomber",
        "revenir à l’assistant",
        "quitter la file d'attente s'il vous plaît",
    ],
)
async def test_words_leave_the_queue_even_without_the_bot(desk: Desk, text: str) -> None:
    await desk.bot.stop()
    contact = await desk.contact()
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, text)
        log = await desk.settled(contact)
    assert (await desk.conversation(contact)).state == "bot"
    assert [message.author for message in log] == ["contact", "system"]
    assert "back with the digital assistant" in log[1].text


async def test_a_wish_that_only_the_bot_understands_leaves_too(desk: Desk) -> None:
    desk.bot.behaviour = waits(wish="leave")
    contact = await desk.contact()
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "you know what, I would rather go on with the machine")
        await desk.settled(contact)
    assert (await desk.conversation(contact)).state == "bot"


async def test_a_report_under_way_goes_on_after_the_queue(desk: Desk) -> None:
    async def behave(turn: Turn) -> web.StreamResponse:
        assert (turn["intent"], turn["metadata"]["waiting"]) == ("back_to_bot", False)
        return answer(
            turn, {"text": "We go on with your report."}, {"text": "Where is it?"}, form="report_form"
        )

    desk.bot.behaviour = behave
    contact = await desk.contact()
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "back to the assistant")
        log = await desk.settled(contact)
    assert [message.text for message in log[1:]] == ["We go on with your report.", "Where is it?"]
    assert (await desk.conversation(contact)).state == "bot"


async def test_while_the_bot_is_down_anybody_can_leave_and_no_position_changes(desk: Desk) -> None:
    await desk.bot.stop()
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "my street is flooded")
        log = await desk.settled(contact)
    assert [message.author for message in log] == ["contact", "system"]
    assert (await desk.conversation(contact)).queued_at == waiting.queued_at


async def test_an_answer_meanwhile_that_comes_after_a_claim_is_dropped(desk: Desk) -> None:
    waiting_bot = WaitingBot(waits({"text": "On Tuesdays."}))
    desk.bot.behaviour = waiting_bot
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, "when is my bin collected?")
        await waiting_bot.reached.wait()
        await desk.ownership.claim(agent, waiting.id)
        waiting_bot.opened.set()
        log = await desk.settled(contact)
    assert [message.author for message in log] == ["contact", "system"]
    assert "is with you now" in log[1].text
    assert await desk.outcome(log[0]) == "dropped"


async def test_with_an_agent_the_same_words_are_asked_about_and_the_plain_ones_end_it(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    await desk.ownership.claim(agent, waiting.id)
    async with desk.working():
        await desk.send(contact, "my fence is broken")
        assert len(await desk.settled(contact)) == 2, "what is for the agent is the agent's"
        await desk.send(contact, "never mind")
        log = await desk.settled(contact)
        assert "end the conversation" in log[-1].text
        assert (await desk.conversation(contact)).state == "assigned"
        await desk.send(contact, button=log[-1].buttons[0].id)
        log = await desk.settled(contact)
    assert "ended the conversation with our colleague" in log[-1].text
    assert (await desk.conversation(contact)).state == "bot"


async def test_ending_it_in_words_after_the_agent_answered(desk: Desk) -> None:
    contact, agent = await desk.contact(), await desk.agent()
    waiting = await desk.queued(contact)
    await desk.ownership.claim(agent, waiting.id)
    await desk.ownership.reply(agent, waiting.id, "How can I help?", "1")
    async with desk.working():
        await desk.send(contact, "End the conversation, please")
        await desk.settled(contact)
    assert (await desk.conversation(contact)).state == "bot"


async def test_messages_in_a_row_are_acknowledged_together(desk: Desk) -> None:
    desk.bot.behaviour = waits()
    contact = await desk.contact()
    await desk.queued(contact)
    for number in range(6):
        await desk.send(contact, f"line {number}")
    async with desk.working():
        log = await desk.settled(contact)
    assert [message.author for message in log] == ["contact"] * 6 + ["system"]


def test_no_phrase_is_both_and_each_is_recognised_as_it_stands() -> None:
    for code, words in WORDS.items():
        assert not set(words.leaving) & set(words.ending), code
        for phrase in words.leaving:
            assert leaving(phrase) in ("leaving", "ending"), (code, phrase)
        for phrase in words.ending:
            assert leaving(phrase) == "ending", (code, phrase)


@pytest.mark.parametrize(
    "text",
    [
        "cancel my appointment on Tuesday",
        "forget it, just get me someone",
        "please do not leave the door open",
        "no",
        "thanks",
        "ok",
        "quiero cancelar mi cita",
        "je veux annuler mon rendez-vous",
        "cancel " * 40,
    ],
)
def test_other_sentences_with_these_words_stay(text: str) -> None:
    assert leaving(text) is None


def test_what_the_widget_sends_for_its_button_is_understood_in_every_language() -> None:
    written = {
        (path.stem, name): text
        for path in Path("web/widget/i18n").glob("*.ts")
        if path.stem in WORDS  # in others the widget sends the words of the city's first language
        for name, text in re.findall(r'(leave_queue|leave_person): "([^"]+)"', path.read_text("utf-8"))
    }
    assert len(written) == 2 * len(WORDS)
    assert {key: leaving(text) for key, text in written.items()} == dict.fromkeys(written, "ending")
