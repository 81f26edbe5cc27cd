"""Translation and drafts in a real browser: what was just typed is included, and every state is accessible."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from city import City
from desk.assist.calls import JsonCalls
from desk.assist.chat_completions import ChatCompletions
from desk.assist.libretranslate import LibreTranslate
from desk.assist.providers import Assistants
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.assist_servers import assist_server
from tests.support.console import running_console
from tests.support.console_browser import assert_accessible, claim_next, signed_in_agent

pytestmark = pytest.mark.slow


async def test_a_reply_is_translated_checked_and_sent(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path, chromium: Browser
) -> None:
    async with assist_server() as server:
        assist = Assistants(
            LibreTranslate("translate.example", JsonCalls(server.url, 5.0)),
            ChatCompletions("small", JsonCalls(f"{server.url}/v1", 5.0), "small"),
        )
        server.translations |= {"Tomorrow at nine.": "Завтра о дев'ятій.", "Коли?": "When?"}
        server.written = "Asks when."
        async with running_console(store, redis_url, city, catalog, tmp_path, assist=assist) as console:
            conversation = await console.queued(name="Olena", text="Коли?", language="uk")
            page = await signed_in_agent(console, chromium, bypass_csp=True)
            await claim_next(page)
            await page.get_by_role("button", name="Translate the message of").click()
            await expect(page.locator(".wording")).to_contain_text("When?")
            box = page.get_by_label("Your reply")
            # At once, before the page has saved what was typed.
            await box.fill("Tomorrow at nine.")
            await page.get_by_role("button", name="Translate my reply to Ukrainian").click()
            await expect(box).to_have_value("Завтра о дев'ятій.")
            await expect(page.locator(".helped")).to_contain_text("Tomorrow at nine.")
            await page.get_by_role("button", name="Draft a summary").click()
            await expect(page.get_by_label("Summary, for a note")).to_have_value("Asks when.")
            await expect(box).to_have_value("Завтра о дев'ятій.")
            for width in (1280, 320):
                await page.set_viewport_size({"width": width, "height": 900})
                await assert_accessible(page, f"translated at {width}")
            await page.set_viewport_size({"width": 1280, "height": 900})
            await page.get_by_role("button", name="Send", exact=True).click()
            await expect(page.locator(".helped")).to_have_count(0)
            await expect(page.locator(".message.agent .wording")).to_contain_text("Tomorrow at nine.")
            await expect(page.get_by_label("Summary, for a note")).to_have_value("Asks when.")
            await expect(box).to_have_value("")
            assert (await console.log(conversation))[-1].text == "Завтра о дев'ятій."
