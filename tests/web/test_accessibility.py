"""WCAG 2.2 AA where a machine can tell: axe rules, keyboard alone, what the live region says and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.widget import RECORD, SOURCE, message, open_chat, violations, write
from tests.web.fake_gateway import FakeGateway


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(gateway: FakeGateway, new_page: NewPage, scheme: str, language: str) -> None:
    page = await new_page(f"?lang={language}", color_scheme=scheme)
    assert await violations(page) == []
    await page.locator("civicdesk-chat .launcher").click()
    assert await violations(page) == []
    await page.locator("civicdesk-chat .composer textarea").fill("a" * 2100)
    await page.locator("civicdesk-chat .send").click()
    assert await violations(page) == []
    await page.locator("civicdesk-chat .composer textarea").fill("A question")
    await page.locator("civicdesk-chat .send").click()
    await gateway.heard()
    buttons = [{"id": "b-1", "title": "Yes"}, {"id": "b-2", "title": "No"}]
    await gateway.say("From a person", author="agent", agent_name="Maria")
    await gateway.say(
        "An answer, see https://www.lindenport.example/", source={**SOURCE, "stale": True}, buttons=buttons
    )
    await gateway.say("Your report is filed.", author="system")
    await gateway.become(owner="queued", position=3)
    await message(page, "Your report is filed.").wait_for()
    assert await violations(page) == []
    await page.locator("civicdesk-chat .choices button", has_text="Yes").click()
    gateway.unplugged = True
    await page.locator("civicdesk-chat .composer textarea").fill("No line")
    await page.locator("civicdesk-chat .send").click()
    await page.locator("civicdesk-chat .offline").wait_for()
    await page.locator("civicdesk-chat .head .language-toggle").click()
    assert await violations(page) == []
    await page.locator("civicdesk-chat .head .options-toggle").click()
    await page.locator("civicdesk-chat #cd-options button").first.wait_for()
    assert await violations(page) == []


@pytest.mark.parametrize("width", [320, 1280])
async def test_keyboard_alone(gateway: FakeGateway, new_page: NewPage, width: int) -> None:
    page = await new_page(viewport={"width": width, "height": 800})
    launcher = page.get_by_role("button", name="Chat", exact=True)
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await launcher.evaluate("(button) => button.getRootNode().activeElement === button"):
            break
    await expect(launcher).to_be_focused()
    await page.keyboard.press("Enter")
    field = page.get_by_label("Your message")
    await expect(field).to_be_focused()
    await page.keyboard.type("Hello")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("there")
    await page.keyboard.press("Enter")
    await gateway.heard()
    assert gateway.contact.log[0]["text"] == "Hello\nthere"
    await gateway.say("Pick one", buttons=[{"id": "b-1", "title": "Bins"}])
    await message(page, "Pick one").wait_for()
    await expect(field).to_be_focused()  # a message that arrives never takes the focus
    await page.keyboard.press("Shift+Tab")
    await expect(page.get_by_role("button", name="Bins", exact=True)).to_be_focused()
    await page.keyboard.press("Space")
    await gateway.until(lambda: len(gateway.contact.log) == 2 + 1)
    await expect(field).to_be_focused()
    options = page.get_by_role("button", name="Language")
    await options.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Français")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Français")).to_be_hidden()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(launcher).to_be_focused()


async def test_focus_stays_inside_where_the_panel_covers_the_page(new_page: NewPage) -> None:
    page = await new_page(viewport={"width": 320, "height": 640})
    await open_chat(page)
    for _ in range(30):
        await page.keyboard.press("Tab")
        outside = "document.activeElement !== document.body && document.activeElement.localName !== 'civicdesk-chat'"
        assert not await page.evaluate(outside)


async def test_live_region_speaks_in_order(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await page.evaluate(RECORD)
    await write(page, "Hello")
    await gateway.heard()
    await page.wait_for_function("() => spoken.includes('Message sent.')")
    await gateway.say(
        "Which service?", buttons=[{"id": "b-1", "title": "Bins"}, {"id": "b-2", "title": "Roads"}]
    )
    await page.wait_for_function("() => spoken.includes('Choices: Bins, Roads')")
    person = await page.get_by_role("button", name="Talk to a person").bounding_box()
    await gateway.become(owner="queued", position=2, wait={"low": 5, "high": 15})
    await page.wait_for_function("() => spoken.length === 4")
    # The wait is seen, and not said again each minute. Leaving stands where asking stood.
    await expect(page.get_by_text("number 2 in the queue. Expected wait: 5–15 minutes.")).to_be_visible()
    leave = await page.get_by_role("button", name="Leave the queue").bounding_box()
    assert person is not None and leave is not None
    assert abs(person["x"] + person["width"] - leave["x"] - leave["width"]) < 1
    await gateway.become(owner="agent", agent_name="Maria", position=None)
    await page.wait_for_function("() => spoken.length === 5")
    await gateway.say("Good morning.", author="agent", agent_name="Maria")
    await page.wait_for_function("() => spoken.length === 6")
    assert await page.evaluate("spoken") == [
        "Message sent.",
        "Assistant: Which service?",
        "Choices: Bins, Roads",
        "You are number 2 in the queue.",
        "You are talking with Maria.",
        "Maria: Good morning.",
    ]
    region = page.locator("civicdesk-chat [aria-live=polite]")
    await expect(region).to_be_empty()  # what was said does not stay to be read twice


async def test_history_is_not_read_out(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await gateway.say("An old answer")
    await message(page, "An old answer").wait_for()
    await page.reload()
    await page.evaluate(RECORD)
    panel = await open_chat(page)
    await panel.get_by_role("button", name="Close chat").click()
    await open_chat(page)
    await message(page, "An old answer").wait_for()
    await gateway.say("A new answer")
    await page.wait_for_function("() => spoken.length > 0")
    assert await page.evaluate("spoken") == ["Assistant: A new answer"]


async def test_targets_are_large_enough(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page(viewport={"width": 320, "height": 640})
    await open_chat(page)
    boxes = await page.locator("civicdesk-chat button:visible, civicdesk-chat .composer textarea").all()
    assert len(boxes) >= 8
    for one in boxes:
        box = await one.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, await one.inner_text()


async def test_twice_the_text_and_a_keyboard_on_screen(
    gateway: FakeGateway, new_page: NewPage, shots: Path
) -> None:
    """Larger text of the chat's own and of the browser's, and the phone's keyboard: nothing is cut off."""
    page = await new_page(viewport={"width": 320, "height": 640}, bypass_csp=True)
    panel = await open_chat(page)
    await page.get_by_role("button", name="Options").click()
    await page.get_by_role("button", name="Larger text").click()
    await page.keyboard.press("Escape")
    await page.add_style_tag(content="html { font-size: 200% }")
    await write(page, "Hello")
    await gateway.heard()
    await gateway.become(owner="agent", agent_name="Maria", typing=True)
    await expect(panel.get_by_text("Maria is writing…")).to_be_visible()
    await gateway.say("Good morning. " * 30, author="agent", agent_name="Maria")
    await message(page, "Good morning.").wait_for()
    assert await violations(page) == []
    wide = "(panel) => [...panel.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > 321).map((one) => one.parentElement.className + ' ' + one.outerHTML.slice(0, 90))"
    assert await panel.evaluate(wide) == []
    await page.screenshot(path=shots / "text-200.png")

    # iOS keeps the page's height and makes the visible part smaller.
    await page.evaluate(
        """() => {
          Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => 380 });
          visualViewport.dispatchEvent(new Event('resize'));
        }"""
    )
    box = await panel.bounding_box()
    assert box is not None and (box["y"], box["height"]) == (0, 380)
    await page.reload()
    await expect(panel).to_have_class("panel large")
