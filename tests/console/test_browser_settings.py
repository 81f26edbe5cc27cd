"""The administration in a real browser: a setting with its history, and what a file holds."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from city import City
from desk.setup.first_admin import FirstAdmin
from tests.support.console import PASSWORDS, RunningConsole
from tests.support.console_browser import assert_accessible, build_pages, running_browser, signed_in_agent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """web/dist as the sources are now."""
    build_pages()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


async def test_a_setting_passes_axe_and_takes_a_file(
    console: RunningConsole, chromium: Browser, city: City, tmp_path: Path
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
        await page.goto(f"{console.base}/console/admin/settings/contact")
        await assert_accessible(page, "a setting with its history")
    # A boundary from a file is shown before it is saved.
    await page.goto(f"{console.base}/console/admin/settings/area")
    ring = [[-74.3, 41.2], [-73.4, 41.2], [-73.4, 40.5], [-74.3, 41.2]]
    area = tmp_path / "area.geojson"
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    await page.get_by_label("Or from a file").set_input_files(area)
    await expect(page.get_by_label("Where crews go")).to_have_value(area.read_text())
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status").filter(has_text="Saved.").first).to_be_visible()
    assert city.boundary == ((41.2, -74.3), (41.2, -73.4), (40.5, -73.4))
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page
