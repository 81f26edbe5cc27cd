"""An agent who has signed in to the console in a real browser."""

from typing import Any

from playwright.async_api import Browser, Page

from tests.support.console import PASSWORD, RunningConsole

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


async def signed_in_agent(
    console: RunningConsole, chromium: Browser, name: str = "Ana Duarte", **more: Any
) -> Page:
    email, _ = await console.agent(name, more.pop("role", "agent"))
    page = await (await chromium.new_context(**more)).new_page()
    page.on("console", lambda note: complaints.append(note.text) if "Content Security" in note.text else None)
    complaints: list[str] = []
    page.complaints = complaints  # type: ignore[attr-defined]
    page.email = email  # type: ignore[attr-defined]
    await page.goto(f"{console.base}/console/")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("heading", name="Conversations").wait_for()
    return page
