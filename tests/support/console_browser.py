"""An agent who has signed in to the console in a real browser."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

from tests.support.browser import chromium as chromium_program
from tests.support.console import PASSWORD, RunningConsole

WEB = Path("web")
AXE = WEB / "node_modules/axe-core/axe.min.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def build_pages() -> None:
    """Build web/dist if it is missing."""
    assert (WEB / "node_modules/esbuild").exists(), "web/ is not installed: run `make web`"
    if not (WEB / "dist/console/console.js").exists():
        subprocess.run(["npm", "run", "--silent", "build"], cwd=WEB, check=True)


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """A Chromium without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        yield browser
        await browser.close()


async def signed_in_agent(
    console: RunningConsole, chromium: Browser, name: str = "Ana Duarte", **more: Any
) -> Page:
    heading = more.pop("heading", "Conversations")
    email, _ = await console.agent(name, more.pop("role", "agent"))
    page = await (await chromium.new_context(**more)).new_page()
    page.on("console", lambda note: complaints.append(note.text) if "Content Security" in note.text else None)
    complaints: list[str] = []
    page.complaints = complaints  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    page.email = email  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    await page.goto(f"{console.base}/console/")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name=heading, exact=True).wait_for()
    await page.wait_for_load_state()  # the heading is there before the script listens for keys
    return page


async def claim_next(page: Page) -> None:
    """Press Next, and wait until the script of the page that opens listens for keys."""
    async with page.expect_navigation():
        await page.get_by_role("button", name="Next").click()


async def assert_accessible(page: Page, path: str) -> None:
    """Fail if axe finds anything on this page, or if it scrolls sideways."""
    # axe builds its script from text, which the console's policy forbids, so the context bypasses the policy.
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong = await axe_findings(page)
    assert wrong == [], (path, wrong)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        f"{path} scrolls sideways"
    )


async def axe_findings(page: Page, rules: list[str] | None = None) -> list[Any]:
    """What axe finds on a page that has it; with `rules` by these alone."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = await page.evaluate("rules => axe.run({runOnly: rules})", rules or tags)
    return [
        (one["id"], [(node["html"][:200], node["failureSummary"]) for node in one["nodes"]][:2])
        for one in found["violations"]
    ]
