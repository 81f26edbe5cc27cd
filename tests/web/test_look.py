"""Screenshots for review, and automatic checks: nothing is cut off, nothing scrolls sideways."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.support.browser import NewPage
from tests.support.widget import SOURCE, message, open_chat, write
from tests.web.fake_gateway import FakeGateway

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ANSWER = (
    "Your bin is collected every Tuesday. Put it out before 7:00.\n\n"
    "Recycling is collected every second Tuesday. The calendar tells the dates for your street."
)


async def _converse(gateway: FakeGateway, page: Page) -> None:
    await open_chat(page)
    await write(page, "When is my bin collected?")
    await gateway.heard()
    buttons = [{"id": "b-1", "title": "Bulky waste"}, {"id": "b-2", "title": "My bin was missed"}]
    await gateway.say(ANSWER, source=SOURCE, buttons=buttons)
    await message(page, "every Tuesday").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_page_and_widget(
    gateway: FakeGateway, new_page: NewPage, shots: Path, width: int, scheme: str
) -> None:
    height = 640 if width == 320 else 800
    page = await new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    assert await page.evaluate(SIDEWAYS) == 0
    await page.screenshot(path=shots / f"page-{width}-{scheme}.png", full_page=True)
    await open_chat(page)
    await page.get_by_text("In an emergency").first.wait_for()
    await page.screenshot(path=shots / f"welcome-{width}-{scheme}.png")
    await page.get_by_role("button", name="Close chat").click()
    await _converse(gateway, page)
    await page.screenshot(path=shots / f"answer-{width}-{scheme}.png")
    await gateway.become(owner="agent", agent_name="Maria Lopez")
    await gateway.say(
        "Your bin is on our list. A crew comes tomorrow before noon.",
        author="agent",
        agent_name="Maria Lopez",
    )
    await message(page, "A crew comes").wait_for()
    await page.screenshot(path=shots / f"agent-{width}-{scheme}.png")
    await page.get_by_role("button", name="Options").click()
    await page.screenshot(path=shots / f"options-{width}-{scheme}.png")
    assert await page.evaluate(SIDEWAYS) == 0
    assert await page.get_by_role("log").evaluate("(log) => log.scrollWidth - log.clientWidth") == 0


async def test_forced_colours(gateway: FakeGateway, new_page: NewPage, shots: Path) -> None:
    page = await new_page(forced_colors="active", viewport={"width": 1280, "height": 800})
    await _converse(gateway, page)
    await page.screenshot(path=shots / "forced-colours.png")
    border = "(button) => getComputedStyle(button).borderTopStyle"
    assert await page.get_by_role("button", name="Send").evaluate(border) == "solid"


async def test_at_400_percent_everything_can_be_reached(
    gateway: FakeGateway, new_page: NewPage, shots: Path
) -> None:
    """1280 x 1024 at 400 % is 320 x 256: the panel scrolls as one, and nothing needs a second direction."""
    page = await new_page(viewport={"width": 320, "height": 256})
    await _converse(gateway, page)
    for name in ("Talk to a person", "Bulky waste", "Send", "Close chat"):
        button = page.get_by_role("button", name=name)
        await button.scroll_into_view_if_needed()
        assert await button.evaluate(
            """(button) => {
              const box = button.getBoundingClientRect();
              const hit = button.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
              return button.contains(hit);
            }"""
        ), name
    await page.screenshot(path=shots / "zoom-400.png")
    assert await page.get_by_role("dialog").evaluate("(panel) => panel.scrollWidth - panel.clientWidth") == 0
