"""An administrator changes settings; every process has them within seconds, without a restart."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.e2e.people import Agent, Citizen
from tests.e2e.product import Product
from tests.support.waiting import wait_for


def test_a_changed_number_is_on_the_page_and_in_what_the_assistant_says(
    product: Product, browser: Browser, citizen: Callable[..., Citizen]
) -> None:
    dora = Agent(browser, product.url, "dora@lindenport.example", heading="Agents")
    dora.page.goto(f"{product.url}/console/admin/settings/crisis_lines")
    gas = dora.page.get_by_role("group", name="Gas", exact=True).get_by_label("English")
    before = gas.input_value()
    gas.fill("555-0191")
    dora.page.get_by_role("button", name="Save").click()
    dora.page.get_by_text("Saved. It takes effect within five seconds.").first.wait_for()
    dora.page.goto(f"{product.url}/console/admin/settings/contact")
    phone = dora.page.get_by_label("Telephone").input_value()
    emergency = dora.page.get_by_label("Emergency number").input_value()
    dora.page.get_by_label("Telephone").fill("555-0190")
    dora.page.get_by_label("Emergency number").fill("555-0192")
    dora.page.get_by_role("button", name="Save").click()
    dora.page.get_by_text("Saved. It takes effect within five seconds.").first.wait_for()
    try:
        visitor = browser.new_page()

        def on_the_page() -> bool:
            visitor.goto(f"{product.url}/chat")
            return "555-0192" in visitor.content()

        wait_for(on_the_page, "the gateway has the old emergency number", seconds=5)
        visitor.close()

        def said(question: str, number: str) -> Callable[[], bool]:
            def asks() -> bool:
                someone = citizen()
                someone.say(question)
                someone.sees(re.compile("."))
                return number in " ".join(someone.texts())

            return asks

        wait_for(said("I smell gas in my house", "555-0191"), "the actions have the old line", seconds=15)
        wait_for(
            said("how do I book an appointment?", "555-0190"), "the worker has the old number", seconds=15
        )
    finally:
        dora.page.goto(f"{product.url}/console/admin/settings/contact")
        dora.page.get_by_label("Telephone").fill(phone)
        dora.page.get_by_label("Emergency number").fill(emergency)
        dora.page.get_by_role("button", name="Save").click()
        dora.page.goto(f"{product.url}/console/admin/settings/crisis_lines")
        dora.page.get_by_role("group", name="Gas", exact=True).get_by_label("English").fill(before)
        dora.page.get_by_role("button", name="Save").click()
        dora.page.get_by_text("Saved. It takes effect within five seconds.").first.wait_for()
        dora.close()
