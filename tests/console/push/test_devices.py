"""An agent turns notices on for a device, changes them and turns them off; signing out ends them as promised."""

import re
from uuid import uuid4

from tests.support.console import Browser, RunningConsole
from tests.support.push_service import BrowserSide

HERE = re.compile(r"/console/account/push/([0-9a-f-]{36})/end")
KINDS = {"urgent": "yes", "offer": "yes"}


def subscription() -> dict[str, str]:
    """What the page's script sends."""
    return BrowserSide(f"https://fcm.googleapis.com/fcm/send/{uuid4().hex}", "").keys


async def turned_on(browser: Browser, **more: str) -> str:
    """The device's id."""
    page = await browser.post("/console/account/push", data=subscription() | KINDS | more)
    assert page.url.endswith("notice=push-on") and "Notices are on for this device" in page.visible
    assert "fcm.googleapis.com" not in page.text, "whoever knows the address can try to send"
    return HERE.findall(page.text)[0]


async def kept(console: RunningConsole) -> list[tuple[list[str], bool]]:
    rows = await console.store.pool.fetch("SELECT kinds, on_call FROM push_devices ORDER BY created_at")
    return [(row["kinds"], row["on_call"]) for row in rows]


async def test_a_device_is_listed_changed_and_turned_off(console: RunningConsole) -> None:
    here = await console.signed_in()
    assert "needs scripts" in (await here.get("/console/account")).visible
    device = await turned_on(here)
    page = await here.get("/console/account")
    assert "Turn off" in page.visible and "data-push=" not in page.text
    assert await kept(console) == [(["urgent", "offer"], False)]
    changed = await here.post(f"/console/account/push/{device}", data={"mention": "yes", "on_call": "yes"})
    assert changed.url.endswith("notice=push-changed")
    assert await kept(console) == [(["mention"], True)]
    stranger = await console.signed_in("Ben Okafor")
    for path in (device, f"{device}/end"):
        assert (await stranger.post(f"/console/account/push/{path}")).status == 404
    ended = await here.post(f"/console/account/push/{device}/end")
    assert ended.url.endswith("notice=push-off") and await kept(console) == []
    assert (await here.post(f"/console/account/push/{device}/end")).status == 404
    assert [one for one in await console.audited() if one.startswith("push")] == [
        "push_on", "push_changed", "push_off",
    ]  # fmt: skip


async def test_what_no_browser_would_send_turns_nothing_on(console: RunningConsole) -> None:
    here = await console.signed_in()
    for wrong in (
        {"endpoint": ""},  # no script has run
        {"endpoint": "https://intranet.lindenport.example/x"},
        {"endpoint": "http://127.0.0.1:6379/"},
        {"p256dh": "no key"},
        {"p256dh": "é"},
        {"auth": ""},
    ):
        refused = await here.post("/console/account/push", data=subscription() | KINDS | wrong)
        assert refused.status == 422 and "Nothing was turned on" in refused.visible, wrong
        assert await kept(console) == []
    await turned_on(here)


async def test_signing_out_ends_notices_unless_one_is_on_call(console: RunningConsole) -> None:
    email, _ = await console.agent()
    desktop, phone = console.browser(), console.browser()
    for browser, more in ((desktop, {}), (phone, {"on_call": "yes"})):
        assert (await browser.sign_in(email)).status == 200
        await turned_on(browser, **more)
        await browser.post("/console/sign-out")
    assert await kept(console) == [(["urgent", "offer"], True)]
    # Signed in again, the browser is known by its cookie, and stays when others are signed out.
    assert (await phone.sign_in(email)).status == 200
    assert "this one" in (await phone.get("/console/account")).visible.split("Notices while")[1]
    assert (await desktop.sign_in(email)).status == 200
    await turned_on(desktop, on_call="yes")
    assert len(await kept(console)) == 2
    await phone.post("/console/account/sessions/end-others")
    assert len(await kept(console)) == 1
    assert HERE.search((await phone.get("/console/account")).text)


async def test_signing_one_browser_out_from_another_ends_its_notices(console: RunningConsole) -> None:
    email, _ = await console.agent()
    lost, here = console.browser(), console.browser()
    for browser in (lost, here):
        assert (await browser.sign_in(email)).status == 200
    await turned_on(lost, on_call="yes")
    page = await here.get("/console/account")
    (path,) = re.findall(r"/console/account/sessions/[0-9a-f-]{36}/end", page.text)
    await here.post(path)
    assert await kept(console) == []
