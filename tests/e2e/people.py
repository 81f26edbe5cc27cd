"""A citizen and an agent, each in a real browser window, in their own words."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.product import PASSWORD

PATIENCE = 20_000  # milliseconds a person would wait before calling it broken
expect.set_options(timeout=PATIENCE)


class Citizen:
    """Someone on the city's page with the chat open."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        self.context: BrowserContext = browser.new_context(**options)  # type: ignore[arg-type]  # Playwright's own typed dictionary, built as a plain one
        self.context.set_default_timeout(PATIENCE)
        self.url = url
        self.page: Page = self.arrive()

    def arrive(self) -> Page:
        """Open the city's page and the chat, as on a first visit or when coming back."""
        self.page = self.context.new_page()
        self.page.goto(self.url)
        self.page.get_by_role("button", name=re.compile("chat", re.IGNORECASE)).first.click()
        self.page.get_by_role("dialog").wait_for()
        return self.page

    def say(self, text: str) -> None:
        """Type and send."""
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_role("button", name="Send", exact=True).click()

    def choices(self) -> list[str]:
        """The titles of the buttons that are offered now."""
        return self.page.locator("civicdesk-chat .choices button:not([aria-disabled=true])").all_inner_texts()

    def press(self, title: str) -> None:
        """Press one of the buttons that were offered."""
        self.page.locator("civicdesk-chat .choices button:not([aria-disabled=true])").get_by_text(
            title, exact=True
        ).last.click()

    def sees(self, text: str | re.Pattern[str], *, author: str = "bot") -> Locator:
        """Wait for a message of this author with this text; the newest such."""
        found = self.page.locator(f"civicdesk-chat .message.{author}").filter(has_text=text).last
        expect(found).to_be_visible()
        return found

    def texts(self) -> list[str]:
        """Every message on screen, in order."""
        return self.page.locator("civicdesk-chat .messages .message .text").all_inner_texts()

    def reads(self, expected: Sequence[str]) -> None:
        """Wait until this and nothing else is on screen, in this order.

        A draft is on screen at once, before the log it belongs to has come: whoever looks then sees it alone.
        """
        lines = self.page.locator("civicdesk-chat .messages .message .text")
        expect(lines).to_have_count(len(expected))
        assert self.texts() == list(expected)

    def count(self) -> int:
        """How many messages are on screen."""
        return self.page.locator("civicdesk-chat .messages .message").count()

    def banner(self) -> Locator:
        """The line that says who answers."""
        return self.page.locator("civicdesk-chat .banner:not(.report)")

    def attach(self, photo: Path) -> None:
        """Choose a photo and send it."""
        self.page.locator("civicdesk-chat input[type=file]").set_input_files(str(photo))
        self.page.locator("civicdesk-chat").get_by_text("Photo added", exact=False).first.wait_for()
        self.page.get_by_role("button", name="Send", exact=True).click()

    def share_location(self) -> None:
        """Press the location button of the composer."""
        self.page.get_by_role("button", name="Share my location").click()
        self.page.get_by_role("button", name="Use my position").click()

    def close(self) -> None:
        self.context.close()


class Agent:
    """Someone of the city at the console."""

    def __init__(self, browser: Browser, url: str, email: str, heading: str = "Conversations") -> None:
        self.context = browser.new_context()
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.url = url
        self.page.goto(f"{url}/console/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("heading", name=heading, exact=True).wait_for()

    def waiting(self) -> Locator:
        """The entries of the queue."""
        return self.page.locator(".entry.queued")

    def entry(self, text: str) -> Locator:
        """The entry in the list that holds these words."""
        found = self.page.locator(".entry").filter(has_text=text).first
        expect(found).to_be_visible()
        return found

    def queue(self) -> None:
        self.page.goto(f"{self.url}/console/")

    def claim(self, text: str) -> None:
        self.entry(text).get_by_role("link").click()
        self.page.get_by_role("group", name="What to do").get_by_role("button", name="Claim").click()
        self.page.get_by_label("Your reply").wait_for()

    def reply(self, text: str, photo: Path | None = None, choices: Sequence[str] = ()) -> None:
        self.page.get_by_label("Your reply").fill(text)
        if photo or choices:
            self.page.get_by_text("Photo, choices").click()
        if photo:
            self.page.get_by_label("Photo JPEG").set_input_files(str(photo))
            self.page.get_by_label("What the photo shows").fill(photo.stem)
        if choices:
            self.page.get_by_label("Choices to tap").fill("\n".join(choices))
        self.page.get_by_role("button", name="Send", exact=True).click()
        expect(self.page.locator(".message.agent").filter(has_text=text)).to_be_visible()

    def close(self) -> None:
        self.context.close()


REFERENCE = re.compile(r"SR-[0-9A-Z]{4}-[0-9A-Z]{4}")


def reference_of(someone: Citizen) -> str:
    found = REFERENCE.search(someone.sees(REFERENCE, author="system").inner_text())
    assert found is not None
    return found[0]
