"""The life of an answer: an editor writes it, another approves it, citizens get it within seconds; a fact in it changes; a wrong version
is withdrawn, recalled from everybody who got it, and restored."""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from playwright.sync_api import Browser

from tests.e2e.channels.platform import Platform
from tests.e2e.people import Agent, Citizen
from tests.e2e.product import Product
from tests.support.waiting import wait_for

LICENCE, BEACH, FEE = "pet_licence", "dog_beach", "certificate_fee"
QUESTION, WRONG = "how do I get a dog licence?", "Dog licences are free this winter."
CHECKED = "We are checking our answer"
TOLD = {
    "en": "A dog licence costs $20.",
    "es": "La licencia cuesta 20 dólares.",
    "fr": "Le permis coûte 20 dollars.",
}
BEACHES = {
    "name": BEACH, "owner": "Parks", "area": "permits", "source": "https://www.lindenport.example/beach",
    "reviewed_on": "2026-01-05", "review_by": "2099-01-05",
    "title-en": "Dog beach", "text-en": "The dog beach costs {certificate_fee} a year.",
    "title-es": "Playa de perros", "text-es": "La playa de perros cuesta {certificate_fee} al año.",
    "title-fr": "Plage pour chiens", "text-fr": "La plage pour chiens coûte {certificate_fee} par an.",
}  # fmt: skip
EXAMPLES = {
    "examples-en": "may my dog swim\nis there a dog beach\nwhere can dogs bathe\nbeach for dogs\ndogs on the sand",
    "examples-es": "puede nadar mi perro\nhay playa de perros\ndónde se bañan los perros\nplaya para perros\nperros en la arena",
    "examples-fr": "mon chien peut-il nager\ny a-t-il une plage pour chiens\noù baigner mon chien\nplage à chiens\nchiens sur le sable",
}
BUTTON = {
    "new_button-en": "Dog beach",
    "new_button-es": "Playa de perros",
    "new_button-fr": "Plage pour chiens",
}
CROWD = 100
"""People on each of three channels."""


class Editors:
    """Emil writes, Faye approves."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.emil, self.faye = (
            Agent(browser, url, f"{name}@lindenport.example", heading="Answers") for name in ("emil", "faye")
        )

    def write(self, path: str, fields: Mapping[str, str], done: str = "Saved as a draft.") -> None:
        """Emil fills in the form of a page and saves."""
        page = self.emil.page
        page.goto(self.url + path)
        for name, text in fields.items():
            box = page.locator(f"main [name='{name}']")
            box.evaluate(
                "one => { for (let at = one; at; at = at.parentElement) if ('open' in at) at.open = true }"
            )
            box.fill(text)
        page.get_by_role("button", name="Save as a draft").click()
        page.get_by_text(done).first.wait_for()

    def release(self, id: str, version: int) -> None:
        """Emil asks for approval, Faye approves and publishes."""
        self.emil.page.get_by_role("button", name="Ask for approval").click()
        self.emil.page.get_by_text(f"Version {version}: In review").wait_for()
        self.faye.page.goto(f"{self.url}/console/answers/{id}")
        self.faye.page.get_by_role("button", name="Approve").click()
        self.faye.page.get_by_role("button", name=f"Publish version {version}").click()
        self.faye.page.get_by_text("Published. Citizens get it within five seconds.").first.wait_for()

    def close(self) -> None:
        self.emil.close()
        self.faye.close()


def gives(citizen: Callable[..., Citizen], text: str) -> Callable[[], bool]:
    """Whether a new citizen in the web chat gets this text."""

    def asks() -> bool:
        someone = citizen()
        someone.say(QUESTION)
        someone.sees(re.compile("."))
        return text in " ".join(someone.texts())

    return asks


def test_an_answer_is_written_approved_given_recalled_and_restored(
    product: Product, browser: Browser, citizen: Callable[..., Citizen]
) -> None:
    editors, telegram = Editors(browser, product.url), product.platforms["telegram"]
    emil, faye = editors.emil.page, editors.faye.page

    # A new answer in three languages, and a button that leads to it: no training is needed for that.
    editors.write("/console/answers/new", BEACHES)
    editors.write(f"/console/answers/{BEACH}", EXAMPLES)
    editors.release(BEACH, 2)
    emil.goto(f"{product.url}/console/answers/{LICENCE}")
    before = emil.locator("[name='text-en']").input_value()
    emil.locator("[name='new_button']").evaluate("one => { one.closest('details').open = true }")
    emil.locator("[name='new_button']").select_option(BEACH)
    for name, text in {**BUTTON, "text-en": f"{WRONG}\n\n{before}"}.items():
        emil.locator(f"[name='{name}']").fill(text)
    emil.get_by_text("Nothing stands in the way of a review.").wait_for()
    emil.get_by_role("button", name="Save as a draft").click()
    emil.get_by_text("Saved as a draft.").first.wait_for()
    assert not gives(citizen, WRONG)(), "a draft"
    editors.release(LICENCE, 2)
    wait_for(gives(citizen, WRONG), "the worker has the old text", seconds=15)
    rosa = citizen()
    rosa.say(QUESTION)
    rosa.press("Dog beach")
    rosa.sees("The dog beach costs $18 a year.")
    telegram.say("back to the assistant")  # an earlier test left its citizen with a person
    telegram.say(QUESTION)
    telegram.press("Dog beach")
    telegram.sees(re.escape("The dog beach costs $18 a year."))

    # The fee is a fact: it is changed in one place.
    editors.write(f"/console/facts/{FEE}", {"value-0": "21"})
    emil.get_by_text("The dog beach costs $21 a year.").wait_for()
    faye.goto(f"{product.url}/console/facts/{FEE}")
    faye.get_by_role("button", name="Publish version 2").click()
    faye.get_by_text("Version 2: Published").first.wait_for()

    def costs_more() -> bool:
        someone = citizen()
        someone.say(QUESTION)
        someone.press("Dog beach")
        return "$21" in someone.sees("The dog beach costs").inner_text()

    wait_for(costs_more, "the worker has the old fee", seconds=15)

    # 300 people on three channels get the wrong version before it is withdrawn.
    crowded = [product.platforms[name] for name in ("telegram", "whatsapp", "messenger")]
    ask_all(crowded)
    faye.goto(f"{product.url}/console/answers/{LICENCE}")
    faye.get_by_text("Withdraw", exact=True).click()
    faye.get_by_label("Why it is withdrawn").fill("Licences are not free.")
    faye.get_by_role("button", name="Withdraw version 2").click()
    faye.get_by_text("Withdrawn. Citizens get the source").first.wait_for()
    wait_for(gives(citizen, CHECKED), "the worker gives a withdrawn answer", seconds=15)

    # Everybody who got it is told once, and counted.
    emil.goto(f"{product.url}/console/answers/{LICENCE}/recall")
    got = int(
        emil.locator("table.lines tr", has=emil.get_by_role("rowheader", name="2", exact=True))
        .locator("td")
        .inner_text()
    )
    assert got >= 3 * CROWD + 2
    emil.get_by_label(f"Version 2, {got} people").check()
    for language, text in TOLD.items():
        emil.locator(f"[name='text-{language}']").fill(text)
    emil.get_by_label("Why").fill("Licences are not free.")
    emil.get_by_role("button", name="Keep for approval").click()
    emil.get_by_text("waits for approval").wait_for()
    faye.goto(f"{product.url}/console/answers/{LICENCE}/recall")
    faye.get_by_role("button", name="Approve and send").click()
    rosa.sees(TOLD["en"], author="system")
    telegram.sees(re.escape(TOLD["en"]))
    wait_for(
        lambda: all(counted(one) == [1] * CROWD for one in crowded),
        "somebody was not told, or twice",
        seconds=60,
    )
    faye.reload()
    faye.get_by_text(re.compile(f"People in all\\s*{got}")).wait_for()

    # The version before it comes back.
    emil.goto(f"{product.url}/console/answers/{LICENCE}")
    emil.get_by_role("button", name="Make a draft of version 1").click()
    emil.get_by_text("Saved as a draft.").first.wait_for()
    editors.release(LICENCE, 3)
    right = gives(citizen, "Every dog older than four months")
    wait_for(right, "the worker does not give the restored text", seconds=15)
    assert all(counted(one) == [1] * CROWD for one in crowded)
    editors.close()


def ask_all(platforms: list[Platform]) -> None:
    """A hundred people on each of them ask, and get the wrong version."""
    with ThreadPoolExecutor(8) as at_once:
        for number in range(CROWD):
            for one in platforms:
                prefix = "US.9" if one.channel == "whatsapp" else "9"
                at_once.submit(one.say_as, f"{prefix}{number + 10_000_000}", QUESTION)
    for one in platforms:
        one.wait(partial(_all_answered, one), "not everybody was answered")


def _all_answered(platform: Platform) -> bool:
    return len(platform.crowd) == CROWD and all(
        any(WRONG in text for text in texts) for texts in platform.crowd.values()
    )


def counted(platform: Platform) -> list[int]:
    """How often each of the crowd was told."""
    return [sum(TOLD["en"] in text for text in texts) for texts in platform.crowd.values()]
