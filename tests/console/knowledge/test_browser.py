"""The answers' pages in a real browser: accessible, checked while one writes, by keyboard alone, and hostile words stay words."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from tests.support.console import RunningConsole
from tests.support.console_browser import assert_accessible, build_pages, running_browser, signed_in_agent

pytestmark = pytest.mark.slow

PAGE = "/console/answers/rats"
HOSTILE = "</textarea><img src=x onerror=alert(1)>{{7*7}}\"'"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """web/dist as the sources are now."""
    build_pages()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


@pytest.mark.parametrize(("width", "look"), [(320, "dark"), (1280, "light")])
async def test_the_pages_pass_axe_and_fit(
    console: RunningConsole, chromium: Browser, catalog: Catalog, width: int, look: Any
) -> None:
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    emil = await signed_in_agent(
        console, chromium, "Emil Novak", role="editor", heading="Answers", color_scheme=look,
        viewport={"width": width, "height": 800}, bypass_csp=True,
    )  # fmt: skip
    await emil.goto(f"{console.base}{PAGE}")
    await emil.get_by_label("Title English").fill(HOSTILE)
    await emil.get_by_text("the title is longer than 45 characters").wait_for()
    await assert_accessible(emil, "checked")
    await emil.get_by_role("button", name="Save as a draft").click()
    await emil.get_by_role("heading", name=HOSTILE, level=1).wait_for()
    for summary in await emil.locator("summary").all():
        await summary.click()
    await assert_accessible(emil, PAGE)
    for path in (
        "/console/answers",
        "/console/answers?state=draft",
        "/console/answers/stops",
        f"{PAGE}/recall",
    ):
        await emil.goto(f"{console.base}{path}")
        await assert_accessible(emil, path)


async def test_an_answer_is_changed_by_keyboard_and_what_is_wrong_is_announced(
    console: RunningConsole, chromium: Browser, catalog: Catalog
) -> None:
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    emil = await signed_in_agent(console, chromium, "Emil Novak", role="editor", heading="Answers")
    await emil.get_by_label("Words in a title or text").focus()
    await emil.keyboard.type("ratas")
    await emil.keyboard.press("Enter")
    await emil.get_by_role("link", name="Rats, mice").focus()
    await emil.keyboard.press("Enter")
    box = emil.get_by_label("Text English").first
    await box.focus()
    await emil.wait_for_load_state()  # the field is there before the script that checks it
    await emil.keyboard.press("Control+End")
    await emil.keyboard.type(f"\n\n{HOSTILE} " + "and on " * 30)
    live = emil.locator("[data-findings]")
    await expect(live).to_contain_text("English: a sentence has")
    assert await live.get_attribute("aria-live") == "polite"
    await expect(box).to_be_focused()
    await emil.get_by_role("button", name="Save as a draft").focus()
    await emil.keyboard.press("Enter")
    await emil.get_by_text("Saved as a draft.").first.wait_for()
    await emil.get_by_text("What changed").focus()
    await emil.keyboard.press("Enter")
    await expect(emil.locator("ins").first).to_contain_text(HOSTILE)
    assert emil.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page
