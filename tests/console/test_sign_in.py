"""Who can sign in, who cannot, and when a session ends. Success and refusal share their set-up."""

from datetime import timedelta

import pytest

from console.sign_in.let_in import safe_next
from desk.people.agents import deactivate, set_password
from desk.people.sign_in import FREE_TRIES
from tests.support.console import PASSWORD, PASSWORDS, RunningConsole


async def test_the_right_password_opens_the_queue_and_a_wrong_one_does_not(console: RunningConsole) -> None:
    email, actor = await console.agent()
    browser = console.browser()

    refused = await browser.sign_in(email, PASSWORD + "!")
    assert refused.status == 401
    assert "do not match" in refused.visible and PASSWORD not in refused.text
    assert browser.cookie() is None
    assert (await browser.get("/console/")).url.endswith("/console/sign-in?next=/console/")

    opened = await browser.sign_in(email.upper(), PASSWORD)
    assert opened.status == 200 and opened.url.endswith("/console/")
    assert actor.name in opened.visible
    assert await console.audited() == ["sign_in_refused", "sign_in"]


async def test_an_unknown_e_mail_is_refused_in_the_same_words(console: RunningConsole) -> None:
    email, _ = await console.agent()
    known = await console.browser().sign_in(email, "wrong password here")
    unknown = await console.browser().sign_in("nobody@lindenport.example", "wrong password here")
    assert (known.status, unknown.status) == (401, 401)
    assert known.visible.replace(email, "") == unknown.visible.replace("nobody@lindenport.example", "")


async def test_signing_in_leads_to_the_page_that_was_asked_for(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
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
        ("/console/account", "/console/account"),
        ("/console/admin/start", "/console/admin/start"),  # where the first administrator is led
        ("/console/wall", "/console/wall"),
        ("/console/account/password", "/console/"),
        ("/console/sign-out", "/console/"),
        (None, "/console/"),
    ],
)
def test_no_foreign_address_is_followed(asked: str | None, given: str) -> None:
    assert safe_next(asked) == given


async def test_a_form_with_another_token_changes_nothing(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    form = await browser.get("/console/sign-in")
    forged = await browser.post(
        "/console/sign-in", data={"csrf": "x" * 43, "email": email, "password": PASSWORD}
    )
    assert forged.status == 403 and browser.cookie() is None
    data = {"csrf": form.csrf, "email": email, "password": PASSWORD}
    assert (await browser.post("/console/sign-in", data=data)).status == 200


async def test_a_token_planted_before_the_sign_in_is_worth_nothing(console: RunningConsole) -> None:
    email, _ = await console.agent()
    planted = "A" * 43
    browser = console.browser()
    browser.plant(planted)
    assert (await browser.sign_in(email)).status == 200
    assert browser.cookie() not in (None, planted)
    thief = console.browser()
    thief.plant(planted)
    assert "/console/sign-in" in (await thief.get("/console/")).url


async def test_signing_in_again_ends_the_session_that_the_browser_had(console: RunningConsole) -> None:
    first = await console.signed_in()
    token = first.cookie()
    assert token
    email, _ = await console.agent()
    other = console.browser()
    form = await other.get("/console/sign-in")
    other.plant(token)
    answer = await other.post(
        "/console/sign-in", data={"csrf": form.csrf, "email": email, "password": PASSWORD}
    )
    assert answer.status == 200
    assert "/console/sign-in" in (await first.get("/console/")).url


async def test_signing_out_ends_the_session_itself_and_not_only_the_cookie(console: RunningConsole) -> None:
    browser = await console.signed_in()
    token = browser.cookie()
    assert token and (await browser.get("/console/")).url.endswith("/console/")
    answer = await browser.post("/console/sign-out")
    assert answer.url.endswith("notice=signed-out") and "signed out" in answer.visible
    assert not browser.cookie()
    browser.plant(token)
    assert "/console/sign-in" in (await browser.get("/console/")).url


async def test_guessing_from_one_address_slows_down_and_never_locks(console: RunningConsole) -> None:
    email, _ = await console.agent()
    other, _ = await console.agent("Ben Okafor")
    browser = console.browser()
    for _ in range(FREE_TRIES):
        assert (await browser.sign_in(email, "wrong password here")).status == 401
    slowed = await browser.sign_in(email, PASSWORD)
    assert slowed.status == 429 and "too many attempts" in slowed.visible
    first = int(slowed.headers["retry-after"])
    assert 0 < first <= 5
    # Another agent at the same address is not slowed with them.
    assert (await console.browser().sign_in(other)).status == 200
    # What came too early was not counted: however often it is tried, the wait does not grow.
    for _ in range(5):
        assert int((await browser.sign_in(email, PASSWORD)).headers["retry-after"]) <= first
    console.clock.shift += timedelta(seconds=first)
    assert (await browser.sign_in(email, "wrong password here")).status == 401
    assert int((await browser.sign_in(email, PASSWORD)).headers["retry-after"]) > first, "doubled"
    console.clock.shift += timedelta(minutes=15)
    assert (await browser.sign_in(email, PASSWORD)).status == 200


async def test_guessing_does_not_slow_the_agents_own_browser_down(console: RunningConsole) -> None:
    """Eleven wrong passwords from anywhere locked an agent out, for as long as somebody kept guessing."""
    email, _ = await console.agent()
    own = console.browser()
    assert (await own.sign_in(email)).status == 200
    await own.post("/console/sign-out")
    stranger = console.browser()
    answers = [(await stranger.sign_in(email, f"guess number {n}")).status for n in range(FREE_TRIES + 6)]
    assert answers == [401] * FREE_TRIES + [429] * 6
    unknown = console.browser()
    assert (await unknown.sign_in(email)).status == 429, "the same address, and no known device"
    assert (await own.sign_in(email)).status == 200
    # A thief of the cookie gets a slow-down of its own, and no way around it.
    await own.post("/console/sign-out")
    for _ in range(FREE_TRIES):
        assert (await own.sign_in(email, "wrong password here")).status == 401
    assert (await own.sign_in(email)).status == 429


async def test_a_known_device_is_known_for_its_own_account_alone(console: RunningConsole) -> None:
    email, _ = await console.agent()
    other, _ = await console.agent("Ben Okafor")
    thief = console.browser()
    assert (await thief.sign_in(other)).status == 200
    (own,) = [one for one in thief.http.cookie_jar if one.key.startswith("civicdesk_device_")]
    assert int(own["max-age"]) > 0 and own["httponly"] and own["samesite"] == "Lax"
    assert email not in own.key + own.value and other not in own.key + own.value
    await thief.post("/console/sign-out")
    for _ in range(FREE_TRIES):
        assert (await thief.sign_in(email, "wrong password here")).status == 401
    # The thief's own device, under the name that the victim's would have.
    victim = console.browser()
    await victim.get("/console/sign-in")
    name = console.devices.cookie_name(email)
    thief.plant(own.value, name)
    assert thief.cookie(name) == own.value
    assert (await thief.sign_in(email)).status == 429
    thief.plant(console.devices.new_cookie(email, console.clock()), name)
    assert (await thief.sign_in(email)).status == 200, "the same browser with a good cookie"


async def test_a_session_ends_thirty_minutes_after_the_last_input_of_a_person(
    console: RunningConsole,
) -> None:
    conversation = await console.queued()
    page = f"/console/conversations/{conversation.id}"
    idle, busy = await console.signed_in(), await console.signed_in("Ben Okafor")
    for _ in range(4):
        console.clock.shift += timedelta(minutes=9)
        # What the page asks for by itself, for both; only one of them types.
        for browser in (idle, busy):
            await browser.get(f"{page}/live?after=0")
            await browser.get("/console/list")
        assert (await busy.post("/console/active")).status == 200
    assert (await idle.post("/console/active", headers={"accept": "application/json"})).status == 401
    assert "/console/sign-in" in (await idle.get("/console/")).url
    assert (await busy.get("/console/")).url.endswith("/console/")


async def test_a_stream_does_not_keep_an_idle_session_alive(console: RunningConsole) -> None:
    browser = await console.signed_in()
    async with browser.http.get(f"{console.base}/console/stream") as stream:
        assert stream.status == 200
        console.clock.shift += timedelta(minutes=31)
        await console.queued()  # wakes the stream, which looks at its session then
        text = ""
        while "signed-out" not in text:
            text += (await stream.content.readline()).decode()
            assert not stream.content.at_eof(), text
    assert "/console/sign-in" in (await browser.get("/console/")).url


async def test_a_session_ends_after_seven_days_in_all(console: RunningConsole) -> None:
    busy = await console.signed_in("Ben Okafor")
    end = timedelta(days=7) - timedelta(minutes=1)
    while console.clock.shift + timedelta(minutes=29) < end:
        console.clock.shift += timedelta(minutes=29)
        assert (await busy.get("/console/account")).status == 200
    console.clock.shift = timedelta(days=7, minutes=1)
    assert "/console/sign-in" in (await busy.get("/console/")).url


async def test_deactivated_agents_are_signed_out_at_once(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    assert (await browser.sign_in(email)).status == 200
    await deactivate(console.store, email=email)
    assert "/console/sign-in" in (await browser.get("/console/")).url
    assert (await console.browser().sign_in(email)).status == 401


async def test_a_new_password_ends_the_sessions_of_the_old_one(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    assert (await browser.sign_in(email)).status == 200
    await set_password(console.store, PASSWORDS, email=email, password="another long password")
    assert "/console/sign-in" in (await browser.get("/console/")).url
    assert (await browser.sign_in(email, PASSWORD)).status == 401
    assert (await browser.sign_in(email, "another long password")).status == 200


async def test_the_database_holds_no_token_that_would_open_a_session(console: RunningConsole) -> None:
    browser = await console.signed_in()
    token = browser.cookie()
    assert token and len(token) >= 43
    rows = await console.store.pool.fetch("SELECT token_hash FROM agent_sessions")
    assert rows and all(token.encode() not in row["token_hash"] for row in rows)
    stored = await console.store.pool.fetchval("SELECT password_hash FROM agents LIMIT 1")
    assert stored.startswith("$argon2id$")
