"""What a citizen sees and can do: answers with their source, buttons, queue, agent, hostile text, languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.waiting import eventually
from tests.support.widget import RECORD, SOURCE, message, open_chat, texts, write
from tests.web.fake_gateway import FakeGateway


async def test_opening_the_page_creates_no_session(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await expect(panel.get_by_text("Demonstration: Lindenport is an invented city.")).to_be_visible()
    await expect(panel.get_by_text("In an emergency, call 911.")).to_be_visible()
    assert gateway.contacts == {}
    assert await page.evaluate("localStorage.length") == 0
    assert await page.evaluate("sessionStorage.length") == 1  # that the panel is open


async def test_answer_names_its_source_and_review_date(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "When is my bin collected?")
    await gateway.heard()
    await gateway.say("On Tuesday.", source=SOURCE)
    line = message(page, "On Tuesday.")
    await expect(line).to_contain_text("Assistant")
    await expect(line).to_contain_text(
        "Source: Waste calendar (opens in a new tab). Last reviewed 5 October 2026."
    )
    link = line.get_by_role("link")
    await expect(link).to_have_attribute("href", SOURCE["url"])
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await gateway.say("On Friday.", source={**SOURCE, "stale": True})
    await expect(message(page, "On Friday.")).to_contain_text("past its review date")
    # The page speaks English, the answer Spanish: the line belongs to the answer.
    await gateway.say("El martes.", language="es", source=SOURCE)
    spanish = message(page, "El martes.")
    await expect(spanish).to_contain_text("Fuente: Waste calendar")
    await expect(spanish).to_contain_text("Última revisión: 5 de octubre de 2026.")
    await expect(spanish.locator(".source")).to_have_attribute("lang", "es")


async def test_buttons_are_pressed_once(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "I want to report a pothole")
    await gateway.heard()
    await gateway.say("Is this right?", buttons=[{"id": "b-1", "title": "Yes"}, {"id": "b-2", "title": "No"}])
    line = message(page, "Is this right?")
    await line.get_by_role("button", name="Yes").click()
    await gateway.until(lambda: len(gateway.contact.log) == 3)
    assert next(reversed(gateway.contact.accepted.values()))["button"] == "b-1"
    for name in ("Yes (chosen)", "No"):
        await expect(line.get_by_role("button", name=name, exact=True)).to_have_attribute(
            "aria-disabled", "true"
        )
    await line.get_by_role("button", name="No").click(force=True)
    await page.reload()
    await open_chat(page)
    await expect(line.get_by_role("button", name="No")).to_have_attribute("aria-disabled", "true")
    assert await texts(page) == ["I want to report a pothole", "Is this right?", "Yes"]
    assert len(gateway.contact.accepted) == 2


async def test_person_is_one_press_away_and_the_queue_is_told(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await panel.get_by_role("button", name="Talk to a person").click()
    await gateway.heard()
    assert gateway.contact.log[0]["text"] == "I want to talk to a person"
    await gateway.become(owner="queued", position=2)
    await expect(panel.get_by_text("You are number 2 in the queue.")).to_be_visible()
    await expect(panel.get_by_role("button", name="Talk to a person")).to_be_hidden()
    await panel.get_by_role("button", name="Leave the queue").click()
    await gateway.heard(2)
    assert gateway.contact.log[1]["text"] == "Leave the queue"
    await gateway.become(office_open=False, opens_at="2026-11-23T08:30:00-05:00")
    await expect(
        panel.get_by_text("closed until Monday, 23 November 2026 at 08:30. Your place is kept.")
    ).to_be_visible()
    await gateway.say(
        "Your place is kept.", author="system", buttons=[{"id": "b-1", "title": "Write to me later"}]
    )
    later = panel.get_by_role("button", name="Write to me later")
    await expect(later).not_to_have_attribute("aria-disabled", "true")
    await gateway.become(owner="agent", agent_name="Maria", office_open=True, position=None, typing=True)
    await expect(panel.get_by_text("You are talking with Maria.")).to_be_visible()
    await expect(panel.get_by_text("Maria is writing…")).to_be_visible()
    await gateway.say("Hello, this is Maria.", author="agent", agent_name="Maria")
    await expect(message(page, "this is Maria")).to_contain_text("Maria")
    await expect(later).to_have_attribute("aria-disabled", "true")  # it was for the queue
    await panel.get_by_role("button", name="End the conversation").click()
    await gateway.heard(3)
    assert gateway.contact.log[-1]["text"] == "End the conversation"
    await gateway.become(owner="bot", agent_name=None, typing=False)
    await expect(panel.get_by_role("button", name="Talk to a person")).to_be_focused()


async def test_hostile_text_stays_text(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    hostile = [
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>",
        "javascript:alert(1) https://city.example@evil.example/ data:text/html,<b>x</b>",
        "'; DROP TABLE messages; --",
        "مرحبا، أين مكتب الجوازات؟",
        "🕳️🚧🚗",
        "x" * 1900,
    ]
    for text in hostile:
        await write(page, text)
        await gateway.say(text) if gateway.contacts else None
    await gateway.heard(len(hostile))
    await gateway.say(
        hostile[0], author="agent", agent_name="<b>Eve</b>", source={**SOURCE, "url": "javascript:alert(1)"}
    )
    await expect(message(page, "<b>Eve</b>")).to_have_count(1)
    assert await page.title() == "City of Lindenport"
    assert (
        await page.locator(
            "civicdesk-chat .log img, civicdesk-chat .log script, civicdesk-chat .log a"
        ).count()
        == 0
    )
    assert set(hostile) <= set(await texts(page))
    widths = "(log) => log.scrollWidth - log.clientWidth"
    assert await page.get_by_role("log").evaluate(widths) == 0


async def test_web_addresses_become_links_without_their_full_stop(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await gateway.say("See (https://www.lindenport.example/pay?a=1&b=2). Or call.")
    link = message(page, "Or call").get_by_role("link")
    await expect(link).to_have_attribute("href", "https://www.lindenport.example/pay?a=1&b=2")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("See https://www.lindenport.example/trees_(oak).", "https://www.lindenport.example/trees_(oak)"),
        ("(https://www.lindenport.example/trees_(oak))", "https://www.lindenport.example/trees_(oak)"),
        ("[https://www.lindenport.example/a], or", "https://www.lindenport.example/a"),
        ("https://www.lindenport.example/a?x[]=1!", "https://www.lindenport.example/a?x[]=1"),
        ("https://www.lindenport.example/a)))))", "https://www.lindenport.example/a"),
    ],
)
async def test_a_closing_bracket_of_the_address_stays(
    gateway: FakeGateway, new_page: NewPage, said: str, address: str
) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await gateway.say(said)
    await expect(page.get_by_role("log").get_by_role("link")).to_have_attribute("href", address)


async def test_too_long_text_is_counted_kept_and_not_sent(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await expect(panel.get_by_role("heading", name="Chat with Lindenport")).to_be_visible()
    await write(page, "a" * 10_000)
    sentence = "Your message is 8,000 characters too long. Please shorten it or send it in parts."
    await expect(panel.locator("#cd-count")).to_have_text(sentence)
    assert await page.get_by_label("Your message").input_value() == "a" * 10_000
    assert gateway.contacts == {}
    await page.get_by_label("Your message").fill("a" * 1800)
    await expect(panel.locator("#cd-count")).to_have_text("1,800 of 2,000 characters")
    await page.get_by_label("Your message").fill("   ")
    await page.get_by_role("button", name="Send").click()
    await expect(panel.get_by_text("Write a message first.")).to_be_visible()


async def test_unread_answers_are_counted_on_the_launcher(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await expect(message(page, "Hello")).to_contain_text("Sent")
    await panel.get_by_role("button", name="Close chat").click()
    await gateway.say("One")
    await gateway.say("Two")
    await expect(page.get_by_role("button", name="Chat , 2 new messages")).to_be_visible()
    await page.reload()
    await page.get_by_role("button", name="2 new messages").click()
    await panel.get_by_role("button", name="Close chat").click()
    await expect(page.get_by_role("button", name="Chat", exact=True)).to_be_visible()


async def test_language_follows_the_page_and_the_citizens_choice(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page("?lang=es")
    await expect(page.get_by_role("heading", name="¿Qué necesita hoy?")).to_be_visible()
    panel = await open_chat(page)
    await panel.get_by_role("button", name="Hablar con una persona").click()
    await gateway.heard()
    assert gateway.contact.log[0]["text"] == "Quiero hablar con una persona"
    await gateway.say("Bonjour", language="fr")
    await expect(message(page, "Bonjour").locator(".text")).to_have_attribute("lang", "fr")
    await panel.get_by_role("button", name="Idioma").click()
    await panel.get_by_role("button", name="Français").click()
    await expect(panel.get_by_role("button", name="Envoyer")).to_be_visible()
    # The desk hears of the choice at once, and the citizen sees that it did.
    await gateway.until(lambda: len(gateway.contact.log) == 3)
    assert list(gateway.contact.accepted.values())[-1]["language"] == "fr"
    await expect(message(page, "Français")).to_be_visible()
    await page.reload()
    await open_chat(page)
    await expect(panel.get_by_role("button", name="Parler à une personne")).to_be_visible()
    await page.goto(gateway.url + "?lang=en")
    await open_chat(page)
    await expect(panel.get_by_role("button", name="Talk to a person")).to_be_visible()


async def test_a_language_is_no_message_before_the_conversation_begins(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await panel.get_by_role("button", name="Language").click()
    await panel.get_by_role("button", name="Español").click()
    await expect(panel.get_by_role("button", name="Enviar")).to_be_visible()
    assert gateway.contacts == {}
    await page.get_by_label("Su mensaje").fill("hola")
    await panel.get_by_role("button", name="Enviar").click()
    await gateway.heard()
    assert [body.get("text") for body in gateway.contact.accepted.values()] == ["hola"]


async def test_page_opens_the_chat_with_a_question(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await page.get_by_label("Your question").fill("How do I renew my passport?")
    await page.get_by_role("button", name="Ask", exact=True).click()
    await gateway.heard()
    await page.get_by_role("button", name="Close chat").click()
    await page.get_by_role("link", name="When is my bin collected?").click()
    await gateway.until(lambda: len(gateway.contact.log) == 2)
    asked = ["How do I renew my passport?", "When is my bin collected?"]
    assert [one["text"] for one in gateway.contact.log] == asked


async def test_transcript_can_be_kept(gateway: FakeGateway, new_page: NewPage, tmp_path: Path) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await write(page, "When is my bin collected?")
    await gateway.heard()
    await gateway.say("On Tuesday.", source=SOURCE)
    await message(page, "On Tuesday.").wait_for()
    await panel.get_by_role("button", name="Options").click()
    async with page.expect_download() as waiting:
        await panel.get_by_role("button", name="Download this conversation", exact=True).click()
    file = tmp_path / "conversation.txt"
    await (await waiting.value).save_as(file)
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Lindenport"
    assert [line for line in lines if line in ("When is my bin collected?", "On Tuesday.")] == [
        "When is my bin collected?", "On Tuesday.",
    ]  # fmt: skip
    assert "Source: Waste calendar https://www.lindenport.example/waste" in lines


async def test_what_an_agent_changes_or_takes_back_is_shown_and_said(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "What does it cost?")
    await gateway.heard()
    await gateway.say("It costs 60.", "agent", agent_name="Ana")
    await gateway.say("Hello Omar", "agent", agent_name="Ana")
    await expect(message(page, "Hello Omar")).to_be_visible()
    await page.evaluate(RECORD)
    await gateway.correct(2, "edited", "It costs 65.")
    await gateway.correct(3, "withdrawn", "")
    await expect(message(page, "It costs 65.")).to_contain_text("Changed.")
    await expect(message(page, "An agent has taken this message back.")).to_be_visible()
    await expect(message(page, "It costs 60.")).to_have_count(0)
    await expect(message(page, "Hello Omar")).to_have_count(0)

    wanted = ["Changed. It costs 65.", "An agent has taken this message back."]

    async def both_said() -> bool:
        return [line.strip() for line in (await page.evaluate("window.spoken"))[-2:]] == wanted

    await eventually(both_said)
