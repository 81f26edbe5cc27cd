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
    box = page.get_by_label("Your reply")
    await expect(box).to_be_focused()
    await page.keyboard.type("Half an answer")
    carla = await console.signed_in("Carla Rossi", "supervisor")
    await carla.post(f"{one}{omar.id}/take-over")
    await expect(said).to_have_text("With Carla Rossi.")
    await expect(page.get_by_label("Your draft not sent")).to_have_value("Half an answer")
    assert await page.evaluate("document.activeElement !== document.body")
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_after_each_act_it_is_said_and_the_focus_is_where_one_goes_on(
    console: RunningConsole, chromium: Browser
) -> None:
    one = "/console/conversations/"
    lucia, omar, kim = [await console.queued(name=name) for name in ("Lucía", "Omar", "Kim")]
    ben = await console.signed_in("Ben Okafor")
    page = await signed_in_agent(console, chromium)
    said, box = page.locator("[data-announce]"), page.get_by_label("Your reply")
    heading = page.get_by_role("heading", level=1)

    # The next one, the reply, the search and the way back to single keys.
    await page.keyboard.press("n")
    await expect(box).to_be_focused()
    await expect(said).to_have_text("Lucía. You have it now.")
    await page.keyboard.type("One moment.")
    await page.keyboard.press("Control+Enter")
    await expect(said).to_have_text("Sent.")
    await expect(box).to_be_focused()
    await page.keyboard.press("Control+k")
    await expect(page.get_by_label("Search conversations")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("r")
    await expect(box).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(heading).to_be_focused()

    # A note: said, and the focus is in the field of the next one.
    note = page.get_by_label("Add a note")
    await page.get_by_role("link", name="Note for colleagues instead").press("Enter")
    await expect(note).to_be_focused()
    await note.fill("Called twice.")
    await page.get_by_role("button", name="Keep the note").press("Enter")
    await expect(said).to_have_text("The note is kept. Only agents see it.")
    await expect(note).to_be_focused()

    # A claim in the page itself.
    await page.goto(f"{console.base}{one}{omar.id}")
    await page.keyboard.press("c")
    await expect(box).to_be_focused()
    await expect(said).to_have_text("Omar. You have it now.")

    # A transfer: it stays until the colleague accepts, and the page says so.
    await page.get_by_label("What to do").get_by_text("Transfer", exact=True).press("Enter")
    await page.get_by_role("button", name="Ben Okafor").press("Enter")
    await expect(said).to_have_text("Offered. Until your colleague accepts, it stays where it is.")
    await expect(heading).to_be_focused()

    # Resolve: the next of mine opens, nothing is in danger of being typed to another citizen, and Undo is said.
    await page.keyboard.press("e")
    await expect(said).to_contain_text("Undo: 8 seconds.")
    await expect(heading).to_be_focused()
    await page.keyboard.press("u")
    await expect(heading).to_have_text("Omar")
    await expect(box).to_be_focused()

    # A claim that came too late, before the page knew it.
    await page.goto(f"{console.base}{one}{kim.id}")
    await page.route("**/live?**", lambda route: route.abort())
    await ben.post(f"{one}{kim.id}/claim")
    await page.get_by_role("button", name="Claim").press("Enter")
    await expect(said).to_contain_text("Ben Okafor claimed this a moment ago.")
    await expect(page.locator("[data-alert]")).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    assert (await console.state(lucia)).state == "waiting_on_contact"
