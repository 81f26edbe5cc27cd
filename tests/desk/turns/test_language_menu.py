"""A language picked in the menu: the bot is told at once, and so is the queue; what follows is in that language."""

from aiohttp import web

from tests.support.desk import Desk
from tests.support.fake_bot import Turn, answer, hands_off, says


async def test_the_bot_gets_it_as_a_payload(desk: Desk) -> None:
    contact = await desk.contact("en")
    async with desk.working():
        await desk.send(contact, "hello")
        await desk.settled(contact)
        desk.bot.behaviour = says({"response": "utter_language_continue"}, language="es")
        await desk.send(contact, chosen_language="es")
        log = await desk.settled(contact)
    asked = desk.bot.asked[-1]
    assert (asked["kind"], asked["intent"], asked["entities"], asked["language"]) == (
        "payload",
        "change_language",
        {"language": "es"},
        "es",
    )
    assert [one.text for one in log[2:]] == ["Español", "A partir de ahora le escribo en español."]
    assert (await desk.conversation(contact)).language == "es"


async def test_the_next_turn_begins_in_that_language(desk: Desk) -> None:
    async def without_language(turn: Turn) -> web.StreamResponse:
        return answer(turn, {"text": "Bien."}, language=turn["language"])

    desk.bot.behaviour = without_language
    contact = await desk.contact("en")
    async with desk.working():
        await desk.send(contact, chosen_language="fr")
        await desk.send(contact, "12")
        await desk.settled(contact)
    assert [one["language"] for one in desk.bot.asked] == ["fr", "fr"]


async def test_a_text_in_their_own_language_is_marked_with_it(desk: Desk) -> None:
    contact = await desk.contact("en")
    async with desk.working():
        for code, marked in (("uk", "uk"), ("<uk>", "en")):
            desk.bot.behaviour = says(
                {
                    "response": "utter_foreign_language_own",
                    "variables": {"languages": "Я відповідаю", "code": code},
                }
            )
            await desk.send(contact, "куди нести скло")
            log = await desk.settled(contact)
            assert (log[-1].text, log[-1].language) == ("Я відповідаю", marked)
    assert (await desk.conversation(contact)).language == "en"


async def test_in_the_queue_it_is_confirmed_and_what_follows_is_in_that_language(desk: Desk) -> None:
    contact = await desk.contact("en")
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, chosen_language="fr")
        log = await desk.settled(contact)
    assert log[-1].text == desk.catalog.system("language_set", "fr").text
    conversation = await desk.conversation(contact)
    assert (conversation.state, conversation.language) == ("queued", "fr")


async def test_a_button_for_a_language_does_the_same_in_the_queue(desk: Desk) -> None:
    offer = {"title": "Español", "key": None, "intent": "change_language", "entities": {"language": "es"}}
    desk.bot.behaviour = says({"text": "Which language?", "buttons": [offer]})
    contact = await desk.contact("en")
    async with desk.working():
        await desk.send(contact, "hello")
        (button,) = (await desk.settled(contact))[-1].buttons
        desk.bot.behaviour = hands_off()
        await desk.send(contact, "a person please")
        await desk.settled(contact)
        await desk.send(contact, button=button.id)
        log = await desk.settled(contact)
    assert log[-1].text == desk.catalog.system("language_set", "es").text


async def test_a_language_that_the_city_does_not_write_changes_nothing(desk: Desk) -> None:
    contact = await desk.contact("en")
    await desk.queued(contact)
    async with desk.working():
        await desk.send(contact, chosen_language="de")
        await desk.settled(contact)
    assert (await desk.conversation(contact)).language == "en"
