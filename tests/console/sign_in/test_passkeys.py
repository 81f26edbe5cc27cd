"""Passkeys in a real browser, with Chromium's virtual authenticator; and what is no passkey of ours."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.async_api import Browser as Chromium
from playwright.async_api import Page, async_playwright, expect

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.browser import chromium as chromium_program
from tests.support.console import PASSWORD, RunningConsole, running_console

pytestmark = pytest.mark.slow

HERE = "/console/account/second-factor"


@pytest.fixture
async def chromium() -> AsyncIterator[Chromium]:
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=chromium_program(), args=flags)
        yield browser
        await browser.close()


async def with_authenticator(page: Page) -> None:
    """The page's computer has an authenticator that knows its owner."""
    tools = await page.context.new_cdp_session(page)
    await tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    await tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def check(page: Page) -> None:
    """What axe finds, and whether the page fits."""
    await page.evaluate(Path("web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = await page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    wrong = [(one["id"], [node["html"][:200] for node in one["nodes"]][:2]) for one in found["violations"]]
    assert wrong == [], page.url
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        f"{page.url} scrolls sideways"
    )


async def test_a_passkey_is_added_signs_in_alone_and_is_removed(
    chromium: Chromium, store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> None:
    async with running_console(store, redis_url, city, catalog, tmp_path, host="localhost") as console:
        base = console.base
        assert urlsplit(base).hostname == "localhost"
        page, complaints = await chromium.new_page(), list[str]()
        await with_authenticator(page)
        page.on("console", lambda note: complaints.append(note.text) if "Security" in note.text else None)
        email, actor = await console.agent()
        await page.goto(f"{base}/console/sign-in")
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.locator(".presence summary").click()
        await page.get_by_role("link", name="Your account").click()
        await page.get_by_role("link", name="Second factor").click()
        add = page.get_by_role("button", name="Add a passkey")
        await page.get_by_label("Name").fill("Laptop")
        await page.get_by_label("Your password").last.fill("not the password")
        await add.click()
        await expect(page.get_by_text("current password is wrong")).to_be_visible()
        await page.get_by_label("Your password").last.fill(PASSWORD)
        await add.click()
        await expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        await expect(page.locator(".codes li")).to_have_count(10)
        await page.goto(f"{base}{HERE}")
        await expect(page.get_by_text("Laptop").first).to_be_visible()

        await page.locator(".presence summary").click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        await page.goto(f"{base}/console/sign-in?next=/console/answers")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("heading", name="Answers")).to_be_visible()
        assert page.url == f"{base}/console/answers"
        row = await store.pool.fetchrow(
            "SELECT method, device FROM agent_sessions WHERE agent_id = $1", actor.agent_id
        )
        assert row is not None and row["method"] == "passkey" and row["device"].startswith("Chrome")

        # After the password it is the second factor.
        await page.locator(".presence summary").click()
        await page.get_by_role("button", name="Sign out").click()
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.get_by_role("heading", name="Conversations")).to_be_visible()

        # A deactivated agent's passkey opens nothing.
        await page.locator(".presence summary").click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        await store.pool.execute("UPDATE agents SET active = false")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_text("does not belong to an account")).to_be_visible()
        await store.pool.execute("UPDATE agents SET active = true")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await expect(page.get_by_role("heading", name="Conversations")).to_be_visible()
        await page.goto(f"{base}{HERE}")
        await page.get_by_text("Remove Laptop").click()
        await page.get_by_label("Your password").first.fill(PASSWORD)
        await page.get_by_role("button", name="Remove", exact=True).click()
        await expect(page.get_by_text("It is removed.").first).to_be_visible()
        assert await store.pool.fetchval("SELECT count(*) FROM agent_passkeys") == 0
        assert complaints == []


async def test_what_is_no_passkey_is_refused_in_one_sentence(console: RunningConsole) -> None:
    browser = console.browser()
    form = await browser.get("/console/sign-in")
    browser.csrf = form.csrf
    assert (await browser.post("/console/sign-in/passkey/options")).status == 404, "the address is a number"
    for answer in (
        "",
        "{}",
        "x" * 30_000,
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    ):
        refused = await browser.post("/console/sign-in/passkey", data={"answer": answer})
        assert refused.status == 401 and browser.cookie() is None


async def test_the_pages_of_an_administrator_and_of_a_second_factor_pass_axe(
    console: RunningConsole, chromium: Chromium
) -> None:
    email, ada = await console.agent("Ada", "admin")
    _, ana = await console.agent("A" * 90)
    size = {"width": 320, "height": 800}
    # axe makes its own script from text, which the console's policy forbids to everybody.
    context = await chromium.new_context(bypass_csp=True, color_scheme="dark", viewport=size)  # type: ignore[arg-type]  # Playwright's own typed dictionary, built as a plain one
    page = await context.new_page()
    for again in (False, True):
        await page.goto(f"{console.base}/console/sign-in")
        await page.get_by_label("E-mail").fill(email)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        if again:
            await expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
            await check(page)
            break
        for path in (
            "/console/admin/agents",
            "/console/admin/agents/new",
            "/console/admin/teams",
            "/console/admin/teams/new",
            f"/console/admin/agents/{ana.agent_id}",
            "/console/audit",
            "/console/account",
        ):
            await page.goto(console.base + path)
            await check(page)
        await page.goto(f"{console.base}{HERE}")
        await page.get_by_role("button", name="Set up an app").click()
        key = await page.locator(".key").inner_text()
        await check(page)
        await page.get_by_label("Code of the app").fill(pyotp.TOTP(key).at(console.clock()))
        await page.get_by_label("Your password").first.fill(PASSWORD)
        await page.get_by_role("button", name="Set it up").click()
        await expect(page.locator(".codes li")).to_have_count(10)
        await check(page)
        await page.get_by_role("link", name="I have kept them").click()
        await expect(page.get_by_role("heading", name="Agents")).to_be_visible()
        await page.locator(".presence summary").click()
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await console.store.pool.fetchval(
        "SELECT count(*) FROM agent_totp WHERE agent_id = $1", ada.agent_id
    )
