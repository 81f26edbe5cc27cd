"""What a test says about the widget, in a citizen's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SOURCE: dict[str, Any] = {
    "title": "Waste calendar", "url": "https://www.lindenport.example/waste", "reviewed_on": "2026-10-05", "stale": False,
}  # fmt: skip


async def open_chat(page: Page) -> Locator:
    """Opens it, unless it is open since before the page was loaded again."""
    await page.locator("civicdesk-chat .launcher:visible, civicdesk-chat dialog[open]").first.wait_for()
    panel = page.get_by_role("dialog")
    if not await panel.is_visible():
        await page.locator("civicdesk-chat .launcher").click()
    await panel.wait_for()
    return panel


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Your message").fill(text)
    await page.get_by_role("button", name="Send").click()


def message(page: Page, text: str) -> Locator:
    """The line of the log that holds this text."""
    return page.get_by_role("log").get_by_role("listitem").filter(has_text=text)


async def texts(page: Page) -> list[str]:
    """What the log shows, in order, without names and times."""
    found: list[str] = await page.locator("civicdesk-chat .messages .message .text").all_inner_texts()
    return found


RECORD = """() => {
  const region = document.querySelector('civicdesk-chat').shadowRoot.querySelector('[aria-live=polite]');
  window.spoken = [];
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) window.spoken.push(node.textContent);
  }).observe(region, { childList: true });
}"""
"""Keeps what the polite live region said, in order, in `window.spoken`."""


async def violations(page: Page) -> list[str]:
    """What axe finds on the page and in the widget."""
    await page.evaluate(AXE.read_text())
    found: dict[str, Any] = await page.evaluate(
        "(tags) => axe.run(document, { runOnly: { type: 'tag', values: tags } })", RULES
    )
    assert found["passes"]  # a run that checked nothing proves nothing
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found["violations"] for node in rule["nodes"]]
