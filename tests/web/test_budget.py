"""What the chat costs a page: bytes, memory, listeners. Sizes are those of a citizen's own download."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, write
from tests.web.fake_gateway import DIST, FakeGateway

BYTES = 25_000
ON_A_TAP = 15_000  # the second script, which the menu, photos and places load
HEAP_OF_500 = 4_000_000
FEW = 20  # listeners
DELAY = 5  # ms of a page's first paint
SCRIPT = {"v8.compileModule", "v8.evaluateModule", "v8.callFunction"}
HEADERS = 500  # bytes of one request and its answer
LATENCY = 0.3  # seconds until the first byte, on such a line


async def test_everything_in_one_language_stays_small() -> None:
    script = _packed(DIST / "widget" / "civicdesk.js")
    languages = {path.stem[:2]: _packed(path) for path in (DIST / "widget" / "i18n").glob("*.json")}
    assert len(languages) == 7
    assert script + max(languages.values()) <= BYTES, (script, languages)
    (second,) = (DIST / "widget").glob("civicdesk-more-*.js")
    rest = [_packed(path) for path in (DIST / "widget" / "i18n" / "more").glob("*.json")]
    assert len(rest) == 7
    assert _packed(second) + max(rest) <= ON_A_TAP, (_packed(second), rest)


async def test_on_50_kbit_a_second_the_chat_is_there_in_five_seconds() -> None:
    """Computed from its bytes and its two requests, one after the other; measured by `make bench-slow-line`."""
    languages = [_packed(path) for path in (DIST / "widget" / "i18n").glob("*.json")]
    size = _packed(DIST / "widget" / "civicdesk.js") + max(languages) + 2 * HEADERS
    assert size * 8 / 50_000 + 2 * LATENCY <= 5, size


async def test_an_hour_with_a_thousand_messages_leaves_no_listeners_behind(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await page.clock.install()
    await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await gateway.say("Message 0")
    await message(page, "Message 0").wait_for()
    metrics = await page.context.new_cdp_session(page)
    await metrics.send("Performance.enable")
    before = await _measured(metrics)
    heap = 0.0
    for start in range(0, 1_000, 100):
        for number in range(start, start + 100):
            await gateway.say(f"Answer {number}, and some words about it")
        await expect(message(page, f"Answer {start + 99},")).to_have_count(1)
        if start == 400:
            heap = (await _measured(metrics))["JSHeapUsedSize"] - before["JSHeapUsedSize"]
        await page.clock.fast_forward(6 * 60_000)  # an hour in all; what is due falls due
    after = await _measured(metrics)
    assert after["JSEventListeners"] - before["JSEventListeners"] < FEW
    assert heap < HEAP_OF_500, heap
    assert gateway.streams == 1


async def test_the_script_waits_until_the_page_is_there(gateway: FakeGateway, new_page: NewPage) -> None:
    """It is a module, so the page's first paint never waits for it, and a closed chat asks the gateway nothing."""
    page = await new_page()
    kinds = "[...document.scripts].filter((one) => one.src.includes('civicdesk')).map((one) => one.type)"
    assert await page.evaluate(kinds) == ["module"]
    assert gateway.requests == []
    rendering = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/widget/'))"
    status = await page.evaluate(f"{rendering}.map((one) => one.renderBlockingStatus)")
    assert len(status) == 3 and set(status) == {
        "non-blocking"
    }  # the script, one language, the banner of notices


async def test_the_first_picture_of_a_page_comes_before_the_chats_work(
    gateway: FakeGateway, new_context: Callable[..., Awaitable[BrowserContext]]
) -> None:
    """By the browser's own tracing, with the script in its cache, so that it runs before the page is drawn. Processor
    time of the page's own thread, which does not depend on what else the machine does."""
    gateway.pages["host"] = (
        '<!doctype html><html lang="en"><title>A page</title><link rel="icon" href="/icon.svg">'
        '<script type="module" src="/widget/civicdesk.js"></script><h1>A page</h1>'
    )
    page = await (await new_context()).new_page()
    for _ in range(2):
        assert page.context.browser
        tracing = await page.context.browser.new_browser_cdp_session()
        events: list[dict[str, Any]] = []
        tracing.on("Tracing.dataCollected", lambda some, into=events: into.extend(some["value"]))
        complete = asyncio.Event()
        tracing.on("Tracing.tracingComplete", lambda _, ended=complete: ended.set())
        config = {"includedCategories": ["loading", "v8", "devtools.timeline"]}
        await tracing.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
        await page.goto(f"{gateway.url}site/host")
        await page.locator("civicdesk-chat .launcher").wait_for()
        await tracing.send("Tracing.end")
        await complete.wait()
    (drawn,) = [one for one in events if one["name"] == "firstContentfulPaint"]
    own = [one for one in events if (one["pid"], one["tid"]) == (drawn["pid"], drawn["tid"])]
    began = max(one["ts"] for one in own if one["name"] == "CommitLoad" and one["ts"] < drawn["ts"])
    picture = min(one["ts"] for one in own if one["name"] == "Paint" and one["ts"] > began)
    work = [one for one in own if one["name"] in SCRIPT and one["ts"] > began]
    before = sum(one["tdur"] for one in work if one["ts"] < picture) / 1000
    assert 0 < before < DELAY, before
    assert any(one["ts"] > picture for one in work), "the chat itself came later"


async def _measured(metrics: CDPSession) -> dict[str, float]:
    await metrics.send("HeapProfiler.collectGarbage")
    found: dict[str, Any] = await metrics.send("Performance.getMetrics")
    return {one["name"]: one["value"] for one in found["metrics"]}


def _packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))
