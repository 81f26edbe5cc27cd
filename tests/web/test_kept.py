"""What the citizen has begun is kept, and what they do twice by accident happens once."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from PIL import Image
from playwright.async_api import Page, expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, texts, write
from tests.web.fake_gateway import FakeGateway

HIDDEN = """(hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
COMPOSED_ENTER = """(field) => field.dispatchEvent(new KeyboardEvent('keydown', {
  key: 'Enter', keyCode: 229, isComposing: false, bubbles: true, cancelable: true, composed: true,
}))"""
"""Safari, when Enter has accepted a word of an input method."""


MAILED = """() => {
  HTMLAnchorElement.prototype.click = function () { window.mailed = this.href; };
}"""
"""No mail program opens in a test; what it would be given is kept."""


def _photos(count: int) -> list[Any]:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 130, 140)).save(out, "JPEG")
    return [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()} for n in range(count)]


async def _choose(page: Page, count: int) -> None:
    await page.locator("civicdesk-chat input[type=file]").set_input_files(_photos(count))


async def test_half_written_text_and_the_open_panel_survive(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    field = page.get_by_label("Your message")
    await field.fill("There is a hole in")
    await page.reload()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(field).to_have_value("There is a hole in")
    assert await page.evaluate("document.activeElement === document.body")

    await field.focus()
    await field.evaluate(COMPOSED_ENTER)
    await page.keyboard.type(" Mill Street")
    await page.get_by_role("button", name="Send").dblclick()
    await expect(message(page, "in Mill Street")).to_contain_text("Sent")
    await expect(page.get_by_text("Write a message first.")).to_be_hidden()
    await page.get_by_role("button", name="Talk to a person").dblclick()
    await field.fill("Thanks")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await gateway.heard(3)
    await expect(message(page, "Thanks")).to_contain_text("Sent")
    sent = ["There is a hole in Mill Street", "I want to talk to a person", "Thanks"]
    assert await texts(page) == sent

    # The tab's name counts what came while it was hidden; the page's own changes of the title stay.
    await page.evaluate(HIDDEN, True)
    await gateway.say("One")
    await gateway.say("Two")
    await expect(page).to_have_title("(2) City of Lindenport")
    await page.evaluate("document.title = 'News'")
    await page.evaluate(HIDDEN, False)
    await expect(message(page, "Two")).to_have_count(1)
    await expect(page).to_have_title("News")
    await page.reload()
    await open_chat(page)
    await expect(field).to_have_value("")


async def test_photos_hold_back_no_words_and_survive_a_broken_line(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    gateway.uploads.clear()
    await _choose(page, 2)
    await write(page, "Two pictures of it")
    await gateway.heard()
    assert gateway.contact.accepted[next(iter(gateway.contact.accepted))].get("media") is None
    gateway.uploads.set()
    await gateway.heard(2)
    (*_, photos) = gateway.contact.accepted.values()
    assert sorted(photos["media"]) == sorted(gateway.contact.media) and len(photos["media"]) == 2
    await expect(panel.locator(".attachment")).to_have_count(0)

    gateway.lose_uploads = 1
    await _choose(page, 1)
    await gateway.until(lambda: gateway.lose_uploads == 0)
    await expect(panel.get_by_text("Photo added.")).to_be_visible()
    await panel.get_by_role("button", name="Remove the photo").click()
    await expect(page.get_by_role("button", name="Add a photo")).to_be_focused()

    await _choose(page, 6)
    await expect(panel.locator(".attachment")).to_have_count(5)
    await expect(panel.get_by_text("A message takes 5 photos at most.")).to_be_visible()


async def test_the_menu_saves_prints_and_deletes_the_conversation(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await write(page, "Where is <b>the</b> library?")
    await gateway.heard()
    await gateway.say("Calle Mayor.", language="es")
    await message(page, "Calle Mayor.").wait_for()
    await panel.get_by_role("button", name="Options").click()
    async with page.expect_download() as waiting:
        await panel.get_by_role("button", name="Download as a page to print").click()
    file = tmp_path / "conversation.html"
    await (await waiting.value).save_as(file)
    text = file.read_text("utf-8-sig")
    assert text.startswith("<!doctype html><html") and "Where is &lt;b&gt;the&lt;/b&gt; library?" in text
    assert '<p lang="es" dir="auto">Calle Mayor.</p>' in text
    sound = panel.get_by_role("button", name="Sound for new messages")
    await expect(sound).to_have_attribute("aria-pressed", "false")
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "true")

    notices = panel.get_by_role("button", name="Notices from this browser")
    await page.context.grant_permissions(["notifications"])
    await notices.click()
    await expect(notices).to_have_attribute("aria-pressed", "true")
    privacy = panel.get_by_role("link", name="Privacy notice")
    await expect(privacy).to_have_attribute("href", gateway.url + "chat/privacy?language=en")
    # The citizen's own mail program opens, with what was said.
    await page.evaluate(MAILED)
    await panel.get_by_role("button", name="Send it by mail").click()
    mailed = unquote(await page.evaluate("window.mailed"))
    assert mailed.startswith("mailto:?subject=Lindenport&body=") and "Calle Mayor." in mailed

    await panel.get_by_role("button", name="Clear this chat").click()
    gateway.refuse["POST erase"] = (503, "Not now.")
    delete = panel.get_by_role("button", name="Also delete it at the city")
    await delete.click()
    await expect(panel.get_by_text("It could not be deleted now.")).to_be_visible()
    assert await texts(page) == ["Where is <b>the</b> library?", "Calle Mayor."]
    gateway.refuse.clear()
    await delete.click()
    await expect(message(page, "Calle Mayor.")).to_have_count(0)
    assert gateway.erased == set(gateway.contacts)
    assert "token" not in await page.evaluate("JSON.stringify(localStorage)")
