"""What an answer is made of: a long one folded, numbers to call and to keep, mail addresses."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, violations, write
from tests.web.fake_gateway import FakeGateway

FIRST, SECOND = "Bring your old passport. " * 15, "Pay at the desk. " * 25
LINKS = "(parts) => [...parts.querySelectorAll('a')].map((a) => [a.textContent, a.getAttribute('href')])"


async def test_long_answers_numbers_and_addresses(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page(permissions=["clipboard-read", "clipboard-write"])
    await open_chat(page)
    await write(page, "Hello, my number is 555-0123")
    await gateway.heard()

    await gateway.say(f"{FIRST}\n{SECOND}")
    line = message(page, "Bring your old passport.")
    await expect(line.get_by_text("Pay at the desk.")).to_be_hidden()
    more = line.get_by_role("button", name="Show the rest")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(line.get_by_text("Pay at the desk.")).to_be_visible()
    less = line.get_by_role("button", name="Show less")
    await expect(less).to_be_focused()
    await expect(less).to_have_attribute("aria-expanded", "true")

    await gateway.say(
        "Your report is with the city. Its number is SR-4KQ2-01AB. Call 555-0100, (212) 555-0142 or +44 20 7946 0958, "
        "write to help@lindenport.example. Closed from 2026-12-24 to 2027-01-02, form A-12, 1-2 days, 25-30 EUR."
    )
    line = message(page, "Its number is")
    assert await line.locator(".text").evaluate(LINKS) == [
        ["555-0100", "tel:5550100"],
        ["(212) 555-0142", "tel:2125550142"],
        ["+44 20 7946 0958", "tel:+442079460958"],
        ["help@lindenport.example", "mailto:help@lindenport.example"],
    ]
    await expect(line.locator(".reference")).to_have_text("SR-4KQ2-01AB")
    await line.get_by_role("button", name="Copy the number SR-4KQ2-01AB").click()
    await expect(line.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "SR-4KQ2-01AB"
    await gateway.say("Three more: SR-QRST-7VWX, SR-7VWX-QRST and SR-2026-000123. Not one: AB-CDEF, NOT-NOW.")
    line = message(page, "Three more")
    await expect(line.locator(".reference")).to_have_text(["SR-QRST-7VWX", "SR-7VWX-QRST", "SR-2026-000123"])
    content = (Path(__file__).parents[2] / "content" / "dialogue" / "status.yml").read_text()
    (example,) = re.findall(r"text: (What is the number of your report.*)", content)
    await gateway.say(example)
    line = message(page, "What is the number of your report?")
    await expect(line.locator(".reference")).to_have_count(1)
    await expect(line.get_by_role("button")).to_have_count(0)  # an example is nobody's number
    assert await violations(page) == []
