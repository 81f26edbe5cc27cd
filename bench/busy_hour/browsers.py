"""Two agents in Chromium, who do with the mouse and the keys what the others do over HTTP."""

import asyncio
from urllib.parse import urlsplit
from uuid import UUID

from playwright.async_api import Browser, Error, Page, async_playwright

from bench.busy_hour.agents import AT_ONCE, Claims, SignedIn
from bench.busy_hour.citizens import FIRST, SECOND
from bench.busy_hour.marks import MARKED_WITHIN, Marks
from bench.support.processes import BenchError
from launch.browser import find_browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
SLOW = 60_000.0  # ms: more than two processors work for 33 agents at once
_UNREAD = '[data-entries="mine"] > li.unread'


async def in_browsers(
    url: str, people: list[SignedIn], claims: Claims, marks: Marks, stop: asyncio.Event
) -> list[str]:
    """Work until it is time to stop; what the pages complained about."""
    program = find_browser()
    if program is None:
        raise BenchError("There is no Chromium: run `make browser`.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        workers = [BrowserAgent(url, me, claims, marks) for me in people]
        try:
            await asyncio.gather(*(one.work(browser, stop) for one in workers))
        finally:
            await browser.close()
    return [complaint for one in workers for complaint in one.complaints]


class BrowserAgent:
    """One page that stays open."""

    def __init__(self, url: str, me: SignedIn, claims: Claims, marks: Marks) -> None:
        self._url, self._me, self._claims, self._marks = url, me, claims, marks
        self.complaints: list[str] = []

    async def work(self, browser: Browser, stop: asyncio.Event) -> None:
        """Open the desk, and work until it is time to stop."""
        context = await browser.new_context()
        cookie = {"name": "civicdesk_agent", "value": self._me.token, "url": f"{self._url}/console/"}
        await context.add_cookies([cookie])  # type: ignore[list-item]  # Playwright's own typed dictionary, built as a plain one
        page = await context.new_page()
        page.set_default_timeout(SLOW)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda note: self.complaints.append(note.text) if "Content Security" in note.text else None,
        )
        await page.goto(f"{self._url}/console/")
        while not stop.is_set():
            await self._look(page)
            try:
                await self._turn(page)
            except Error as error:
                if not stop.is_set() and "Timeout" not in str(error):
                    raise
        await context.close()

    async def _turn(self, page: Page) -> None:
        unread = page.locator(_UNREAD)
        if await unread.count():
            id = await unread.first.get_attribute("data-conversation") or ""
            await unread.first.locator("a").first.click()
            await page.wait_for_url(f"**/conversations/{id}*")
            await self._answer(page)
        elif await page.locator('[data-entries="mine"] > li').count() < AT_ONCE:
            await page.get_by_role("button", name="Next", exact=True).click()
            await page.wait_for_load_state()
            place = urlsplit(page.url).path.rpartition("/")[2]
            if len(place) == 36:
                self._claims.made.append((self._me.actor.name, UUID(place)))
                await self._answer(page)
        await asyncio.sleep(0.3)

    async def _answer(self, page: Page) -> None:
        box = page.get_by_label("Your reply")
        if not await box.count():
            return  # it is somebody else's by now
        # As the page shows it: a click whose effect came too late for us was done all the same.
        first = not await page.locator("[data-messages]").get_by_text(FIRST).count()
        await box.fill(FIRST if first else SECOND)
        if first:
            await box.press("Control+Enter")
            # Its text stands in the form that changes the message, too, which is hidden.
            await page.locator("[data-messages] p", has_text=FIRST).last.wait_for()
            return
        here = urlsplit(page.url).path
        await page.get_by_label("Other ways to send").click()
        await page.get_by_role("button", name="Send and resolve").click()
        # The page goes on to the next one of the agent's, or to the desk.
        await page.wait_for_url(lambda url: urlsplit(url).path != here)

    async def _look(self, page: Page) -> None:
        """What is owed must be marked in the open page, without a reload, within seconds."""
        me = self._me.actor.agent_id
        owed, end = await self._marks.owed(me), asyncio.get_running_loop().time() + MARKED_WITHIN
        while True:
            marked = [
                await one.get_attribute("data-conversation") or ""
                for one in await page.locator(_UNREAD).all()
            ]
            still = owed & await self._marks.owed(me)
            if still <= set(marked) or asyncio.get_running_loop().time() > end:
                break
            await asyncio.sleep(0.5)
        await self._marks.compare(me, still, marked)
