"""Where one is signed in, and ending it: one's own sessions, others' by an administrator, and their streams."""

import asyncio
import re

from desk.people.agents import deactivate
from tests.support.console import Browser, RunningConsole

END = re.compile(r'action="(/console/account/sessions/[0-9a-f-]{36}/end)"')


async def hears_the_end(console: RunningConsole, browser: Browser, end: object) -> None:
    """The stream of this browser is open; `end` ends its session; the stream says so and closes."""
    async with browser.http.get(f"{console.base}/console/stream") as stream:
        assert stream.status == 200
        await stream.content.readline()
        assert callable(end)
        await end()
        async with asyncio.timeout(15):
            text = (await stream.content.read()).decode()
    assert text.endswith("event: signed-out\ndata: {}\n\n"), text[-300:]


async def test_the_list_says_where_and_one_of_them_can_be_ended(console: RunningConsole) -> None:
    email, _ = await console.agent()
    here, there, ben = console.browser(), console.browser(), await console.signed_in("Ben Okafor")
    there.http.headers["user-agent"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    await there.sign_in(email)
    await here.sign_in(email)
    page = await here.get("/console/account")
    assert page.text.count("this one") == 1 and "Firefox on Linux" in page.visible
    assert "127.0.0.0/24" in page.visible and "127.0.0.1" not in page.visible, "the range, not the address"
    (path,) = END.findall(page.text)
    assert (await ben.post(path)).status == 404, "somebody else's"
    assert (await there.get("/console/")).url.endswith("/console/")
    await hears_the_end(console, there, lambda: here.post(path))
    assert "/console/sign-in" in (await there.get("/console/")).url
    assert not END.findall((await here.get("/console/account")).text)
    assert (await here.post(path)).status == 404


async def test_all_others_end_at_once_and_this_one_stays(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browsers = [console.browser() for _ in range(3)]
    for browser in browsers:
        await browser.sign_in(email)
    await browsers[0].post("/console/account/sessions/end-others")
    assert (await browsers[0].get("/console/")).url.endswith("/console/")
    assert all(["/console/sign-in" in (await one.get("/console/")).url for one in browsers[1:]])


async def test_an_administrator_ends_the_sessions_of_others_and_not_the_own(console: RunningConsole) -> None:
    email, ana = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    admin_email, admin = await console.agent("Ada", "admin")
    office = console.browser()
    assert (await office.sign_in(admin_email)).url.endswith("/console/admin/agents"), (
        "where an administrator begins"
    )
    path = f"/console/admin/agents/{ana.agent_id}"
    assert "1 session" in (await office.get("/console/admin/agents")).visible
    await hears_the_end(console, browser, lambda: office.post(f"{path}/end-sessions"))
    assert (await office.post(f"/console/admin/agents/{admin.agent_id}/end-sessions")).status == 422
    assert (await office.get("/console/admin/agents")).status == 200
    await browser.sign_in(email)
    form = {"name": ana.name, "email": email, "capacity": "5", "team-front-desk": "yes", "version": "1"}
    changed = await office.post(path, data=form | {"role": "editor"})
    assert changed.status == 200 and "/console/sign-in" in (await browser.get("/console/")).url
    assert (await browser.sign_in(email)).url.endswith("/console/answers"), "an editor now"
    assert (await office.post(path, data=form | {"role": "emperor"})).status == 422
    await office.post(f"{path}/deactivate")
    assert (await browser.sign_in(email)).status == 401
    rows = await console.store.pool.fetch(
        "SELECT action, detail FROM audit WHERE detail ? 'account' ORDER BY id"
    )
    assert [row["action"] for row in rows] == [
        "account_sessions_ended",
        "account_changed",
        "account_deactivated",
    ]
    assert {row["detail"]["account"] for row in rows} == {str(ana.agent_id)}


async def test_deactivation_ends_streams_and_an_emergency_account_raises_an_alarm(
    console: RunningConsole,
) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    await hears_the_end(console, browser, lambda: deactivate(console.store, email=email))
    carla, agent = await console.signed_in("Carla", "supervisor"), await console.signed_in("Ben")
    glass, _ = await console.agent("Emergency", "admin")
    await console.store.pool.execute("UPDATE agents SET break_glass = true WHERE email = $1", glass)
    assert "data-security-alarm hidden" in (await carla.get("/console/")).text
    async with carla.http.get(f"{console.base}/console/stream") as stream:
        await stream.content.readline()
        await console.browser().sign_in(glass)
        async with asyncio.timeout(15):
            while b"event: alarm" not in await stream.content.readline():
                assert not stream.content.at_eof()
    assert "The emergency account was used at" in (await carla.get("/console/")).visible
    assert "emergency account" not in (await agent.get("/console/")).visible
