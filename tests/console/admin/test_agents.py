"""Agents in the console: a new one with a link that works once, changes of two at the same time, the last administrator."""

import asyncio
import html
import re
from datetime import timedelta
from uuid import UUID

from tests.support.console import Browser, RunningConsole

AGENTS = "/console/admin/agents"
LINK = re.compile(r'<code class="key">http[^<]*(/console/sign-in/new-password\?link=[^<]+)</code>')
GOOD = "four words nobody guesses"
NEW = {
    "name": "Nia",
    "email": "nia@lindenport.example",
    "role": "agent",
    "team-front-desk": "yes",
    "capacity": "3",
}


async def office(console: RunningConsole, name: str = "Ada") -> tuple[Browser, UUID]:
    email, actor = await console.agent(name, "admin", ())
    browser = console.browser()
    assert (await browser.sign_in(email)).status == 200
    return browser, actor.agent_id


async def set_password(browser: Browser, link: str, password: str) -> int:
    form = await browser.get(link)
    if form.status != 200:
        return form.status
    data = {"csrf": form.csrf, "link": link.partition("link=")[2], "new": password, "again": password}
    return (await browser.post("/console/sign-in/new-password", data=data)).status


async def test_a_new_agent_sets_the_password_with_a_link_that_works_once(console: RunningConsole) -> None:
    ada, _ = await office(console)
    made = await ada.post(AGENTS, data=NEW | {"skills": "parking_permit, web", "language-es": "yes"})
    assert made.status == 200 and "not shown again" in made.visible
    shown = LINK.search(made.text)
    assert shown
    link = html.unescape(shown[1])
    nia = console.browser()
    assert (await nia.sign_in(NEW["email"])).status == 401, "no password yet"
    for _ in range(2):
        assert (await nia.get(link)).status == 200, "looking does not use it up"
    assert await set_password(nia, link, "password1234") == 422
    assert await set_password(nia, link, GOOD) == 200
    assert await set_password(nia, link, GOOD) == 404
    assert (await nia.sign_in(NEW["email"], GOOD)).url.endswith("/console/")
    row = await console.store.pool.fetchrow("SELECT * FROM agents WHERE email = $1", NEW["email"])
    assert row is not None
    assert (row["skills"], row["languages"], row["capacity"]) == (["parking_permit", "web"], ["es"], 3)
    page = await ada.get(f"{AGENTS}/{row['id']}")
    assert "new-password" not in page.text and link.partition("link=")[2] not in page.text

    again = LINK.search((await ada.post(f"{AGENTS}/{row['id']}/new-link")).text)
    assert again and "/console/sign-in" in (await nia.get("/console/")).url, "the sessions are over"
    assert (await nia.sign_in(NEW["email"], GOOD)).status == 401, "the old password, too"
    console.clock.shift += timedelta(hours=73)
    assert await set_password(nia, html.unescape(again[1]), GOOD) == 404, "it was good for three days"


async def test_wrong_fields_have_sentences_and_keep_what_was_written(console: RunningConsole) -> None:
    ada, _ = await office(console)
    wrong = await ada.post(
        AGENTS, data=NEW | {"email": "nobody", "capacity": "many", "skills": "Ü!", "name": ""}
    )
    assert wrong.status == 422 and wrong.text.count('class="problem"') == 4
    assert 'value="nobody"' in wrong.text and 'value="many"' in wrong.text
    assert not await console.store.pool.fetchval("SELECT count(*) FROM agents WHERE email = 'nobody'")
    await ada.post(AGENTS, data=NEW)
    assert "already an account" in (await ada.post(AGENTS, data=NEW)).visible


async def test_the_second_of_two_administrators_is_told_what_the_first_changed(
    console: RunningConsole,
) -> None:
    ada, _ = await office(console)
    ben, _ = await office(console, "Ben")
    email, ana = await console.agent()
    path, form = f"{AGENTS}/{ana.agent_id}", NEW | {"name": ana.name, "email": email, "version": "1"}
    first = await ada.post(path, data=form | {"capacity": "7"})
    assert first.status == 200 and "Saved" in first.visible
    second = await ben.post(path, data=form | {"capacity": "2", "language-fr": "yes"})
    assert second.status == 409 and "Changed meanwhile Ada" in second.visible
    assert "Capacity is now 7" in second.visible and 'value="2"' in second.text
    assert 'name="version" value="2"' in second.text
    assert (await ben.post(path, data=form | {"capacity": "2", "version": "2"})).status == 200
    lines = await console.store.pool.fetch(
        "SELECT detail FROM audit WHERE action = 'account_changed' ORDER BY id"
    )
    assert [one["detail"]["after"] for one in lines] == ['{"capacity":7}', '{"capacity":2}']
    assert lines[0]["detail"]["before"] == '{"capacity":5}' and email not in str(lines)


async def test_one_administrator_always_stays(console: RunningConsole) -> None:
    ada, ada_id = await office(console)
    ben, ben_id = await office(console, "Ben")
    form = {"name": "x", "email": "x@lindenport.example", "role": "agent", "capacity": "5", "version": "1"}
    await asyncio.gather(
        ada.post(f"{AGENTS}/{ben_id}", data=form), ben.post(f"{AGENTS}/{ada_id}/deactivate"),
        return_exceptions=False,
    )  # fmt: skip
    count = "SELECT count(*) FROM agents WHERE role = 'admin' AND active"
    assert await console.store.pool.fetchval(count) == 1
    id = await console.store.pool.fetchval("SELECT id FROM agents WHERE role = 'admin' AND active")
    left = ada if str(id) == str(ada_id) else ben
    assert (await left.post(f"{AGENTS}/{id}/deactivate")).status == 422
    assert await console.store.pool.fetchval(count) == 1
