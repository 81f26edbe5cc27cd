"""An editor changes an answer, another approves it, and citizens get it within seconds; then it is withdrawn and restored."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser

from tests.e2e.people import Agent, Citizen
from tests.e2e.product import Product
from tests.support.waiting import wait_for

PAGE = "/console/answers/pet_licence"
NEW = "Dog licences are free this winter."


def test_a_published_text_is_given_within_seconds_and_can_be_taken_back(
    product: Product, browser: Browser, citizen: Callable[..., Citizen]
) -> None:
    emil = Agent(browser, product.url, "emil@lindenport.example", heading="Answers")
    faye = Agent(browser, product.url, "faye@lindenport.example", heading="Answers")

    def gives(text: str) -> Callable[[], bool]:
        def asks() -> bool:
            someone = citizen()
            someone.say("how do I get a dog licence?")
            someone.sees(re.compile("."))
            return text in " ".join(someone.texts())

        return asks

    def release(version: int) -> None:
        emil.page.get_by_role("button", name="Ask for approval").click()
        emil.page.get_by_text(f"Version {version}: In review").wait_for()
        faye.page.goto(product.url + PAGE)
        faye.page.get_by_role("button", name="Approve").click()
        faye.page.get_by_role("button", name=f"Publish version {version}").click()
        faye.page.get_by_text("Published. Citizens get it within five seconds.").first.wait_for()

    emil.page.goto(product.url + PAGE)
    box = emil.page.get_by_role("group", name="Text", exact=True).get_by_label("Text English")
    before = box.input_value()
    box.fill(f"{NEW}\n\n{before}")
    emil.page.get_by_text("Nothing stands in the way of a review.").wait_for()
    emil.page.get_by_role("button", name="Save as a draft").click()
    emil.page.get_by_text("Saved as a draft.").first.wait_for()
    assert not gives(NEW)(), "a draft"
    release(2)
    wait_for(gives(NEW), "the worker has the old text", seconds=15)
    faye.page.get_by_text("Withdraw", exact=True).click()
    faye.page.get_by_label("Why it is withdrawn").fill("Licences are not free.")
    faye.page.get_by_role("button", name="Withdraw version 2").click()
    faye.page.get_by_text("Withdrawn. Citizens get the source").first.wait_for()
    wait_for(gives("We are checking our answer"), "the worker gives a withdrawn answer", seconds=15)
    emil.page.goto(product.url + PAGE)
    emil.page.get_by_role("button", name="Make a draft of version 1").click()
    emil.page.get_by_text("Saved as a draft.").first.wait_for()
    release(3)
    wait_for(
        gives("Every dog older than four months"), "the worker does not give the restored text", seconds=15
    )
    emil.close()
    faye.close()
