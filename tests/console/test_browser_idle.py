"""The end of an idle session, in a real browser."""

from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.support.console import PASSWORD, RunningConsole
from tests.support.console_browser import signed_in_agent

pytestmark = pytest.mark.slow


async def test_before_an_idle_session_ends_a_note_says_so_and_a_key_keeps_it(
    console: RunningConsole, chromium: Browser
) -> None:
    page = await signed_in_agent(console, chromium)
    await page.clock.install()
    await page.reload()
    note = page.get_by_role("alert").filter(has_text="You will be signed out within two minutes")
    await expect(note).to_be_hidden()

    async def pass_by(minutes: int) -> None:
        """The page's clock, and with it the desk's."""
        console.clock.shift += timedelta(minutes=minutes)
        await page.clock.fast_forward(minutes * 60_000)

    await pass_by(20)
    await expect(note).to_be_hidden()
    await pass_by(8)
    await expect(note).to_be_visible()
    async with page.expect_response("**/console/active") as told:
        await page.get_by_role("button", name="Stay signed in").press("Enter")
        await page.clock.run_for(1_000)
    assert (await told.value).status == 200
    await expect(note).to_be_hidden()
    # Without it the session would have ended two minutes later.
    await pass_by(8)
    assert (await page.goto(f"{console.base}/console/")).url.endswith("/console/")  # type: ignore[union-attr]  # None would fail the test
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_an_idle_session_ends_by_itself_and_keeps_the_words(
    console: RunningConsole, chromium: Browser
) -> None:
    conversation = await console.queued()
    page = await signed_in_agent(console, chromium)
    await page.goto(f"{console.base}/console/conversations/{conversation.id}")
    await page.get_by_role("button", name="Claim").click()
    await page.get_by_label("Your reply").fill("Half a sentence")
    console.clock.shift += timedelta(minutes=31)
    await console.say(conversation, "are you there?")  # wakes the stream, which is no person
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("E-mail").fill(page.email)  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_label("Your reply")).to_have_value("Half a sentence")
