"""A report step by step inside the conversation: progress, back, a review of the answers, and resuming it later."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, violations, write
from tests.web.fake_gateway import FakeGateway

PARTS = ("service", "description", "location", "depth", "photo", "contact")


def _report(step: int, *, paused: bool = False, done: bool = False) -> dict[str, Any]:
    """As the gateway describes it."""
    does = ["continue" if paused else "later", "back", "stop", *(["send", *PARTS] if done else [])]
    answers = [
        {"part": part, "text": "" if part == "depth" else f"The {part}", "title": "How deep is it?" if part == "depth" else None}
        for part in (PARTS if done else ())
    ]  # fmt: skip
    controls = [{"id": f"r{step}-{one}", "title": f"Please: {one}", "does": one} for one in does]
    return {"step": step, "steps": 7, "paused": paused, "answers": answers, "controls": controls}


async def _pressed(gateway: FakeGateway, count: int) -> str:
    await gateway.heard(count)
    return str(list(gateway.contact.accepted.values())[-1].get("button"))


async def _tab_to(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await button.evaluate("(one) => one.getRootNode().activeElement === one"):
            return
    raise AssertionError(f"Tab does not reach {name}")


async def test_a_report_is_gone_through_by_keyboard_checked_and_resumed(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page(viewport={"width": 320, "height": 720})
    panel = await open_chat(page)
    bar = panel.get_by_role("group", name="Your report")
    await expect(bar).to_be_hidden()
    await write(page, "There is a hole")
    await gateway.heard()
    await gateway.say("Where is it?", report=_report(3))
    await expect(bar.get_by_text("Your report: step 3 of 7")).to_be_visible()
    await expect(bar.get_by_role("progressbar")).to_have_attribute("value", "3")
    assert await violations(page) == []

    await _tab_to(page, "Back")
    await page.keyboard.press("Enter")
    assert await _pressed(gateway, 2) == "r3-back"
    await gateway.say("What is it?", report=_report(2))
    await expect(bar.get_by_text("Your report: step 2 of 7")).to_be_visible()
    await _tab_to(page, "Finish later")
    await page.keyboard.press("Enter")
    assert await _pressed(gateway, 3) == "r2-later"
    await gateway.say("It is kept.", report=_report(2, paused=True))
    await page.reload()
    await open_chat(page)
    await expect(bar.get_by_text("Your report is kept.")).to_be_visible()
    await bar.get_by_role("button", name="Continue").click()
    assert await _pressed(gateway, 4) == "r2-continue"

    await gateway.say("Shall I send it?", report=_report(7, done=True))
    await bar.get_by_role("button", name="Check your answers").click()
    review = panel.get_by_role("region", name="Check your answers")
    await expect(review.get_by_role("heading")).to_be_focused()
    assert await review.get_by_role("term").all_inner_texts() == [
        "Problem", "Description", "Place", "How deep is it?", "Photos", "Contact",
    ]  # fmt: skip
    await expect(review.get_by_text("Not given")).to_have_count(1)
    await expect(panel.get_by_role("log")).to_be_hidden()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(review).to_be_hidden()
    await expect(bar.get_by_role("button", name="Check your answers")).to_be_focused()

    await page.keyboard.press("Enter")
    await _tab_to(page, "Change: How deep is it?")
    await page.keyboard.press("Enter")
    assert await _pressed(gateway, 5) == "r7-depth"
    await expect(page.get_by_label("Your message")).to_be_focused()
    await gateway.say("How deep is it?", report=_report(4))
    await expect(bar.get_by_text("step 4 of 7")).to_be_visible()

    await gateway.say("Shall I send it?", report=_report(7, done=True))
    await bar.get_by_role("button", name="Check your answers").click()
    await review.get_by_role("button", name="Send the report").click()
    assert await _pressed(gateway, 6) == "r7-send"
    await gateway.say("I am sending it.")
    await message(page, "I am sending it.").wait_for()
    await expect(bar).to_be_hidden()
    await gateway.become(owner="agent", agent_name="Maria")
    await gateway.say("Hello", author="agent", agent_name="Maria", report=_report(3))
    await expect(message(page, "Hello")).to_be_visible()
    await expect(bar).to_be_hidden()
