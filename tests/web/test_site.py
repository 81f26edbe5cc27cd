"""The demo city's pages: three of them, with one chat that goes along, in the language of the page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Route, expect

from tests.support.browser import NewPage
from tests.support.widget import open_chat, violations
from tests.web.fake_gateway import FakeGateway

PAGES = ("", "waste.html", "contact.html")


async def test_the_chat_goes_along_from_page_to_page(
    gateway: FakeGateway, new_page: NewPage, shots: Path
) -> None:
    page = await new_page()
    await open_chat(page)
    await page.get_by_label("Your message").fill("There is a hole in")
    for name, heading in (
        ("Bins and recycling", "Bins and recycling"),
        ("Contact and hours", "Contact and hours"),
    ):
        await page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        await expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
        await expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        await expect(page.get_by_role("dialog")).to_be_visible()
        await expect(page.get_by_label("Your message")).to_have_value("There is a hole in")
        assert await violations(page) == []
        await page.screenshot(path=shots / f"site-{name.split()[0].lower()}.png", full_page=True)
    await page.get_by_role("link", name="Write to us").first.click()
    await gateway.heard()
    assert gateway.contact.log[0]["text"] == "I want to talk to a person"

    page = await new_page("waste.html?lang=es", viewport={"width": 320, "height": 640})
    await expect(page).to_have_title("Basura y reciclaje – Ciudad de Lindenport")
    await page.get_by_role("link", name="Contacto y horarios").click()
    await expect(page.get_by_role("heading", level=1, name="Contacto y horarios")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    assert await violations(page) == []


async def test_what_is_written_before_the_script_has_come_goes_along(
    gateway: FakeGateway, new_context: Callable[..., Awaitable[BrowserContext]], shots: Path
) -> None:
    page = await (await new_context()).new_page()
    come = asyncio.Event()

    async def late(route: Route) -> None:
        await come.wait()
        await route.continue_()

    await page.route("**/widget/civicdesk.js", late)
    await page.goto(gateway.url, wait_until="commit")
    await page.locator("details.early summary").click()
    field = page.get_by_role("textbox", name="Message to the city")
    await field.press_sequentially("How do I renew")
    assert await violations(page) == []
    await page.screenshot(path=shots / "site-early.png")
    await page.get_by_label("Your question").fill("When is my bin collected?")
    await page.wait_for_function("document.querySelector('[aria-current]')")  # the page's own script has run
    await page.get_by_role("button", name="Ask").click()
    await expect(page.get_by_text("Kept. It is sent as soon as the chat has loaded.").first).to_be_visible()
    await field.focus()
    come.set()
    await gateway.heard()
    assert [one["text"] for one in gateway.contact.log] == ["When is my bin collected?"]
    await expect(page.get_by_label("Your message")).to_have_value("How do I renew")
    await expect(page.get_by_label("Your message")).to_be_focused()
    await page.keyboard.type(" my passport?")
    await expect(page.get_by_label("Your message")).to_have_value("How do I renew my passport?")


@pytest.mark.parametrize("path", PAGES)
async def test_every_text_is_in_every_language(new_page: NewPage, path: str) -> None:
    english = await (await new_page(path)).evaluate(TEXTS)
    for language in ("es", "fr"):
        page = await new_page(f"{path}?lang={language}")
        await page.wait_for_function(
            "(text) => document.querySelector('.skip').textContent !== text", arg=english["skip"]
        )
        other = await page.evaluate(TEXTS)
        same = {key for key, text in english.items() if other[key] == text}
        assert same <= {"nav_contact", "pages", "closed", "phone", "address_text"}, (language, same)


TEXTS = """() => Object.fromEntries([...document.querySelectorAll('[data-t]')].map((one) => [one.dataset.t, one.textContent]))"""
"""The page's texts by their keys."""
