"""Hostile words through every field, stored as the forms store them, and then every page in a real browser: no script runs,
no element comes of them, and the policy has nothing to report."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from playwright.async_api import Browser, Dialog, Page

from tests.support.console import Browser as Plain
from tests.support.console import RunningConsole
from tests.support.console_browser import build_pages, running_browser, signed_in_agent

pytestmark = pytest.mark.slow

HOSTILE = (
    "</title></textarea></option></bdi><img src=x onerror=alert(1)><script>alert(2)</script>"
    "\"' onfocus=alert(3) autofocus><svg onload=alert(4)><a href=javascript:alert(5)>{{ 7*7 }}"
)
MARK = "onerror=alert(1)"
"""Part of the words: a page that shows them has it as text."""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    build_pages()
    async with running_browser() as browser:
        yield browser


async def test_hostile_words_in_every_field_give_the_policy_nothing_to_report(
    console: RunningConsole, chromium: Browser
) -> None:
    conversation = await console.queued(name=HOSTILE, text=HOSTILE, summary=HOSTILE)
    await console.store.pool.execute("UPDATE contacts SET email = $1, phone = $1", HOSTILE)
    agent = await _filled(console, conversation.id)
    one = f"/console/conversations/{conversation.id}"
    shown = {
        "supervisor": (
            "/console/", one, "/console/?tab=open", "/console/drafts", "/console/admin/replies", "/console/answers/proposals",
            "/console/answers", "/console/requests", "/console/inboxes", "/console/waits", "/console/wall", "/console/reports",
            f"/console/wall/agents/{agent}", "/console/account", "/console/audit", "/console/sign-out",
        ),
        "admin": (
            "/console/admin/teams", "/console/admin/teams/hostile", "/console/admin/agents", f"/console/admin/agents/{agent}",
            "/console/audit",
        ),
    }  # fmt: skip
    seen: set[str] = set()
    for role, paths in shown.items():
        page = await signed_in_agent_of(console, chromium, role)
        page.on("dialog", _fail)
        for path in paths:
            answer = await page.goto(console.base + path)
            assert answer and answer.status == 200, path
            await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            made = await page.evaluate(
                """[...document.querySelectorAll('main *, title')].filter((one) => one.matches('img[src="x"], svg[onload], script')
                    || [...one.attributes].some((each) => each.name.startsWith('on')
                        || (each.name === 'href' && each.value.startsWith('javascript:')))).length"""
            )
            assert made == 0, path
            if MARK in await page.evaluate("document.documentElement.textContent"):
                seen.add(path)
        assert page.complaints == []  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    assert {
        "/console/",
        one,
        "/console/admin/replies",
        "/console/admin/teams",
        "/console/admin/agents",
    } <= seen


async def signed_in_agent_of(console: RunningConsole, chromium: Browser, role: str) -> Page:
    """As the helper does, but an administrator begins on another page."""
    if role == "supervisor":
        return await signed_in_agent(console, chromium, "Carla Rossi", role=role)
    browser = await console.signed_in("Ada Min", "admin")
    context = await chromium.new_context()
    await context.add_cookies(
        [{"name": "civicdesk_agent", "value": browser.cookie() or "", "url": f"{console.base}/console/"}]
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda note: complaints.append(note.text) if "Content Security" in note.text else None)
    page.complaints = complaints  # type: ignore[attr-defined]  # a field that the fixture adds to the page
    return page


async def _filled(console: RunningConsole, id: UUID) -> UUID:
    """Each form of the desk is sent with the words in each of its text fields; the id of the agent with the hostile name."""
    email, ana = await console.agent(HOSTILE[:100])
    agent, carla = console.browser(), await console.signed_in("Carla Rossi", "supervisor")
    await agent.sign_in(email)
    one = f"/console/conversations/{id}"
    later = "2099-01-01T10:00"
    await _send(agent, f"{one}/claim", {})
    for path, fields in {
        f"{one}/note": {"text": HOSTILE, "client_id": str(uuid4())},
        f"{one}/remind": {"text": HOSTILE, "when": later, "at": later},
        f"{one}/reply": {"text": HOSTILE, "client_id": str(uuid4())},
        f"{one}/draft": {"text": HOSTILE},
        f"{one}/contact": {"name": HOSTILE, "email": HOSTILE, "phone": HOSTILE, "language": "en"},
        f"{one}/find-contact": {"words": HOSTILE, "q": HOSTILE},
        "/console/search": {"q": HOSTILE, "words": HOSTILE},
    }.items():
        await _send(agent, path, fields)
    for path, fields in {
        "/console/admin/canned": {
            "id": "",
            "title": HOSTILE[:80],
            "text_en": HOSTILE,
            "en": HOSTILE,
            "active": "1",
        },
        "/console/admin/tags": {"name": HOSTILE[:40], "active": "1"},
        "/console/admin/macros": {
            "id": "",
            "title": HOSTILE[:80],
            "canned": "",
            "act": "resolve",
            "active": "1",
        },
        f"{one}/whisper": {"text": HOSTILE},
        f"{one}/hold": {"reason": HOSTILE},
        f"{one}/redact": {"words": "no such words", "reason": HOSTILE},
    }.items():
        await _send(carla, path, fields)
    await console.store.pool.execute(
        "INSERT INTO teams (name, title, place, languages) VALUES ('hostile', $1, 9, '{en}')", HOSTILE[:100]
    )
    await console.store.pool.execute(
        "INSERT INTO canned_texts (id, title, texts) VALUES ('hostile', $1, $2)", HOSTILE, {"en": HOSTILE}
    )
    await console.store.pool.execute("INSERT INTO tags (name) VALUES ($1) ON CONFLICT DO NOTHING", HOSTILE)
    await console.store.pool.execute(
        "INSERT INTO conversation_tags (conversation_id, tag, added_by) VALUES ($1, $2, $3)",
        id,
        HOSTILE,
        ana.agent_id,
    )
    await console.store.pool.execute(
        "INSERT INTO surveys (conversation_id, contact_id, message_id, rating, comment) "
        "SELECT id, contact_id, $2, 1, $3 FROM conversations WHERE id = $1",
        id, uuid4(), HOSTILE,
    )  # fmt: skip
    return ana.agent_id


def _fail(dialog: Dialog) -> None:
    pytest.fail(f"a script ran: {dialog.message}")


async def _send(browser: Plain, path: str, fields: dict[str, str]) -> None:
    """A form may refuse the words (they are no e-mail address); it may not break over them."""
    answer = await browser.post(path, data=fields)
    assert answer.status < 500, f"{path}: {answer.visible[:300]}"
    assert "<img src=x" not in answer.text, path
