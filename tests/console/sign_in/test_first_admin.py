"""A new desk: no account without the link of the command line, one account with it, then a list of what is missing."""

import os
import re
import subprocess
import sys

import msgspec
import pytest

from city import City
from desk.setup.checklist import items
from desk.setup.first_admin import FirstAdmin, HasAccounts
from desk.store.people.first_steps import SoFar
from tests.support.console import PASSWORD, PASSWORDS, RunningConsole

PATH = "/console/sign-in/first-admin"


def printed(pg_url: str) -> "subprocess.CompletedProcess[str]":
    environ = os.environ | {"DATABASE_URL": pg_url, "CIVICDESK_PUBLIC_URL": "https://desk.example/"}
    return subprocess.run(
        [sys.executable, "-m", "desk.setup", "first-admin"], capture_output=True, text=True, env=environ
    )


async def test_the_link_makes_one_administrator_and_no_second(console: RunningConsole, pg_url: str) -> None:
    stranger = console.browser()
    assert "desk.setup first-admin" in (await stranger.get("/console/sign-in")).visible
    for token in ("", "guess"):
        assert (await stranger.get(f"{PATH}?link={token}")).status == 404
    older, newer = printed(pg_url), printed(pg_url)
    assert newer.stdout.startswith(f"https://desk.example{PATH}?link=") and "It works once" in newer.stderr
    first, link = (one.stdout.strip().partition("link=")[2] for one in (older, newer))
    assert (await stranger.get(f"{PATH}?link={first}")).status == 404, "a new link replaces the old one"
    form = await stranger.get(f"{PATH}?link={link}")
    sent = {
        "link": link,
        "name": "Dora <b>",
        "email": "dora@city.example",
        "new": PASSWORD,
        "again": PASSWORD,
    }
    csrf = re.search(r'name="csrf" value="([^"]+)"', form.text)
    assert csrf is not None
    sent["csrf"] = csrf[1]
    for wrong in ({"again": "x"}, {"email": "dora"}, {"new": "short", "again": "short"}, {"name": " "}):
        refused = await stranger.post(PATH, data=sent | wrong)
        assert refused.status == 422 and refused.text.count('class="problem"') == 1
    made = await stranger.post(PATH, data=sent)
    assert made.url.endswith("next=/console/admin/start") and "The account is created" in made.visible
    assert "desk.setup first-admin" not in made.visible
    rows = await console.store.pool.fetch("SELECT name, role FROM agents")
    assert [tuple(row) for row in rows] == [("Dora <b>", "admin")]
    assert (await stranger.post(PATH, data=sent | {"email": "second@city.example"})).status == 404
    again = printed(pg_url)
    assert again.returncode == 2 and "already has accounts" in again.stderr and "link=" not in again.stdout


async def test_a_link_that_was_printed_before_is_over_once_there_is_an_account(
    console: RunningConsole, city: City
) -> None:
    first = FirstAdmin(console.store, PASSWORDS, console.clock, city.name)
    token = await first.new_token()
    await console.signed_in("Ada", "admin", ())
    assert (await console.browser().get(f"{PATH}?link={token}")).status == 404
    with pytest.raises(HasAccounts):
        await first.new_token()


async def test_the_list_says_what_is_done_and_what_is_missing(console: RunningConsole) -> None:
    ada = await console.signed_in("Ada", "admin", ())
    page = await ada.get("/console/admin/start")
    assert page.status == 200 and page.visible.count("Missing") == page.visible.count("This is right") + 4
    assert (await ada.post("/console/admin/start/crisis_lines")).url.endswith("?notice=setting-confirmed")
    await console.signed_in("Ana", "agent")
    after = await ada.get("/console/admin/start")
    assert after.visible.count("This is right") == page.visible.count("This is right") - 1
    assert after.visible.count("Missing") < page.visible.count("Missing") - 1, "the agent too"
    assert (await ada.post("/console/admin/start/sla")).status == 404


def test_everything_can_be_done(city: City) -> None:
    real = msgspec.structs.replace(city, demo=False)
    done = items(real, {"contact", "crisis_lines", "office_hours"}, SoFar(1, 1, True, True))
    assert all(item.done for item in done)
    nothing = items(msgspec.structs.replace(city, inboxes=()), set(), SoFar(0, 0, False, False))
    assert not any(item.done for item in nothing)
