"""The console in a real browser: live, accessible, and it never loses an agent's text."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from desk.store.routing import offers
from tests.support.console import RunningConsole
from tests.support.console_browser import (
    assert_accessible,
    build_pages,
    claim_next,
    running_browser,
    signed_in_agent,
)

WEB = Path("web")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """web/dist as the sources are now."""
    build_pages()


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


async def test_a_new_entry_appears_by_itself_and_moves_no_focus(
    console: RunningConsole, chromium: Browser
) -> None:
    page = await signed_in_agent(console, chromium)
    await expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    await page.get_by_role("link", name="Answers").focus()
    await console.queued(name="Lucía")
    await expect(page.locator(".entry")).to_have_count(1)
    await expect(page).to_have_title("Desk – Lindenport front desk")
    await expect(page.locator("[data-announce]")).to_have_text("One conversation is waiting.")
    await expect(page.get_by_role("link", name="Answers")).to_be_focused()
    await page.get_by_role("link", name="Lucía").focus()
    await console.queued(name="Omar")
    await expect(page.locator(".entry")).to_have_count(2)
    await expect(page.get_by_role("link", name="Lucía")).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_the_wall_and_a_whisper_come_by_themselves(console: RunningConsole, chromium: Browser) -> None:
    carla = await signed_in_agent(console, chromium, "Carla Rossi", role="supervisor")
    await carla.goto(f"{console.base}/console/wall")
    waiting = carla.locator(".tiles dd").first
    await expect(waiting).to_have_text("0")
    conversation = await console.queued(name="Lucía")
    await expect(waiting).to_have_text("1")
    ana = await signed_in_agent(console, chromium)
    await claim_next(ana)
    await ana.get_by_role("heading", name="Lucía").wait_for()
    await carla.goto(f"{console.base}/console/conversations/{conversation.id}")
    await carla.get_by_label("Say something to Ana Duarte").fill("Offer the waiver.")
    await carla.get_by_role("button", name="Whisper").click()
    await expect(ana.locator(".whispers")).to_contain_text("Offer the waiver.")
    assert ana.complaints == carla.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_an_urgent_conversation_stands_on_top_and_is_said_until_it_is_claimed(
    console: RunningConsole, chromium: Browser
) -> None:
    await console.queued(name="Omar")
    page = await signed_in_agent(console, chromium)
    alarm = page.locator("[data-alarm]")
    await expect(alarm).to_be_hidden()
    await console.queued(name="Lucía", reason="distress", urgency="missing")
    await expect(alarm).to_have_text("Urgent: 1 conversation waits. Somebody may be in danger.")
    await expect(page).to_have_title("Urgent Desk – Lindenport front desk")
    first = page.locator(".entry").first
    await expect(first).to_contain_text("Lucía")
    await expect(first).to_contain_text("Urgent")
    await expect(first).to_contain_text("Somebody is missing")
    # On every page, until it is claimed.
    await page.goto(f"{console.base}/console/requests")
    await expect(alarm).to_be_visible()
    await page.goto(f"{console.base}/console/")
    await claim_next(page)
    await page.get_by_role("heading", name="Lucía").wait_for()
    await expect(alarm).to_be_hidden()
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_a_conversation_goes_on_without_a_reload(console: RunningConsole, chromium: Browser) -> None:
    conversation = await console.queued()
    page = await signed_in_agent(console, chromium)
    await claim_next(page)
    box = page.get_by_label("Your reply")
    await box.fill("Half a sent")
    await console.say(conversation, "are you there? <img src=x>")
    await expect(page.locator(".message.contact").last).to_contain_text("are you there? <img src=x>")
    await expect(page.locator("[data-announce]")).to_contain_text("New message from the citizen.")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("Half a sent")

    await page.reload()
    await expect(box).to_have_value("Half a sent")  # the draft was kept in this tab

    # The desk cannot be reached: the words stay, and a sentence says so.
    await page.route("**/reply", lambda route: route.abort())
    await box.press("Control+Enter")
    await expect(page.locator("[data-error]")).to_contain_text("could not be sent")
    await expect(box).to_have_value("Half a sent")
    await page.unroute("**/reply")

    await box.press("Control+Enter")
    await expect(page.locator(".message.agent")).to_have_count(1)
    await expect(box).to_have_value("")
    await expect(box).to_be_focused()
    said = [message.text for message in await console.log(conversation) if message.author == "agent"]
    assert said == ["Half a sent"]

    # What was searched for and what was opened beside it stay when the citizen writes.
    await console.queued(name="Lucía Prieto")
    await page.get_by_text("Link a contact").click()
    await page.get_by_label("Find by name").fill("Prieto")
    await page.get_by_role("button", name="Find", exact=True).click()
    found, reminder = page.locator(".candidates"), page.locator("summary", has_text="Remind me")
    await expect(found).to_contain_text("Lucía Prieto")
    await reminder.click()
    await console.say(conversation, "one more thing")
    await expect(page.locator(".message.contact").last).to_contain_text("one more thing")
    await expect(found).to_contain_text("Lucía Prieto")
    await expect(page.get_by_label("Of what")).to_be_visible()
    await expect(reminder).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_a_failure_told_later_is_shown_without_a_reload(
    console: RunningConsole, chromium: Browser
) -> None:
    conversation = await console.queued()
    page = await signed_in_agent(console, chromium)
    await claim_next(page)
    await page.get_by_label("Your reply").fill("It is on Tuesday.")
    await page.get_by_label("Your reply").press("Control+Enter")
    await expect(page.locator(".message.agent")).to_have_count(1)
    (message,) = [one for one in await console.log(conversation) if one.author == "agent"]
    await console.store.pool.execute(
        """INSERT INTO outbox (inbox, contact_id, message_id, state, failure, error)
           VALUES ('web', $1, $2, 'dead', 'refused_later', 'code 131026')""",
        conversation.contact_id,
        message.id,
    )
    await console.live.tell(conversation.contact_id, conversation.id, "status")
    shown = page.locator(".message.agent")
    await expect(shown).to_contain_text("Not delivered")
    await expect(shown).to_contain_text("could not deliver it. Try again later, or another way.")
    await expect(shown).to_contain_text("The provider said: code 131026")
    await expect(shown).to_have_count(1)
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_a_photo_and_choices_leave_with_the_words_and_the_form_is_empty_again(
    console: RunningConsole, chromium: Browser, tmp_path: Path
) -> None:
    conversation = await console.queued()
    Image.effect_noise((300, 200), 60).convert("RGB").save(tmp_path / "map.jpg")
    page = await signed_in_agent(console, chromium)
    await claim_next(page)
    await page.get_by_text("Photo, choices").click()
    # On a low screen the long box scrolls; it does not leave its card, and the transcript stays in sight.
    await page.set_viewport_size({"width": 1366, "height": 640})
    card, reply, thread = [await page.locator(one).bounding_box() for one in (".talk", ".reply", ".thread")]
    assert card and reply and thread
    assert reply["y"] + reply["height"] <= card["y"] + card["height"] + 1 and thread["height"] >= 100
    await page.get_by_label("Photo JPEG").set_input_files(tmp_path / "map.jpg")
    await page.get_by_label("What the photo shows").fill("A map of the new stop")
    await page.get_by_label("Choices to tap").fill("Monday\nTuesday")
    box = page.get_by_label("Your reply")
    await box.fill("It moved here.")
    await box.press("Control+Enter")
    said = page.locator(".message.agent")
    await expect(said.get_by_role("img", name="A map of the new stop")).to_be_visible()
    await expect(said).to_contain_text("Tuesday")
    await expect(box).to_have_value("")
    await expect(page.get_by_label("Photo JPEG")).to_be_hidden()
    await page.get_by_text("Photo, choices").click()
    for field in ("Photo JPEG", "What the photo shows", "Choices to tap"):
        await expect(page.get_by_label(field)).to_have_value("")
    # A file that is no photo: a sentence, and the words stay.
    (tmp_path / "no.jpg").write_text("no photo")
    await page.get_by_label("Photo JPEG").set_input_files(tmp_path / "no.jpg")
    await box.fill("And this?")
    await box.press("Control+Enter")
    await expect(page.locator("[data-error]")).to_contain_text("not a photo")
    await expect(box).to_have_value("And this?")
    assert len([one for one in await console.log(conversation) if one.author == "agent"]) == 1
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_an_answer_that_was_lost_on_the_way_is_not_sent_twice(
    console: RunningConsole, chromium: Browser
) -> None:
    conversation = await console.queued()
    page = await signed_in_agent(console, chromium)
    await claim_next(page)
    box = page.get_by_label("Your reply")

    async def lose_the_answer(route: Any) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/reply", lose_the_answer)
    await box.fill("Only once")
    await box.press("Control+Enter")
    await expect(page.locator("[data-error]")).to_contain_text("could not be sent")
    await page.unroute("**/reply")
    await box.press("Control+Enter")
    await expect(box).to_have_value("")
    await expect(page.locator(".message.agent")).to_have_count(1)
    assert [one.author for one in await console.log(conversation)].count("agent") == 1


@pytest.mark.parametrize(("width", "look"), [(320, "dark"), (1280, "light")])
async def test_long_words_and_what_is_open_pass_axe_and_fit(
    console: RunningConsole, chromium: Browser, width: int, look: Any
) -> None:
    conversation = await console.queued(name="x" * 300, text="y" * 3000, summary="z" * 500, reason="distress")
    page = await signed_in_agent(
        console, chromium, "Carla Rossi", role="supervisor", color_scheme=look,
        viewport={"width": width, "height": 800}, bypass_csp=True,
    )  # fmt: skip
    carla = await console.store.pool.fetchval("SELECT id FROM agents WHERE role = 'supervisor'")
    offered = await console.queued(name="Omar")
    await offers.add_offer(console.store.pool, offered.id, carla, "push", 600)
    one = f"/console/conversations/{conversation.id}"
    for path in (
        "/console/",
        one,
        "claim",
        "/console/?tab=resolved",
        "leave",
        "out",
    ):
        if path == "claim":
            await page.goto(console.base + one)
            await page.get_by_role("button", name="Claim").click()
            await page.get_by_label("Your reply").wait_for()
            await page.get_by_text("Photo, choices").click()
            await page.locator(".presence summary").click()
        elif path == "leave":
            await page.locator(".presence summary").click()
            await page.get_by_role("button", name="Sign out").click()
            await page.get_by_text("1 conversation waits for your answer").wait_for()
        elif path == "out":
            await page.locator("main").get_by_role("button", name="Sign out").click()
            await page.get_by_label("Password").wait_for()
        else:
            await page.goto(console.base + path)
        await assert_accessible(page, path)
