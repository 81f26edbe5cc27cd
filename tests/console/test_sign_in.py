"""Who gets in, who does not, and when it ends. Success and refusal share their set-up."""

from datetime import timedelta

import pytest

from console.sign_in import safe_next
from desk.people.agents import deactivate, set_password
from desk.people.sign_in import TRIES_BY_EMAIL
from tests.support.console import PASSWORD, PASSWORDS, House


async def test_the_right_password_opens_the_queue_and_a_wrong_one_does_not(house: House) -> None:
    email, actor = await house.agent()
    browser = house.browser()

    refused = await browser.sign_in(email, PASSWORD + "!")
    assert refused.status == 401
    assert "do not match" in refused.visible and PASSWORD not in refused.text
    assert browser.cookie() is None
    assert (await browser.get("/console/")).url.endswith("/console/sign-in?next=/console/")

    opened = await browser.sign_in(email.upper(), PASSWORD)
    assert opened.status == 200 and opened.url.endswith("/console/")
    assert actor.name in opened.visible
    assert await house.audited() == ["sign_in_refused", "sign_in"]


async def test_an_unknown_e_mail_is_refused_in_the_same_words(house: House) -> None:
    email, _ = await house.agent()
    known = await house.browser().sign_in(email, "wrong password here")
    unknown = await house.browser().sign_in("nobody@lindenport.example", "wrong password here")
    assert (known.status, unknown.status) == (401, 401)
    assert known.visible.replace(email, "") == unknown.visible.replace("nobody@lindenport.example", "")


async def test_signing_in_leads_to_the_page_that_was_asked_for(house: House) -> None:
    email, _ = await house.agent()
    browser = house.browser()
    form = await browser.get("/console/answers")
    assert form.url.endswith("/console/sign-in?next=/console/answers")
    answer = await browser.sign_in(email, next="/console/answers")
    assert answer.url.endswith("/console/answers")


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/console/answers", "/console/answers"),
        ("/console/requests?status=open", "/console/requests?status=open"),
        ("/console/?tab=mine", "/console/?tab=mine"),
        ("/console/?notice=resolved", "/console/"),
        ("https://evil.example/console/", "/console/"),
        ("//evil.example/console/answers", "/console/"),
        ("/console/conversations/\\evil.example", "/console/"),
        ("/console/answers/../../x", "/console/"),
        ("/console/answers\r\nset-cookie: a=b", "/console/"),
        ("/console/sign-out", "/console/"),
        (None, "/console/"),
    ],
)
def test_no_address_of_a_stranger_is_followed(asked: str | None, given: str) -> None:
    assert safe_next(asked) == given


async def test_a_form_with_another_token_changes_nothing(house: House) -> None:
    email, _ = await house.agent()
    browser = house.browser()
    form = await browser.get("/console/sign-in")
    forged = await browser.post(
        "/console/sign-in", data={"csrf": "x" * 43, "email": email, "password": PASSWORD}
    )
    assert forged.status == 403 and browser.cookie() is None
    data = {"csrf": form.csrf, "email": email, "password": PASSWORD}
    assert (await browser.post("/console/sign-in", data=data)).status == 200


async def test_a_token_planted_before_the_sign_in_is_worth_nothing(house: House) -> None:
    email, _ = await house.agent()
    planted = "A" * 43
    browser = house.browser()
    browser.plant(planted)
    assert (await browser.sign_in(email)).status == 200
    assert browser.cookie() not in (None, planted)
    thief = house.browser()
    thief.plant(planted)
    assert "/console/sign-in" in (await thief.get("/console/")).url


async def test_signing_in_again_ends_the_session_that_the_browser_had(house: House) -> None:
    first = await house.signed_in()
    token = first.cookie()
    assert token
    email, _ = await house.agent()
    other = house.browser()
    form = await other.get("/console/sign-in")
    other.plant(token)
    answer = await other.post(
        "/console/sign-in", data={"csrf": form.csrf, "email": email, "password": PASSWORD}
    )
    assert answer.status == 200
    assert "/console/sign-in" in (await first.get("/console/")).url


async def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(house: House) -> None:
    browser = await house.signed_in()
    token = browser.cookie()
    assert token and (await browser.get("/console/")).url.endswith("/console/")
    answer = await browser.post("/console/sign-out")
    assert answer.url.endswith("notice=signed-out") and "signed out" in answer.visible
    assert not browser.cookie()
    browser.plant(token)
    assert "/console/sign-in" in (await browser.get("/console/")).url


async def test_too_many_tries_stop_even_the_right_password_for_a_while(house: House) -> None:
    email, _ = await house.agent()
    other, _ = await house.agent("Ben Okafor")
    browser = house.browser()
    for _ in range(TRIES_BY_EMAIL):
        assert (await browser.sign_in(email, "wrong password here")).status == 401
    stopped = await browser.sign_in(email, PASSWORD)
    assert stopped.status == 429
    assert "too many sign-in attempts" in stopped.visible and int(stopped.headers["retry-after"]) > 0
    # Another agent at the same address is not locked out with them.
    assert (await house.browser().sign_in(other)).status == 200
    house.clock.shift = timedelta(minutes=16)
    assert (await browser.sign_in(email, PASSWORD)).status == 200


async def test_a_session_ends_after_twelve_idle_hours_and_seven_days_in_all(house: House) -> None:
    idle = await house.signed_in()
    house.clock.shift = timedelta(hours=11, minutes=50)
    assert (await idle.get("/console/")).url.endswith("/console/")
    house.clock.shift += timedelta(hours=11, minutes=50)  # it slid
    assert (await idle.get("/console/")).url.endswith("/console/")
    house.clock.shift += timedelta(hours=12, minutes=1)
    assert "/console/sign-in" in (await idle.get("/console/")).url

    busy = await house.signed_in("Ben Okafor")
    for _ in range(16):
        house.clock.shift += timedelta(hours=10)
        assert (await busy.get("/console/")).url.endswith("/console/")
    house.clock.shift += timedelta(hours=9)
    assert "/console/sign-in" in (await busy.get("/console/")).url


async def test_deactivated_agents_are_out_at_once(house: House) -> None:
    email, _ = await house.agent()
    browser = house.browser()
    assert (await browser.sign_in(email)).status == 200
    await deactivate(house.store, email=email)
    assert "/console/sign-in" in (await browser.get("/console/")).url
    assert (await house.browser().sign_in(email)).status == 401


async def test_a_new_password_ends_the_sessions_of_the_old_one(house: House) -> None:
    email, _ = await house.agent()
    browser = house.browser()
    assert (await browser.sign_in(email)).status == 200
    await set_password(house.store, PASSWORDS, email=email, password="another long password")
    assert "/console/sign-in" in (await browser.get("/console/")).url
    assert (await browser.sign_in(email, PASSWORD)).status == 401
    assert (await browser.sign_in(email, "another long password")).status == 200


async def test_the_database_holds_no_token_that_would_open_a_session(house: House) -> None:
    browser = await house.signed_in()
    token = browser.cookie()
    assert token and len(token) >= 43
    rows = await house.store.pool.fetch("SELECT token_hash FROM agent_sessions")
    assert rows and all(token.encode() not in row["token_hash"] for row in rows)
    stored = await house.store.pool.fetchval("SELECT password_hash FROM agents LIMIT 1")
    assert stored.startswith("$argon2id$")
