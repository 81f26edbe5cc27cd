"""The administration in a real browser: accessible at both widths."""

import os
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from city import City
from desk.setup.first_admin import FirstAdmin
from tests.support.console import PASSWORDS, RunningConsole
from tests.support.console_browser import assert_accessible, build_pages, running_browser, signed_in_agent

pytestmark = pytest.mark.slow

PAGES = (
    "/console/admin/start",
    "/console/admin/settings",
    "/console/admin/settings/contact",
    "/console/admin/settings/office_hours",
    "/console/admin/settings/sla",
    "/console/admin/settings/crisis_lines",
    "/console/people",
)


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """web/dist as the sources are now."""
    build_pages()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


async def test_the_administration_passes_axe_and_fits(
    console: RunningConsole, chromium: Browser, city: City
) -> None:
    first = FirstAdmin(console.store, PASSWORDS, console.clock, city.name)
    new = await chromium.new_page(bypass_csp=True)
    await new.goto(f"{console.base}/console/sign-in/first-admin?link={await first.new_token()}")
    await assert_accessible(new, "first-admin")
    page = await signed_in_agent(
        console, chromium, "Dora Lind", role="admin", heading="Agents", color_scheme="light",
        viewport={"width": 1280, "height": 800}, bypass_csp=True,
    )  # fmt: skip
    await page.goto(f"{console.base}/console/admin/settings/contact")
    await page.get_by_label("Telephone").fill("555-0199")
    await page.get_by_role("button", name="Save").click()
    for width in (1280, 320):
        await page.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            await page.goto(console.base + path)
            await assert_accessible(page, path)
            if folder := os.environ.get("SHOTS"):
                await page.screenshot(path=f"{folder}/{path.rsplit('/', 1)[1]}-{width}.png", full_page=True)
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page
