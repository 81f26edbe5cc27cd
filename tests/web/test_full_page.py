"""The chat as the whole page (/chat), over the plain page that works without it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from tests.support.widget import message, violations, write
from tests.web.fake_gateway import FakeGateway

NewContext = Callable[..., Awaitable[BrowserContext]]
PLAIN = (
    "<!doctype html><html lang=en><title>Chat with Lindenport</title>"
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<script type="module" src="/widget/civicdesk.js"></script>'
    "<civicdesk-chat full emergency=911><main><h1>Chat</h1><form>"
    "<label for=t>Your question</label><textarea id=t>How do I renew my passport?</textarea></form></main></civicdesk-chat>"
)
"""As gateway/templates/chat.html has it, made smaller."""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
async def test_it_fills_the_page_and_keeps_what_a_link_filled_in(
    gateway: FakeGateway, new_context: NewContext, shots: Path, width: int, scheme: str
) -> None:
    gateway.pages["chat"] = PLAIN
    context = await new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    page = await context.new_page()
    await page.goto(gateway.url + "site/chat")
    panel = page.get_by_role("dialog")
    await expect(panel).to_be_visible()
    await expect(page.get_by_label("Your message")).to_have_value("How do I renew my passport?")
    await expect(page.get_by_label("Your question")).to_be_hidden()
    await expect(panel.locator("h2")).to_have_attribute("aria-level", "1")
    await expect(page.get_by_role("button", name="Close")).to_have_count(0)
    assert await page.get_by_role("log").evaluate("(log) => log.scrollTop") == 0, (
        "the greeting from its beginning"
    )
    await page.keyboard.press("Escape")  # there is nothing behind it
    await expect(panel).to_be_visible()
    box = await panel.bounding_box()
    assert box is not None and box["height"] == 700 and box["y"] == 0
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.get_by_role("button", name="Send").click()
    await gateway.heard()
    await gateway.say("Book an appointment.")
    await expect(message(page, "Book an appointment.")).to_have_count(1)
    await write(page, "Thank you")
    await page.screenshot(path=shots / f"full-{width}.png")
    assert await violations(page) == []


async def test_without_its_texts_the_plain_page_stays(gateway: FakeGateway, new_context: NewContext) -> None:
    gateway.pages["chat"] = PLAIN
    context = await new_context()
    await context.route("**/i18n/*", lambda route: route.abort())
    page = await context.new_page()
    await page.goto(gateway.url + "site/chat")
    await page.wait_for_function("document.querySelector('civicdesk-chat').shadowRoot?.querySelector('slot')")
    await expect(page.get_by_label("Your question")).to_be_visible()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator("civicdesk-chat .launcher")).to_be_hidden()
