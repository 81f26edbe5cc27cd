"""The Chromium that the browser tests drive."""

from functools import cache

from launch.browser import find_browser


@cache
def chromium() -> str:
    """The path of one that runs. Fails the test, with what to do, where there is none."""
    found = find_browser()
    assert found, "The browser tests need a Chromium: run `make browser`"
    return found
