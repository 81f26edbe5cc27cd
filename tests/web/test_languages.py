"""Every language's texts are complete, by its own plural rules; Arabic runs from right to left."""

from __future__ import annotations

import json
import re
from pathlib import Path

from babel import Locale
from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, violations
from tests.web.fake_gateway import DIST, FakeGateway

TABLES: dict[str, dict[str, str]] = {}
"""The texts of both scripts."""
for path in sorted((DIST / "widget" / "i18n").rglob("*.json")):
    TABLES.setdefault(path.stem.partition("-")[0], {}).update(json.loads(path.read_text("utf-8")))
PLURAL = re.compile(r"(.+)_(zero|one|two|few|many|other)")
COUNTED = {found[1] for key in TABLES.get("en", ()) if (found := PLURAL.fullmatch(key))}


async def test_every_language_has_every_text_and_its_own_plurals() -> None:
    assert set(TABLES) == {"ar", "en", "es", "fr", "pt", "uk", "zh"}
    assert {"unread", "counter", "too_long", "photo_most"} == COUNTED
    plain = {key for key in TABLES["en"] if not PLURAL.fullmatch(key)}
    for language, table in TABLES.items():
        # Spanish, French and Portuguese have "many" for millions, which "other" serves here.
        forms = Locale.parse(language).plural_form.tags | {"other"}
        forms -= {"many"} if language in ("es", "fr", "pt") else set()
        assert set(table) == plain | {f"{key}_{form}" for key in COUNTED for form in forms}, language
        for key, text in table.items():
            assert text.strip(), (language, key)
            places = set(re.findall(r"\{\w+\}", text))
            english = TABLES["en"].get(key) or TABLES["en"][PLURAL.sub(r"\1_other", key)]
            # "one message" may be a word instead of a number.
            assert places | {"{n}"} == set(re.findall(r"\{\w+\}", english)) | {"{n}"}, (language, key)


async def test_arabic_and_a_language_that_the_desk_does_not_write(
    gateway: FakeGateway, new_page: NewPage, shots: Path
) -> None:
    page = await new_page(viewport={"width": 320, "height": 640})
    panel = await open_chat(page)
    await page.get_by_role("button", name="Language").click()
    await page.get_by_role("button", name="العربية").click()
    await expect(panel).to_have_attribute("dir", "rtl")
    await expect(panel).to_have_attribute("lang", "ar")
    # What is possible is said in the citizen's language; topics that the desk would not understand are not offered.
    await expect(panel.get_by_text("English وEspañol وFrançais")).to_be_visible()
    await expect(panel.locator(".welcome .choices")).to_be_hidden()
    await panel.locator(".person:visible").click()
    await gateway.heard()
    assert gateway.contact.log[0]["text"] == "I want to talk to a person"
    for number in range(3):
        await gateway.say(f"Answer {number}")
    await gateway.become(owner="queued", position=3)
    await expect(panel.get_by_text("رقمك في قائمة الانتظار هو 3.")).to_be_visible()
    await expect(message(page, "Answer 2").locator(".text")).to_have_attribute("lang", "en")
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320
    await page.screenshot(path=shots / "arabic-320.png")
    await panel.locator(".close").click()
    await gateway.say("Answer 3")
    await gateway.say("Answer 4")
    await expect(page.locator("civicdesk-chat .launcher")).to_contain_text("رسالتان جديدتان")
