"""4 and 6 again, while the office is closed, before the bot is up, and with a restart in between."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, expect

from city import load_city
from tests.e2e.people import Citizen
from tests.e2e.product import ROOT, Product


def opens_in_two_days() -> tuple[dict[str, list[str]], str]:
    zone: ZoneInfo = load_city(ROOT / "city.yml").zone
    day = datetime.now(zone) + timedelta(days=2)
    return {day.strftime("%A").lower(): ["09:00-17:00"]}, day.strftime("%A")


def test_closed_hours_an_early_question_and_a_restart(tmp_path: Path, browser: Browser) -> None:
    hours, day = opens_in_two_days()
    product = Product(tmp_path, office_hours=hours, wait_for_bot=False)
    with product:
        someone = Citizen(browser, product.url)
        someone.say("when is my bin collected?")  # the bot is still loading: kept, and answered when it is up
        someone.page.locator("civicdesk-chat .message.bot").last.wait_for(timeout=90_000)
        someone.sees(re.compile("collected once a week"))
        someone.say("I want to talk to a person")
        told = someone.sees(re.compile("closed now"), author="system")
        expect(told).to_contain_text(day)
        expect(someone.banner()).to_contain_text(re.compile("closed until"))
        before = someone.texts()
    assert product.exit_code == 0, product.tail()

    with product:
        expect(someone.banner()).to_contain_text(re.compile("closed until"))
        someone.say("is anybody there?")
        expect(someone.page.get_by_text("is anybody there?")).to_be_visible()
        someone.page.close()
        someone.arrive()
        expect(someone.page.get_by_text("is anybody there?")).to_be_visible()
        someone.reads([*before, "is anybody there?"])
        someone.close()
