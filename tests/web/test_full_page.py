"""The chat as the whole page (/chat), over the plain page that works without it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

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


async def test_a_conversation_begun_with_the_forms_goes_on(
    gateway: FakeGateway, new_context: NewContext
) -> None:
    """Unless this browser's chat holds another one that is still alive."""
    gateway.pages["chat"] = PLAIN.replace("/widget/civicdesk.js", "/continue.js").replace(
        "<civicdesk-chat full", '<civicdesk-chat full data-csrf="abc"'
    )

    async def opened(own: str | None) -> Page:
        context = await new_context()
        page = await context.new_page()
        await page.route("**/chat/continue", give)
        if own is not None:
            await page.add_init_script(f"localStorage.setItem('civicdesk.token', '{own}')")
        await page.goto(gateway.url + "site/chat")
        return page

    async def give(route: Route) -> None:
        assert route.request.method == "POST" and route.request.post_data == "csrf=abc"
        await route.fulfill(json={"token": begun})

    begun, other = await begin(gateway, "Hello"), await begin(gateway, "Something else")
    for own in (None, "expired", begun):
        page = await opened(own)
        await expect(message(page, "Hello")).to_have_count(1)
        await expect(page.get_by_label("Your message")).to_have_value("How do I renew my passport?")
    page = await opened(other)
    await page.wait_for_load_state("networkidle")
    await expect(page.get_by_label("Your question")).to_be_visible()
    assert await page.evaluate("localStorage.getItem('civicdesk.token')") == other


async def begin(gateway: FakeGateway, text: str) -> str:
    """A session with one message; its token."""
    async with aiohttp.ClientSession(gateway.url) as http:
        async with http.post("/chat/v1/session", json={}) as answer:
            token = str((await answer.json())["token"])
        body = {"client_id": str(uuid4()), "text": text}
        headers = {"authorization": f"Bearer {token}"}
        async with http.post("/chat/v1/messages", json=body, headers=headers) as answer:
            assert answer.status == 202
    return token
