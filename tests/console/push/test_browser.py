"""Notices in a real browser: asked only after the button, shown by the service worker with fixed words, accessible."""

import json
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.console import RunningConsole
from tests.support.console_browser import assert_accessible, signed_in_agent
from tests.support.push_service import BrowserSide

pytestmark = pytest.mark.slow

# Chromium's own push service is on the internet: the browser's part up to its call is real, the answer is ours.
SUBSCRIBES = """
PushManager.prototype.subscribe = async function (options) {
    window.asked = options.userVisibleOnly === true && options.applicationServerKey;
    return { toJSON: () => ({ endpoint: KEYS.endpoint, keys: KEYS }) };
};
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


async def _shown(page: Page) -> list[list[str]]:
    """The notices that stand on the screen: title, text, data."""
    found: list[list[str]] = await page.evaluate(
        """async () => (await (await navigator.serviceWorker.getRegistration("/console/")).getNotifications())
            .map((one) => [one.title, one.body, one.data])"""
    )
    return found


async def test_an_agent_turns_notices_on_and_sees_one(console: RunningConsole, chromium: Browser) -> None:
    page = await signed_in_agent(console, chromium, bypass_csp=False)
    await page.add_init_script(
        f"const KEYS = {json.dumps(BrowserSide(f'https://fcm.googleapis.com/fcm/send/{uuid4()}', '').keys)};{SUBSCRIBES}"
    )
    await page.context.grant_permissions([])
    await page.goto(f"{console.base}/console/account")
    on = page.get_by_role("button", name="Turn on for this device")
    await expect(on).to_be_visible()
    await expect(page.locator("[data-push-cannot]")).to_be_hidden()
    assert await page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    await on.click()
    await expect(page.locator("[data-push-problem]")).to_contain_text("does not permit notices")

    await page.context.grant_permissions(["notifications"], origin=console.base)
    await page.get_by_label("A note that mentions me").uncheck()
    await on.click()
    await expect(page.get_by_role("status").first).to_have_text("Notices are on for this device.")
    (kinds,) = await console.store.pool.fetch("SELECT kinds FROM push_devices")
    assert kinds["kinds"] == ["urgent", "offer"]

    conversation = str(uuid4())
    await _push(page, console.base, json.dumps({"kind": "paged", "conversation": conversation}))
    while not (shown := await _shown(page)):
        await page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    assert shown == [
        ["Urgent: nobody has claimed a conversation", "", f"/console/conversations/{conversation}"]
    ]
    assert await page.evaluate("caches.keys()") == [], "nothing is kept"
    assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page


async def test_the_account_page_is_accessible_and_the_desk_can_be_installed(
    console: RunningConsole, chromium: Browser
) -> None:
    page = await signed_in_agent(console, chromium, bypass_csp=True)
    await page.goto(f"{console.base}/console/account")
    await expect(page.get_by_role("button", name="Turn on for this device")).to_be_visible()
    await assert_accessible(page, "account, before")
    device = {"csrf": await page.locator("[name=csrf]").first.input_value(), "urgent": "yes"}
    keys = BrowserSide(f"https://fcm.googleapis.com/fcm/send/{uuid4()}", "").keys
    await page.request.post(f"{console.base}/console/account/push", form={**device, **keys})
    await page.set_viewport_size({"width": 320, "height": 800})
    await page.reload()
    await expect(page.get_by_role("button", name="Turn off")).to_be_visible()
    await assert_accessible(page, "account, after")
    client = await page.context.new_cdp_session(page)
    manifest = await client.send("Page.getAppManifest")
    assert manifest["errors"] == [] and manifest["url"].endswith("/manifest.webmanifest")
    errors = (await client.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    assert [one["errorId"] for one in errors] == ["in-incognito"], "the test's own context is one"
