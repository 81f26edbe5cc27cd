"""The widget on other people's pages: their scripts, their policies, their storage; and what a wrong page is told."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from playwright.async_api import BrowserContext, Page, expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, write
from tests.web.fake_gateway import DIST, FakeGateway

NewContext = Callable[..., Awaitable[BrowserContext]]
SWAP = """() => {
  const body = document.createElement('body');
  body.append(document.createElement('civicdesk-chat'));
  document.documentElement.replaceChild(body, document.body);
}"""
"""What Turbo does when a link is followed."""
NO_STORAGE = """for (const name of ['localStorage', 'sessionStorage']) {
  Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
}"""


def _page(server: str, attributes: str = "", tag: str = "") -> str:
    return (
        "<!doctype html><html lang=en><title>Library</title><h1>Library</h1>"
        f'<script type="module" src="{server}widget/civicdesk.js" {attributes}></script>{tag}'
    )


async def _other_site(gateway: FakeGateway, context: BrowserContext, html: str) -> Page:
    """The same machine under another name is another origin."""
    gateway.pages["library"] = html
    page = await context.new_page()
    await page.goto(gateway.url.replace("127.0.0.1", "localhost") + "site/library")
    return page


async def test_pages_that_replace_their_content_keep_one_stream(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await gateway.until(lambda: gateway.streams == 1)
    await page.get_by_label("Your message").fill("half a sent")
    for _ in range(12):
        await page.evaluate(SWAP)
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_have_value("half a sent")
    assert await page.evaluate("document.activeElement === document.body")  # a script's work takes no focus
    await gateway.say("Good morning.")
    await expect(message(page, "Good morning.")).to_have_count(1)
    assert gateway.streams == 1
    assert sum("GET stream" in one for one in gateway.requests) == 1

    # Back and forward: the page is kept, or loaded again; both ways the conversation goes on.
    await page.goto(gateway.url + "?lang=en")
    await page.go_back()
    await gateway.say("Welcome back.")
    await expect(message(page, "Welcome back.")).to_have_count(1)
    await gateway.until(lambda: gateway.streams == 1)

    await page.evaluate(
        "() => document.body.append(...[1, 2].map(() => document.createElement('civicdesk-chat')))"
    )
    launchers = page.locator("civicdesk-chat .launcher:visible")
    await launchers.last.dispatch_event("click")  # they lie on each other here
    await expect(page.locator("civicdesk-chat dialog[open]")).to_have_count(1)
    assert gateway.streams == 1


async def test_another_site_needs_one_tag_and_its_permission(
    gateway: FakeGateway, new_context: NewContext
) -> None:
    said: list[str] = []
    context = await new_context()
    context.on("console", lambda line: said.append(line.text))
    gateway.policy = (
        f"default-src 'none'; script-src {gateway.url}; connect-src {gateway.url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    version = json.loads((DIST / "widget" / "version.json").read_text())
    pinned = f'integrity="{version["integrity"]}" crossorigin="anonymous"'
    html = _page(gateway.url, pinned).replace("civicdesk.js", version["script"])
    page = await _other_site(gateway, context, html)
    async with page.expect_console_message(lambda line: line.text.startswith("Civicdesk:")):
        panel = await open_chat(page)
    link = panel.get_by_role("link", name="Write to us there")
    await expect(link).to_have_attribute("href", gateway.url + "chat?language=en")
    await expect(page.get_by_label("Your message")).to_be_hidden()
    assert gateway.contacts == {}
    origin = gateway.url.replace("127.0.0.1", "localhost").rstrip("/")
    assert [line for line in said if "CIVICDESK_WIDGET_ORIGINS" in line and origin in line]

    gateway.origins.add(origin)
    await page.reload()
    await open_chat(page)
    await write(page, "Are you open?")
    await gateway.heard()
    await gateway.say("Until six.")
    await expect(message(page, "Until six.")).to_have_count(1)

    # The text of a link waits for the citizen to send it.
    await page.evaluate("location.hash = 'civicdesk=Late%20fees%3F'")
    await expect(page.get_by_label("Your message")).to_have_value("Late fees?")
    assert len(gateway.contact.log) == 2


async def test_a_policy_that_forbids_the_gateway_is_named(
    gateway: FakeGateway, new_context: NewContext
) -> None:
    said: list[str] = []
    gateway.policy = f"default-src 'none'; script-src {gateway.url} 'unsafe-inline'"
    context = await new_context(expected="Content Security Policy")
    context.on("console", lambda line: said.append(line.text))
    page = await _other_site(gateway, context, _page(gateway.url))
    async with page.expect_console_message(lambda line: line.text.startswith("Civicdesk:")):
        await open_chat(page)
    await expect(page.get_by_role("link", name="Write to us there")).to_be_visible()
    assert [line for line in said if line.startswith("Civicdesk:") and "connect-src" in line]


async def test_a_page_that_names_no_gateway_is_told(gateway: FakeGateway, new_context: NewContext) -> None:
    """As with the package, without the attribute `server`: the site's own address answers, but not as a gateway."""
    said: list[str] = []
    gateway.refuse["GET config"] = (404, "")
    gateway.policy = ""
    context = await new_context()
    context.on("console", lambda line: said.append(line.text))
    page = await context.new_page()
    own = '<civicdesk-chat><a href="https://desk.example/chat">Write to the city</a></civicdesk-chat>'
    gateway.pages["library"] = _page(gateway.url, tag=own)
    await page.goto(gateway.url + "site/library")
    async with page.expect_console_message(lambda line: line.text.startswith("Civicdesk:")):
        await open_chat(page)
    link = page.get_by_role("link", name="Write to us there")
    await expect(link).to_have_attribute("href", "https://desk.example/chat")
    assert [line for line in said if line.startswith("Civicdesk: There is no gateway") and "server" in line]
    assert gateway.contacts == {}


async def test_storage_may_be_denied_and_a_script_may_fail(
    gateway: FakeGateway, new_context: NewContext
) -> None:
    context = await new_context()
    await context.add_init_script(NO_STORAGE)
    page = await context.new_page()
    await page.goto(gateway.url)
    await open_chat(page)
    await write(page, "Hello")
    await gateway.heard()
    await gateway.say("Good morning.")
    await expect(message(page, "Good morning.")).to_have_count(1)

    gateway.policy = ""
    element = f'<civicdesk-chat server="{gateway.url}"><a href="{gateway.url}chat">Write to the city</a></civicdesk-chat>'
    wrong = 'integrity="sha384-AAAA" crossorigin="anonymous"'
    page = await _other_site(gateway, context, _page(gateway.url, wrong, element))
    await expect(page.get_by_role("link", name="Write to the city")).to_be_visible()


async def test_the_look_can_be_set_from_outside(gateway: FakeGateway, new_context: NewContext) -> None:
    gateway.policy = ""
    element = (
        "<style>civicdesk-chat { --cd-brand: rgb(120, 0, 60); --cd-offset-inline: 40px }</style>"
        '<civicdesk-chat lang="es" label="Pregunte" position="start" emergency="112"></civicdesk-chat>'
    )
    gateway.refuse["GET config"] = (503, "")
    page = await (await new_context()).new_page()
    gateway.pages["library"] = _page("/", tag=element)
    await page.goto(gateway.url + "site/library")
    launcher = page.get_by_role("button", name="Pregunte")
    await expect(launcher).to_have_css("background-color", "rgb(120, 0, 60)")
    await expect(launcher).to_have_css("left", "40px")
    await launcher.click()
    # The emergency line needs no configuration.
    await expect(page.get_by_text("En una emergencia, llame al 112.")).to_be_visible()
