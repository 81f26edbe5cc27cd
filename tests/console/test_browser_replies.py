"""Work with conversations in a real browser: few clicks, and nothing that was typed is lost."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from desk.store.replies import canned
from tests.support.console import RunningConsole
from tests.support.console_browser import assert_accessible, claim_next, signed_in_agent
from tests.support.photos import jpeg

pytestmark = pytest.mark.slow

PASTE = """async data => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const carrier = new DataTransfer();
    carrier.items.add(new File([bytes], 'map.jpg', {type: 'image/jpeg'}));
    document.querySelector('#text').dispatchEvent(
        new ClipboardEvent('paste', {clipboardData: carrier, bubbles: true, cancelable: true}));
}"""


class Clicks:
    """Counts what the agent clicks."""

    def __init__(self) -> None:
        self.count = 0

    async def on(self, target: Any) -> None:
        self.count += 1
        await target.click()

    def taken(self) -> int:
        count, self.count = self.count, 0
        return count


async def _claimed(page: Page, name: str) -> None:
    await page.get_by_role("heading", level=1, name=name).wait_for()
    await page.wait_for_load_state()  # the heading is there before the script listens for keys


async def _menus_and_keys(page: Page) -> None:
    """What opens below an act goes with Escape or a click elsewhere; Enter on the list of keys switches nothing off."""
    more = page.get_by_label("More acts")
    await more.click()
    await page.get_by_role("button", name="Hand back to the bot").press("Escape")
    await expect(page.get_by_role("button", name="Hand back to the bot")).to_be_hidden()
    await expect(more).to_be_focused()
    await more.click()
    await page.get_by_label("Your reply").click()
    await expect(page.get_by_role("button", name="Hand back to the bot")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("button", name="Close")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    assert await page.evaluate("localStorage.getItem('civicdesk-single-keys')") is None


async def test_on_a_narrow_screen_the_newest_message_is_in_view_also_after_a_reload(
    console: RunningConsole, chromium: Browser
) -> None:
    conversation = await console.queued(name="Lucía")
    for number in range(15):
        await console.say(conversation, f"Line {number}: " + "The lift in the library is broken. " * 4)
    page = await signed_in_agent(console, chromium, viewport={"width": 400, "height": 700})
    await claim_next(page)
    await _claimed(page, "Lucía")
    newest = page.locator("[data-messages] > li").last
    for again in (False, True):
        if again:
            await page.reload()
        await expect(newest).to_be_in_viewport()
        reply, line = await page.locator("[data-part=reply]").bounding_box(), await newest.bounding_box()
        assert reply and line and line["y"] + line["height"] <= reply["y"] + 1, "above the reply"
        resolve = page.get_by_label("What to do").get_by_role("button", name="Resolve")
        await expect(resolve).to_be_in_viewport(ratio=1)
    await page.set_viewport_size({"width": 1280, "height": 700})
    await page.reload()
    await expect(newest).to_be_in_viewport()
    await page.get_by_label("Your reply").fill("\n".join("word" for _ in range(8)))
    await expect(newest).to_be_in_viewport(ratio=1)


async def test_what_agents_do_all_day_takes_few_clicks(console: RunningConsole, chromium: Browser) -> None:
    lucia, omar = await console.queued(name="Lucía", text="parking permit"), await console.queued(name="Omar")
    _, ben = await console.agent("Ben Okafor")
    page, clicks = await signed_in_agent(console, chromium), Clicks()

    await clicks.on(page.get_by_role("button", name="Next"))
    await _claimed(page, "Lucía")
    assert clicks.taken() == 1  # the next conversation
    await claim_next(page)
    await _claimed(page, "Omar")
    await clicks.on(page.locator('[data-entries="mine"]').get_by_role("link", name="Lucía"))
    await _claimed(page, "Lucía")
    assert clicks.taken() == 1  # another of mine

    box = page.get_by_label("Your reply")
    await _menus_and_keys(page)
    await box.press_sequentially("/parking")
    await page.locator("#answers-found li").first.wait_for()
    await box.press("Enter")
    await expect(box).not_to_have_value("/parking")
    assert clicks.taken() == 0  # an approved answer: "/" and Enter
    await page.evaluate(PASTE, base64.b64encode(jpeg()).decode())
    await expect(page.locator("[data-photo]")).to_have_text("With a photo: map.jpg")
    assert clicks.taken() == 0  # a photo by paste
    await box.press("Control+Enter")
    said = page.locator(".message.agent")
    await expect(said.get_by_role("img")).to_have_count(1)
    await expect(said.get_by_role("img")).to_have_css(
        "aspect-ratio", "4 / 3"
    )  # its place is kept before it is there
    await expect(said).to_contain_text("From the approved answer")
    await expect(page.locator("[data-photo]")).to_be_hidden()
    (sent,) = [one for one in await console.log(lucia) if one.author == "agent"]
    assert sent.attachments and not sent.answers[0].changed

    await clicks.on(page.get_by_label("What to do").get_by_text("Transfer", exact=True))
    await clicks.on(page.get_by_role("button", name="Ben Okafor"))
    await expect(page.get_by_role("status").filter(has_text="Offered.").first).to_be_visible()
    assert clicks.taken() == 2  # a transfer
    offered = await console.store.pool.fetchval(
        "SELECT agent_id FROM conversation_offers WHERE conversation_id = $1", lucia.id
    )
    assert offered == ben.agent_id
    await page.locator('[data-entries="mine"]').get_by_role("link", name="Omar").click()
    await _claimed(page, "Omar")

    # Send and resolve: the next of mine opens, and Undo brings it back.
    await page.get_by_label("Your reply").fill("All done.")
    await page.get_by_label("Other ways to send").click()
    await page.get_by_role("button", name="Send and resolve").click()
    await expect(page.get_by_role("status").filter(has_text="Resolved.").first).to_be_visible()
    assert (await console.state(omar)).state == "resolved"
    await page.get_by_role("button", name="Undo").click()
    await _claimed(page, "Omar")
    assert (await console.state(omar)).state == "waiting_on_contact"

    # An old conversation by a word of it.
    await console.store.pool.execute(
        "UPDATE conversations SET state = 'resolved', resolved_at = now() WHERE id = $1", omar.id
    )
    await page.goto(f"{console.base}/console/")
    await clicks.on(page.get_by_role("link", name="Resolved"))
    await clicks.on(page.get_by_role("link", name="Omar"))
    await _claimed(page, "Omar")
    assert clicks.taken() == 2
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_what_was_typed_is_on_the_desk_and_stays_when_the_conversation_goes(
    console: RunningConsole, chromium: Browser
) -> None:
    conversation = await console.queued(name="Lucía")
    page = await signed_in_agent(console, chromium)
    await claim_next(page)
    box = page.get_by_label("Your reply")
    async with page.expect_response("**/draft") as kept:
        await box.fill("Ten minutes of work")
    assert (await kept.value).status == 200
    assert await console.store.pool.fetchval("SELECT text FROM reply_drafts") == "Ten minutes of work"

    # One part that could not be fetched is said, and fetched again, although the stream is there.
    await page.route("**/live?**", lambda route: route.abort(), times=1)
    await console.say(conversation, "Are you there?")
    await expect(page.get_by_text("could not be updated")).to_be_visible()
    await expect(page.locator(".message.contact").last).to_contain_text("Are you there?", timeout=15_000)
    await expect(page.get_by_text("could not be updated")).to_be_hidden()

    # A supervisor takes it away in the middle of a word: nothing is lost, not even what was not kept yet.
    boss = await console.signed_in("Kim Park", role="supervisor")
    await page.route("**/draft", lambda route: route.abort())
    await box.fill("Ten minutes of work, and a word")
    await boss.post(f"/console/conversations/{conversation.id}/release")
    left = page.get_by_label("Your draft not sent")
    await expect(left).to_have_value("Ten minutes of work, and a word")
    await expect(left).to_have_attribute("readonly", "")

    # Another device of the same agent has the text that was kept.
    await page.unroute("**/draft")
    phone = console.browser()
    await phone.sign_in(page.email)  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    assert "Ten minutes of work" in (await phone.get("/console/drafts")).text
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_a_reply_with_everything_open_passes_axe(console: RunningConsole, chromium: Browser) -> None:
    conversation = await console.queued(name="Lucía")
    page = await signed_in_agent(
        console,
        chromium,
        "Carla Rossi",
        role="supervisor",
        viewport={"width": 1280, "height": 900},
        bypass_csp=True,
    )
    pool = console.store.pool
    boss = await pool.fetchval("SELECT id FROM agents")
    await canned.set_text(pool, canned.CannedText("hello", "Hello", {"en": "Hello {contact_name}"}), boss)
    await pool.execute("INSERT INTO tags (name) VALUES ('press')")
    await claim_next(page)
    await page.get_by_label("Add a tag").select_option("press")
    await page.get_by_role("button", name="Add", exact=True).click()
    await page.get_by_label("Your reply").fill("Tomorrow.")
    await page.get_by_label("Other ways to send").click()
    at = (console.clock() + timedelta(hours=2)).astimezone(console.city.zone)
    await page.get_by_label("Send later").fill(f"{at:%Y-%m-%dT%H:%M}")
    await page.get_by_role("button", name="Schedule").click()
    await page.get_by_role("list", name="To be sent later").wait_for()
    await page.get_by_label("Other ways to send").click()
    await page.get_by_text("Put aside", exact=True).first.click()
    for width in (1280, 320):
        await page.set_viewport_size({"width": width, "height": 800})
        await assert_accessible(page, f"at {width}")
    assert (await console.state(conversation)).state == "assigned"
