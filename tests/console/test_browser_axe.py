"""Every page of the console in a real browser: axe in light and in dark at 1280 and at 320 pixels, and nothing scrolls sideways.
One browser, one visit to each page."""

import os

import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page

from desk.knowledge.catalogue import Catalog
from tests.console.route_table.table import CONSOLE
from tests.support.console import Browser, RunningConsole
from tests.support.console_browser import AXE, axe_findings
from tests.support.console_pages import NO_PAGES, console_pages

pytestmark = pytest.mark.slow


async def test_every_page_passes_axe_in_both_looks_and_fits(
    console: RunningConsole, chromium: Chromium, catalog: Catalog
) -> None:
    pages = await console_pages(console, catalog)
    of_table = {
        row.path.partition("?")[0].replace("/inboxes/web/", "/inboxes/{name}/")
        for row in CONSOLE
        if row.method == "GET"
    }
    assert pages.routes | NO_PAGES == of_table, "a page without axe, or one that is no page any more"
    wrong: list[str] = []
    for browser, paths in pages.sessions:
        page = await opened(console, chromium, browser)
        for one in paths:
            answer = await page.goto(console.base + one.path)
            assert answer and answer.status == 200, one.path
            if browser is pages.supervisor:
                assert " data-waiting>" in await answer.text(), f"{one.route}: who waits is not in the bar"
            wrong += [f"{one.route}: {found}" for found in await found_on(page, one.path)]
    assert not wrong, "\n".join(wrong)


async def found_on(page: Page, path: str) -> list[str]:
    """What is wrong with this page, closed as it comes and with everything open."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = []
    for width, rules in ((1280, None), (320, ["wcag21aa", "wcag22aa"])):  # what depends on the width
        await page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {one}" for one in await axe_findings(page, rules)]
        if not await page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{width}: scrolls sideways")
        if width == 1280:
            await page.evaluate(
                "for (const one of document.querySelectorAll('main details')) one.open = true"
            )
    await page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in await axe_findings(page, ["color-contrast"])]
    if folder := os.environ.get("SHOTS"):
        await page.set_viewport_size({"width": 1280, "height": 800})
        name = path.split("?")[0].removeprefix("/console/").replace("/", "-")
        await page.screenshot(path=f"{folder}/{name or 'desk'}-dark.png")
    await page.emulate_media(color_scheme="light")
    return found


async def opened(console: RunningConsole, chromium: Chromium, browser: Browser) -> Page:
    """A page with the session of this browser. axe builds its script from text, so the policy is left out."""
    context = await chromium.new_context(
        bypass_csp=True,
        viewport={"width": 1280, "height": 800},
        color_scheme="light",
        reduced_motion="reduce",  # a colour on its way to another has neither's contrast
    )
    await context.add_cookies(
        [{"name": "civicdesk_agent", "value": browser.cookie() or "", "url": f"{console.base}/console/"}]
    )
    return await context.new_page()
