"""Codes of an app and recovery codes: set up, asked for, used once. Success and refusal share their set-up."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pyotp
import pytest

from city import City
from city.sign_in import SignInConfig
from desk.knowledge.catalogue import Catalog
from desk.people.agents import reset_factors
from desk.people.sign_in import FREE_TRIES
from desk.store.pool import Store
from tests.support.console import PASSWORD, Browser, RunningConsole, running_console

HERE = "/console/account/second-factor"
KEY = re.compile(r'<code class="key">([A-Z2-7]+)</code>')
CODE = re.compile(r"<code>([A-Z2-7-]{20,})</code>")


@pytest.fixture
async def strict(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    """A console whose city requires a second factor."""
    required = msgspec.structs.replace(city, sign_in=SignInConfig(second_factor="required"))
    async with running_console(store, redis_url, required, catalog, tmp_path) as console:
        yield console


async def set_up(console: RunningConsole, browser: Browser) -> tuple[pyotp.TOTP, list[str], str]:
    """The app, the recovery codes and the code that was used, of whoever is signed in there."""
    page = await browser.post(f"{HERE}/app")
    totp = pyotp.TOTP(KEY.findall(page.text)[0])
    picture = await browser.get(f"{HERE}/picture")
    assert picture.headers["content-type"] == "image/png"
    used = totp.at(console.clock())
    done = await browser.post(f"{HERE}/app/confirm", data={"code": used, "password": PASSWORD})
    codes = CODE.findall(done.text)
    assert done.status == 200 and len(codes) == 10, done.visible
    return totp, codes, used


async def second(browser: Browser, code: str) -> tuple[int, str]:
    """Password was given; now the second factor."""
    page = await browser.get("/console/sign-in/second")
    answer = await browser.post("/console/sign-in/second", data={"csrf": page.csrf, "code": code})
    if answer.status == 200:
        browser.csrf = answer.csrf
    return answer.status, answer.url.partition("?")[0].removeprefix(browser.base)


async def test_an_app_is_asked_for_after_the_password_and_no_code_works_twice(
    console: RunningConsole,
) -> None:
    email, _ = await console.agent()
    first = console.browser()
    await first.sign_in(email)
    totp, _, used = await set_up(console, first)

    other = console.browser()
    asked = await other.sign_in(email)
    assert "Second factor" in asked.visible and other.cookie() is None, "the password alone opens nothing"
    assert (await other.get("/console/")).url.endswith("/console/sign-in?next=/console/")
    assert await second(other, used) == (401, "/console/sign-in/second"), "the code of the set-up was used"
    assert await second(other, "12345") == (401, "/console/sign-in/second")
    console.clock.shift += timedelta(seconds=30)
    code = totp.at(console.clock())
    assert await second(other, code) == (200, "/console/")
    third = console.browser()
    await third.sign_in(email)
    assert (await second(third, code))[0] == 401, "nobody who looked over a shoulder uses it again"
    console.clock.shift += timedelta(seconds=30)
    assert await second(third, totp.at(console.clock())) == (200, "/console/")
    assert (await console.audited()).count("factor_refused") == 3


async def test_a_recovery_code_works_once(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    _, codes, _ = await set_up(console, browser)
    for expected in (200, 401):
        again = console.browser()
        await again.sign_in(email)
        assert (await second(again, codes[3].lower().replace("-", " ")))[0] == expected
    stored = await console.store.pool.fetch("SELECT code_hash FROM agent_recovery_codes")
    assert len(stored) == 9 and all(codes[0].encode() not in row["code_hash"] for row in stored)
    made = await browser.post(f"{HERE}/codes", data={"password": PASSWORD})
    fresh = CODE.findall(made.text)
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    again = console.browser()
    await again.sign_in(email)
    assert (await second(again, codes[5]))[0] == 401 and (await second(again, fresh[5]))[0] == 200


async def test_whoever_needs_a_second_factor_sets_it_up_first(strict: RunningConsole) -> None:
    email, _ = await strict.agent()
    browser = strict.browser()
    page = await browser.sign_in(email)
    assert page.url.endswith(HERE) and "Set one up to continue" in page.visible
    assert (await browser.get("/console/")).url.endswith(HERE)
    conversation = await strict.queued()
    assert (await browser.post(f"/console/conversations/{conversation.id}/claim")).status == 403
    assert (await browser.get("/console/stream", headers={"accept": "text/event-stream"})).status == 403
    totp, _, _ = await set_up(strict, browser)
    assert (await browser.get("/console/")).url.endswith("/console/")
    last = await browser.post(f"{HERE}/remove", data={"which": "app", "password": PASSWORD})
    assert last.status == 422 and "need a second factor" in last.visible
    await reset_factors(strict.store, email=email)
    assert "/console/sign-in" in (await browser.get("/console/")).url
    assert (await browser.sign_in(email)).url.endswith(HERE)
    assert totp.secret not in (await browser.post(f"{HERE}/app")).text


async def test_codes_cannot_be_tried_out_and_strangers_lock_nobody_out(console: RunningConsole) -> None:
    email, _ = await console.agent()
    own = console.browser()
    await own.sign_in(email)
    totp, _, _ = await set_up(console, own)
    await own.post("/console/sign-out")
    thief = console.browser()  # who knows the password
    await thief.sign_in(email)
    tries = [(await second(thief, f"{n:06d}"))[0] for n in range(FREE_TRIES + 2)]
    assert tries == [401] * FREE_TRIES + [429] * 2
    code = totp.at(console.clock() + timedelta(seconds=30))
    assert (await second(thief, code))[0] == 429, "too early: not even looked at"
    assert (await own.sign_in(email)).status == 200
    assert await second(own, code) == (200, "/console/"), "the agent's own browser has its own count"


async def test_a_step_is_over_after_ten_minutes_and_with_a_new_password(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    totp, _, _ = await set_up(console, browser)
    late = console.browser()
    page = await late.sign_in(email)
    console.clock.shift += timedelta(minutes=11)
    answer = await late.post(
        "/console/sign-in/second", data={"csrf": page.csrf, "code": totp.at(console.clock())}
    )
    assert answer.status == 401 and "took too long" in answer.visible and late.cookie() is None
    forged = console.browser()
    forged.plant("x" * 43, "civicdesk_step")
    assert (await forged.get("/console/sign-in/second")).url.endswith("/console/sign-in")


async def test_a_change_needs_the_password_and_the_database_holds_no_secret(console: RunningConsole) -> None:
    email, actor = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    page = await browser.post(f"{HERE}/app")
    (secret,) = KEY.findall(page.text)
    code = pyotp.TOTP(secret).at(console.clock())
    wrong = await browser.post(f"{HERE}/app/confirm", data={"code": code, "password": "not the password"})
    assert wrong.status == 422 and "current password is wrong" in wrong.visible
    assert not await console.store.pool.fetchval("SELECT confirmed_at FROM agent_totp")
    await browser.post(f"{HERE}/app/confirm", data={"code": code, "password": PASSWORD})
    stored = await console.store.pool.fetchval(
        "SELECT secret FROM agent_totp WHERE agent_id = $1", actor.agent_id
    )
    assert secret.encode() not in stored
    removed = await browser.post(f"{HERE}/remove", data={"which": "app", "password": "not the password"})
    assert removed.status == 422
    assert (await browser.post(f"{HERE}/remove", data={"which": "app", "password": PASSWORD})).status == 200
    assert await console.store.pool.fetchval("SELECT count(*) FROM agent_recovery_codes") == 0
    assert (await console.browser().sign_in(email)).url.endswith("/console/")
