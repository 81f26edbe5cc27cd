"""The banner of the city's notices: inside the chat, and at the top of a page that has its script."""

from __future__ import annotations

from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.widget import open_chat, violations
from tests.web.fake_gateway import DIST, FakeGateway

FLOOD = {
    "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "version": 1, "kind": "first", "level": "emergency",
    "title": "Emergency: Flood", "what": "Water is rising. Where: Harbour.", "act": "Go upstairs now.",
    "more": "We write again by 6 PM.", "url": "/notices?language=en#n-1", "until": "2026-11-30T18:00:00+00:00",
}  # fmt: skip


async def test_a_notice_stands_in_the_chat_and_on_the_page_until_it_ends(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    gateway.notices = [FLOOD]
    page = await new_page()
    await open_chat(page)
    inside = page.locator("civicdesk-chat civicdesk-notices section")
    on_page = page.locator("body > civicdesk-notices section")
    for banner in (inside, on_page):
        await expect(banner).to_contain_text("Go upstairs now.")
        await expect(banner).to_have_attribute("role", "alert")
    await expect(page.locator("civicdesk-chat civicdesk-notices a")).to_have_text(["Emergency: Flood"])
    assert await violations(page) == []
    gateway.notices = []
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    for banner in (inside, on_page):
        await expect(banner).to_have_count(0)


async def test_its_script_is_small() -> None:
    assert (DIST / "widget" / "notices.js").stat().st_size < 3_000
