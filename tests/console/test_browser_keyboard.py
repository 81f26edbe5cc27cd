"""What axe cannot see: what is said, and where the focus is, when somebody else acts. With the keyboard alone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.support.console import RunningConsole
from tests.support.console_browser import build_pages, running_browser, signed_in_agent

pytestmark = pytest.mark.slow


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    build_pages()
    async with running_browser() as browser:
        yield browser


async def test_a_lost_claim_and_a_takeover_are_said_and_leave_focus_and_words(
    console: RunningConsole, chromium: Browser
) -> None:
    lucia, omar = await console.queued(name="Lucía"), await console.queued(name="Omar")
    page = await signed_in_agent(console, chromium)
    said, one = page.locator("[data-announce]"), "/console/conversations/"

    # Somebody else is faster: it is said, and the button that is gone leaves the focus on the page.
    await page.goto(f"{console.base}{one}{lucia.id}")
    await page.get_by_role("button", name="Claim").focus()
    ben = await console.signed_in("Ben Okafor")
    await ben.post(f"{one}{lucia.id}/claim")
    await expect(said).to_have_text("With Ben Okafor.")
    await expect(page.get_by_role("button", name="Claim")).to_have_count(0)
    assert await page.evaluate("document.activeElement !== document.body")

    # A supervisor takes over what the agent is answering: said, and the words stay.
    await page.goto(f"{console.base}/console/")
    await page.keyboard.press("n")
    await page.get_by_role("heading", level=1, name="Omar").wait_for()
    await page.keyboard.press("r")
    box = page.get_by_label("Your reply")
    await expect(box).to_be_focused()
    await page.keyboard.type("Half an answer")
    carla = await console.signed_in("Carla Rossi", "supervisor")
    await carla.post(f"{one}{omar.id}/take-over")
    await expect(said).to_have_text("With Carla Rossi.")
    await expect(page.get_by_label("Your draft not sent")).to_have_value("Half an answer")
    assert await page.evaluate("document.activeElement !== document.body")
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page
