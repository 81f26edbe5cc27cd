"""An agent changes their own password in the console. Success and refusal share their set-up."""

import pytest

from desk.people.sign_in import FREE_TRIES
from tests.support.console import PASSWORD, RunningConsole

NEW = "seventeen purple gravel ostriches"


def form(current: str = PASSWORD, new: str = NEW, again: str | None = None) -> dict[str, str]:
    return {"current": current, "new": new, "again": new if again is None else again}


async def test_a_new_password_ends_the_other_sessions_and_not_this_one(console: RunningConsole) -> None:
    email, _ = await console.agent()
    here, elsewhere = console.browser(), console.browser()
    for browser in (here, elsewhere):
        assert (await browser.sign_in(email)).status == 200
    page = await here.get("/console/account")
    assert "Change your password" in page.visible and email in page.visible
    changed = await here.post("/console/account/password", data=form())
    assert changed.url.endswith("notice=password-changed") and "Your password is changed" in changed.visible
    assert (await here.get("/console/")).url.endswith("/console/")
    assert "/console/sign-in" in (await elsewhere.get("/console/")).url
    assert (await elsewhere.sign_in(email)).status == 401
    assert (await elsewhere.sign_in(email, NEW)).status == 200
    assert (await console.audited()).count("password") == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (form(current="not the password"), "current password is wrong"),
        (form(again=NEW + "x"), "two new passwords differ"),
        (form(new="2short!"), "between 12 and"),
        (form(new="password1234"), "too easy to guess"),
        (form(new="Lindenport 2026!"), "made of words"),
    ],
)
async def test_what_is_refused_changes_nothing(
    console: RunningConsole, given: dict[str, str], says: str
) -> None:
    email, _ = await console.agent()
    here, elsewhere = console.browser(), console.browser()
    for browser in (here, elsewhere):
        assert (await browser.sign_in(email)).status == 200
    refused = await here.post("/console/account/password", data=given)
    assert refused.status == 422 and says in refused.visible
    assert all(word not in refused.text for word in (given["new"], given["current"]))
    assert (await elsewhere.get("/console/")).url.endswith("/console/")
    assert (await console.browser().sign_in(email)).status == 200


async def test_whoever_finds_a_browser_signed_in_cannot_try_out_the_password(console: RunningConsole) -> None:
    email, _ = await console.agent()
    here = console.browser()
    assert (await here.sign_in(email)).status == 200
    for _ in range(FREE_TRIES):
        refused = await here.post("/console/account/password", data=form(current="not the password"))
        assert refused.status == 422
    slowed = await here.post("/console/account/password", data=form())
    assert slowed.status == 429 and int(slowed.headers["retry-after"]) > 0
    assert (await console.browser().sign_in(email)).status == 200, "signing in is another count"


async def test_the_form_needs_the_sessions_token(console: RunningConsole) -> None:
    here = await console.signed_in()
    forged = await here.post("/console/account/password", data=form() | {"csrf": "x" * 43})
    assert forged.status == 403
    assert (await here.post("/console/account/password", data=form())).status == 200
