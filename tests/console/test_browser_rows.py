"""The list in a real browser: what waits for the pointer, and what does not."""

import pytest
from playwright.async_api import Browser, expect

from tests.support.console import RunningConsole
from tests.support.console_browser import claim_next, signed_in_agent

pytestmark = pytest.mark.slow


async def test_a_mark_does_not_wait_for_the_pointer_only_the_order_does(
    console: RunningConsole, chromium: Browser
) -> None:
    talks = [await console.queued(name=name) for name in ("Lucía", "Omar")]
    page = await signed_in_agent(console, chromium)
    for _ in talks:
        await claim_next(page)
        await page.get_by_label("Your reply").fill("One moment.")
        await page.get_by_label("Your reply").press("Control+Enter")
        await expect(page.locator(".message.agent")).to_have_count(1)
        await page.goto(f"{console.base}/console/")
    mine = page.locator('[data-entries="mine"] > li')
    unread = page.locator('[data-entries="mine"] > li.unread')
    await expect(mine).to_have_count(2)
    await expect(unread).to_have_count(0)
    # The second row would come first: it is under the pointer, so it stays, and is marked all the same.
    await mine.nth(1).hover()
    last = await mine.nth(1).get_attribute("data-conversation")
    (second,) = [one for one in talks if str(one.id) == last]
    await console.say(second, "are you there?")
    await expect(unread).to_have_count(1)
    await expect(mine.nth(1)).to_contain_text("are you there?")
    await expect(mine.nth(1).locator(".new")).to_have_text("1 unanswered")
    assert await mine.nth(1).get_attribute("data-conversation") == last
    await expect(page).to_have_title("(1) Desk – Lindenport front desk")
    # A colleague's conversation is counted in the heading at once, too.
    await console.queued(name="Zoë")
    await expect(page.locator('[data-count="waiting"]')).to_have_text("1")
    await page.get_by_role("link", name="Answers").hover()
    await expect(mine.first).to_have_attribute("data-conversation", last or "")
    # A choice that is not sent yet keeps the list as it is; the marks still come.
    acts = page.get_by_role("form", name="With the chosen")
    await expect(acts).to_be_hidden()
    await page.get_by_role("checkbox", name="Choose Zoë").focus()
    await page.keyboard.press("Space")
    await expect(acts.get_by_role("status")).to_have_text("1 chosen")
    await expect(acts).to_be_in_viewport(ratio=1)
    await page.keyboard.press("b")
    await expect(acts.get_by_role("button", name="Claim")).to_be_focused()
    await acts.get_by_text("Transfer").first.click()
    await page.locator("#bulk-to").select_option(index=1)
    await page.get_by_role("link", name="Answers").focus()
    (first,) = [one for one in talks if one is not second]
    await console.say(first, "hello?")
    await expect(unread).to_have_count(2)
    await expect(page.locator("#bulk-to")).not_to_have_value("")
    assert page.complaints == []  # type: ignore[attr-defined]  # set by signed_in_agent
