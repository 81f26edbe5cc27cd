"""On each channel: a report with a photo and a place, a person who answers, and an end. Over real sockets on both sides."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.channels.platform import Platform
from tests.e2e.people import Agent

REFERENCE = re.compile(r"SR-[0-9A-Z]{4}-[0-9A-Z]{4}")


def test_a_report_a_person_and_an_end(phone: Platform, agent: Callable[[str], Agent], photo: Path) -> None:
    phone.say("the street light outside my house is broken, it has been dark for a week")
    phone.sees("Where is it?")
    place = phone.tell_where()
    asked = phone.sees(re.compile("Do you have a photo|Is yours one of these"))
    if "one of these" in asked.text:  # the other channels reported a lamp at this place before
        phone.say("no, mine is a new one")
        phone.sees("Do you have a photo?")
    phone.send_photo(photo.read_bytes())
    phone.sees(re.compile("contact|news", re.IGNORECASE))
    phone.say("no")
    summary = phone.sees("This is your report").text
    assert place in summary and "one photo" in summary
    phone.press("Yes, send it")
    phone.sees(REFERENCE)

    ana = agent("ana")
    marker = f"zebra on {phone.channel}"
    phone.say(f"my neighbour keeps seventeen peacocks, {marker}")
    before = len(phone.seen)
    phone.say("I want to talk to a person")
    phone.sees("place in the queue", after=before)
    ana.claim(marker)
    expect(ana.page.get_by_role("heading", level=1)).to_have_text(phone.called)
    # What was said and sent before is before the agent, the photo too.
    seen = ana.page.locator(".message.contact img").first
    assert (
        seen.evaluate("one => { one.loading = 'eager'; return one.decode().then(() => one.naturalWidth) }")
        == 640
    )
    ana.reply("This is the town hall. Peacocks need a permit.")
    phone.sees("Peacocks need a permit")
    phone.say("and how much is it?")
    expect(ana.page.locator(".message.contact").filter(has_text="and how much is it?")).to_be_visible()
    before = len(phone.seen)
    ana.reply("Nothing at all. When will you come?", photo, ["On Monday", "On Tuesday"])
    phone.sees("Nothing at all", after=before)
    assert phone.sees_photo(after=before).startswith(b"\xff\xd8\xff")
    phone.press("On Tuesday")
    expect(ana.page.locator(".message.contact").filter(has_text="On Tuesday")).to_be_visible()
    ana.page.get_by_role("button", name=re.compile("Resolve")).click()
    phone.sees("is closed", after=before)
    texts = [one.text for one in phone.seen]
    assert len([one for one in texts if "Peacocks need a permit" in one]) == 1
