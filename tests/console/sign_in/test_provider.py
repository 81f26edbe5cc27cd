"""Signing in at a real OpenID provider, a process of another author. Success and refusal share their set-up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import msgspec
import pytest

from city import City
from city.sign_in import GroupRole, ProviderConfig, SignInConfig
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import Answer, Browser, RunningConsole, running_console
from tests.support.identity_provider import (
    CLIENT,
    SECRET,
    Provider,
    provider_port,
    provider_process,
    sign_in_there,
    sign_out_there,
)
from tests.support.waiting import eventually

PAGE = "/console/sign-in/provider"
ANA: dict[str, Any] = {"email": "ana@city.example", "email_verified": True, "name": "Ana Duarte"}


@dataclass
class Place:
    """A console, and the provider that it trusts."""

    console: RunningConsole
    provider: Provider

    async def come(self, subject: str, browser: Browser | None = None) -> tuple[Browser, Answer]:
        """Sign in from our page, through the provider's pages, and back."""
        browser = browser or self.console.browser()
        return browser, await self.back(browser, await self.answer(browser, subject))

    async def answer(self, browser: Browser, subject: str, target: str = "/console/") -> str:
        """The address with which the provider sends the browser back."""
        async with browser.http.get(f"{browser.base}{PAGE}?next={target}", allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            address = answer.headers["location"]
        return await sign_in_there(browser.http, address, subject, f"{browser.base}{PAGE}/callback")

    async def back(self, browser: Browser, address: str) -> Answer:
        page = await browser.get(address.removeprefix(browser.base))
        if page.status == 200 and "csrf" in page.text:
            browser.csrf = page.csrf
        return page


@pytest.fixture
async def place(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[Place]:
    port = provider_port()
    config = ProviderConfig(
        title="City account",
        issuer=f"http://127.0.0.1:{port}",
        client_id=CLIENT,
        roles=(
            GroupRole(group="desk-admins", role="admin"),
            GroupRole(group="desk-leads", role="supervisor", teams=("front-desk",), only_own_teams=True),
            GroupRole(group="desk", role="agent", teams=("front-desk",)),
        ),
    )
    strict = msgspec.structs.replace(
        city, sign_in=SignInConfig(second_factor="required", passwords=False, provider=config)
    )
    async with running_console(
        store, redis_url, strict, catalog, tmp_path, environ={"CIVICDESK_OIDC_SECRET": SECRET}
    ) as console:
        ended = f"{console.base}{PAGE}/ended"
        with provider_process(tmp_path, f"{console.base}{PAGE}/callback", ended, port) as provider:
            yield Place(console, provider)


async def test_a_person_is_let_in_with_the_role_of_the_group_and_known_by_the_subject(place: Place) -> None:
    place.provider.knows("u-17", **ANA, groups=["all-staff", "desk"])
    browser, page = await place.come("u-17")
    assert page.status == 200 and page.url.endswith("/console/") and "Ana Duarte" in page.visible, (
        page.visible
    )
    # Another name and address, another group: the same person, with new rights; what was open ends.
    place.provider.knows(
        "u-17", email="new@city.example", email_verified=True, name="Ana Lima", groups=["desk-leads"]
    )
    other, page = await place.come("u-17")
    assert "Ana Lima" in page.visible and "Supervisor" in page.visible
    assert "/console/sign-in" in (await browser.get("/console/")).url
    rows = await place.console.store.pool.fetch("SELECT * FROM agents")
    (row,) = [dict(one) for one in rows]
    assert (row["issuer"], row["subject"], row["role"]) == (place.provider.issuer, "u-17", "supervisor")
    assert row["only_own_teams"] and row["password_hash"] is None and row["email"] == "ana@city.example"
    foreign = await place.console.queued(team="parks")
    assert (await other.get(f"/console/conversations/{foreign.id}")).status == 404, "the own teams only"
    assert "city's own sign-in" in (await other.get("/console/account/second-factor")).visible
    # In no group any more.
    place.provider.knows("u-17", **ANA, groups=["all-staff"])
    refused, page = await place.come("u-17")
    assert page.status == 403 and "not in any group" in page.visible and refused.cookie() is None


async def test_an_address_of_somebody_else_opens_nothing_and_a_closed_account_stays_closed(
    place: Place,
) -> None:
    email, ben = await place.console.agent("Ben Okafor", "supervisor")
    place.provider.knows("u-1", email=email, email_verified=True, name="Not Ben", groups=["desk"])
    browser, page = await place.come("u-1")
    assert page.status == 403 and "link the two" in page.visible and browser.cookie() is None
    place.provider.knows("u-2", email="eve@city.example", email_verified=False, name="Eve", groups=["desk"])
    assert "confirmed e-mail" in (await place.come("u-2"))[1].visible
    await place.console.store.pool.execute(
        "UPDATE agents SET issuer = $1, subject = 'u-1' WHERE id = $2", place.provider.issuer, ben.agent_id
    )
    assert (await place.come("u-1"))[1].status == 200, "an administrator linked the two"
    await place.console.store.pool.execute("UPDATE agents SET active = false")
    assert "deactivated" in (await place.come("u-1"))[1].visible


async def test_an_answer_is_taken_once_in_the_browser_that_asked_for_it(place: Place) -> None:
    place.provider.knows("u-17", **ANA, groups=["desk"])
    browser, thief = place.console.browser(), place.console.browser()
    address = await place.answer(browser, "u-17")
    stolen = await place.back(thief, address)
    assert stolen.status == 403 and "another browser" in stolen.visible and thief.cookie() is None
    async with thief.http.get(f"{thief.base}{PAGE}", allow_redirects=False) as begun:
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"] and len(asked["nonce"][0]) >= 32
    # The thief's own cookie, with the victim's code: another state, and another verifier.
    assert "could not be verified" in (await place.back(thief, address)).visible
    state = parse_qs(urlsplit(address).query)["state"][0]
    assert (await place.back(browser, address.replace("iss=http", "iss=https"))).status == 403, (
        "another issuer"
    )
    assert state and browser.cookie() is None
    address = await place.answer(browser, "u-17", "/console/answers")
    page = await place.back(browser, address)
    assert page.status == 200 and page.url.endswith("/console/answers"), "where the person wanted to go"
    again = await place.back(browser, address)
    assert again.status == 403 and "too long" in again.visible
    late = place.console.browser()
    address = await place.answer(late, "u-17")
    place.console.clock.shift += timedelta(minutes=11)
    assert (await place.back(late, address)).status == 403


async def test_new_keys_and_an_absent_provider(place: Place) -> None:
    place.provider.knows("u-17", **ANA, groups=["desk"])
    assert (await place.come("u-17"))[1].status == 200
    place.provider.stop()
    place.provider.start()
    assert (await place.come("u-17"))[1].status == 200, "its key is a new one"
    place.provider.stop()
    browser = place.console.browser()
    away = await browser.get("/console/sign-in")
    assert "City account" in away.visible
    # The description is known; the answer cannot be had.
    place.provider.start()
    address = await place.answer(browser, "u-17")
    place.provider.stop()
    page = await place.back(browser, address)
    assert page.status == 503 and "does not answer" in page.visible and browser.cookie() is None


async def test_made_up_answers_are_slowed_down(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    """Each would be a call of ours to the provider."""
    config = ProviderConfig(
        title="City account",
        issuer="http://127.0.0.1:9",
        client_id=CLIENT,
        roles=(GroupRole(group="desk", role="agent"),),
    )
    offering = msgspec.structs.replace(city, sign_in=SignInConfig(provider=config))
    async with running_console(store, redis_url, offering, catalog, tmp_path) as console:
        browser = console.browser()
        statuses = [(await browser.get(f"{PAGE}/callback?code=x&state=x")).status for _ in range(61)]
        assert statuses == [403] * 60 + [429]
        assert (await console.browser().get("/console/sign-in")).status == 200
        console.clock.shift = timedelta(seconds=3)
        assert (await browser.get(f"{PAGE}/callback?code=x&state=x")).status == 403


async def test_the_provider_ends_a_session_and_its_word_must_be_signed(place: Place) -> None:
    place.provider.knows("u-17", **ANA, groups=["desk"])
    browser, _ = await place.come("u-17")
    async with aiohttp.ClientSession() as stranger:
        forged = {"logout_token": "eyJhbGciOiJub25lIn0.e30."}
        async with stranger.post(f"{browser.base}{PAGE}/ended", data=forged) as answer:
            assert answer.status == 400
    assert (await browser.get("/console/")).url.endswith("/console/")
    await sign_out_there(browser.http, place.provider.issuer)

    async def is_out() -> bool:
        return "/console/sign-in" in (await browser.get("/console/")).url

    await eventually(is_out)
    assert "ended_by_provider" in await place.console.audited()


async def test_passwords_are_for_the_emergency_account_alone(place: Place) -> None:
    email, _ = await place.console.agent()
    glass, _ = await place.console.agent("Emergency", "admin")
    await place.console.store.pool.execute("UPDATE agents SET break_glass = true WHERE email = $1", glass)
    refused = await place.console.browser().sign_in(email)
    assert refused.status == 401 and "do not match" in refused.visible
    opened = await place.console.browser().sign_in(glass)
    assert opened.status == 200 and opened.url.endswith("/second-factor"), "which needs a second factor, too"
    assert (await place.console.audited())[-2:] == ["sign_in", "break_glass"]
