"""Notices of a person's reply: asked only on a press, told whether they need an open page, shown by the service worker."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import BrowserContext, Page, expect

from tests.support.widget import open_chat, violations
from tests.web.fake_gateway import FakeGateway

NewContext = Callable[..., Awaitable[BrowserContext]]
# Chromium's own push service is on the internet: the browser's part up to its call is real, the answer is ours.
SUBSCRIBES = """
let made = null;
PushManager.prototype.subscribe = async (options) => {
    window.asked = options.userVisibleOnly === true && options.applicationServerKey;
    return made = { endpoint: 'https://push.example/1', toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } }),
        unsubscribe: async () => { made = null; return true; } };
};
PushManager.prototype.getSubscription = async () => made;
"""


async def _push(page: Page, base: str, said: str) -> None:
    """What the push service would hand the service worker."""
    client = await page.context.new_cdp_session(page)
    registrations: list[Any] = []
    client.on(
        "ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"])
    )
    await client.send("ServiceWorker.enable")
    while not registrations:
        await page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    await client.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": base, "registrationId": registrations[0]["registrationId"], "data": said},
    )


SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration('/widget/')).getNotifications())
    .map((one) => [one.title, one.lang])"""


async def test_a_citizen_turns_notices_on_and_off(gateway: FakeGateway, new_context: NewContext) -> None:
    context = await new_context()
    await context.add_init_script(SUBSCRIBES)
    await context.grant_permissions([])
    page = await context.new_page()
    await page.goto(gateway.url)
    await open_chat(page)
    await page.get_by_role("button", name="Options").click()
    notices = page.get_by_role("button", name="Notices from this browser")
    await notices.click()
    await expect(page.locator("#cd-options").get_by_text("does not allow notices")).to_be_visible()
    await expect(notices).to_have_attribute("aria-pressed", "false")
    assert gateway.contacts == {}, "no session before the citizen has agreed"

    await context.grant_permissions(["notifications"], origin=gateway.url.rstrip("/"))
    await notices.click()
    await expect(notices).to_have_attribute("aria-pressed", "true")
    await expect(page.locator("#cd-options").get_by_text("even when this page is closed")).to_be_visible()
    assert gateway.devices == {"https://push.example/1"}
    assert await page.evaluate("window.asked") == "BKey"
    assert await violations(page) == []

    # Whoever looks at the chat is told nothing twice; whoever has closed it sees fixed words in their language.
    await _push(page, gateway.url.rstrip("/"), json.dumps({"kind": "reply", "language": "es"}))
    away = await context.new_page()
    assert await page.evaluate(SHOWN) == []
    await page.goto("about:blank")
    await _push(away, gateway.url.rstrip("/"), json.dumps({"kind": "reply", "language": "es"}))
    await page.goto(gateway.url)
    while not (shown := await page.evaluate(SHOWN)):
        await page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    assert shown == [["Una persona ha respondido", "es"]]
    assert await page.evaluate("caches.keys()") == [], "nothing is kept"

    await open_chat(page)
    await page.evaluate(
        "navigator.serviceWorker.getRegistration('/widget/').then((one) => one.pushManager.subscribe({}))"
    )
    await page.get_by_role("button", name="Options").click()
    await expect(notices).to_have_attribute("aria-pressed", "true")
    await notices.click()
    await expect(notices).to_have_attribute("aria-pressed", "false")
    await gateway.until(lambda: not gateway.devices)


async def test_on_another_site_a_page_must_be_open(gateway: FakeGateway, new_context: NewContext) -> None:
    other = gateway.url.replace("127.0.0.1", "localhost").rstrip("/")
    gateway.origins.add(other)
    gateway.policy = ""
    gateway.pages["library"] = (
        f'<!doctype html><html lang=en><title>Library</title><script type="module" src="{gateway.url}widget/civicdesk.js"></script>'
    )
    context = await new_context()
    await context.grant_permissions(["notifications"], origin=other)
    page = await context.new_page()
    await page.goto(f"{other}/site/library")
    await open_chat(page)
    await page.get_by_role("button", name="Options").click()
    notices = page.get_by_role("button", name="Notices from this browser")
    await notices.click()
    await expect(
        page.locator("#cd-options").get_by_text("while a page with this chat is open")
    ).to_be_visible()
    await expect(notices).to_have_attribute("aria-pressed", "true")
    assert gateway.devices == set()
    assert await page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
