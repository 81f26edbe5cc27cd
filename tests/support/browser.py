"""The Chromium that the browser tests drive."""

from collections.abc import Awaitable, Callable
from functools import cache

from playwright.async_api import Page

from launch.browser import find_browser

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
NewPage = Callable[..., Awaitable[Page]]
"""Opens a page in a citizen's browser of its own."""


@cache
def chromium() -> str:
    """The path of one that runs. Fails the test, with what to do, where there is none."""
    found = find_browser()
    assert found, "The browser tests need a Chromium: run `make browser`"
    return found
