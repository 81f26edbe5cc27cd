"""What opens on a tap comes in a second script: not before, not changed by anybody, and in the citizen's language."""

from __future__ import annotations

from playwright.async_api import Route, expect

from tests.support.browser import NewPage
from tests.support.widget import open_chat, write
from tests.web.fake_gateway import FakeGateway

SECOND = "performance.getEntriesByType('resource').filter((one) => /more/.test(one.name)).length"


async def test_it_comes_with_the_first_tap_and_only_unchanged(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    assert await page.evaluate(SECOND) == 0

    async def changed(route: Route) -> None:
        response = await route.fetch()
        await route.fulfill(response=response, body=await response.text() + "/* not ours */")

    await page.route("**/civicdesk-more-*", changed)
    menu = panel.get_by_role("button", name="Options")
    await menu.click()
    await expect(panel.get_by_text("This part did not load.")).to_be_visible()
    await page.unroute("**/civicdesk-more-*")
    await page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await menu.click()
    await expect(panel.get_by_role("button", name="Larger text")).to_be_visible()
    await page.keyboard.press("Escape")

    await panel.get_by_role("button", name="Language: English").click()
    await panel.get_by_role("button", name="Español").click()
    await panel.get_by_role("button", name="Opciones").click()
    await expect(panel.get_by_role("button", name="Texto más grande")).to_be_visible()
    await gateway.until(lambda: {"language": "es"} in [
        {key: value for key, value in body.items() if key != "client_id"}
        for body in gateway.contact.accepted.values()
    ])  # fmt: skip
