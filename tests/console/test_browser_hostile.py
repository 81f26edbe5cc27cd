"""Hostile words through every field of every form of the console, and then every page in a real browser: no script runs, no
element comes of them, and the policy has nothing to report."""

import re
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Dialog, Page

from desk.knowledge.catalogue import Catalog
from tests.support.console import Browser as Plain
from tests.support.console import RunningConsole
from tests.support.console_pages import ConsolePage, claimed, console_pages
from tests.support.forms import FoundForm, forms_of

pytestmark = pytest.mark.slow

HOSTILE = (
    "<img src=x onerror=alert(1)>\"'><svg onload=alert(2)>{{7*7}}</title></textarea></option></bdi>"
    "<script>alert(3)</script><a href=javascript:alert(4)>' onfocus=alert(5) autofocus x='"
)
MARK = "onerror=alert(1)"
"""Part of the words: a page that shows them has it as text."""
ENDS = ("/sign-out", "/end-others", "/end-sessions", "/deactivate", "/retire", "/end", "/password", "/remove")
"""Forms that take the session, the account or the team away, or check a password."""
NO_WORDS = {f"/console/admin/settings/{name}" for name in ("limits", "notices", "official")}
"""They take numbers, times, addresses and choices alone."""
ACTS = re.compile(r"/console/conversations/[0-9a-f-]{36}(/[a-z-]+)(?:/[0-9a-f-]{36})?(/[a-z-]+)?$")
MADE = """[...document.querySelectorAll('main *, header *, title')].filter(one => one.matches('img[src="x"], svg[onload], script')
    || [...one.attributes].some(each => each.name.startsWith('on')
        || (each.name === 'href' && each.value.startsWith('javascript:')))).map(one => one.outerHTML.slice(0, 200))"""


async def test_hostile_words_in_every_field_give_the_policy_nothing_to_report(
    console: RunningConsole, chromium: Browser, catalog: Catalog
) -> None:
    pages = await console_pages(console, catalog, HOSTILE)
    await console.store.pool.execute("UPDATE contacts SET email = $1, phone = $1", HOSTILE)
    sent: dict[str, set[int]] = {}
    for browser, paths in pages.sessions:
        for one in paths:
            await _fill_page(console, browser, one, sent)
    taken = {action for action, statuses in sent.items() if statuses & {200, 303}}
    refused = {action for action in sent if action not in taken}
    assert len(sent) >= 32 and len(taken) >= 26, f"taken: {sorted(taken)}; refused: {sorted(refused)}"
    for act in ("note", "reply", "remind", "contact", "hold", "transfer", "whisper", "find-contact"):
        assert f"/console/conversations/*/{act}" in taken, sent
    assert not {action for action in refused if "/admin/settings/" in action} - NO_WORDS, sent
    # What no form takes as it is: a rating's comment, and a title that another process may write.
    conversation = await claimed(console, pages.supervisor, HOSTILE)
    await console.store.pool.execute(
        "INSERT INTO surveys (conversation_id, contact_id, message_id, rating, comment) "
        "SELECT id, contact_id, $2, 1, $3 FROM conversations WHERE id = $1",
        conversation.id, uuid4(), HOSTILE,
    )  # fmt: skip
    seen = set()
    for browser, paths in pages.sessions:
        page, complaints = await _opened(console, chromium, browser)
        extra = ConsolePage("", f"/console/conversations/{conversation.id}")
        for one in (*paths, *([extra] if browser is pages.supervisor else [])):
            answer = await page.goto(console.base + one.path)
            assert answer and answer.status == 200, one.path
            await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert await page.evaluate(MADE) == [], one.path
            if MARK in await page.evaluate(
                "document.documentElement.textContent + [...document.querySelectorAll('input')].map(one => one.value)"
            ):
                seen.add(one.route)
        assert complaints == []
    assert len(seen) >= 30, f"pages that show them: {sorted(seen)}"


async def _fill_page(
    console: RunningConsole, browser: Plain, page: ConsolePage, sent: dict[str, set[int]]
) -> None:
    """Send each form of the page with the words in all of its text fields, and in each alone if not all can have them."""
    shown = await browser.get(page.path)
    assert shown.status == 200, page.path
    for form in forms_of(shown.text):
        act = ACTS.search(form.action)
        if not form.texts or form.action.endswith(ENDS) or (act and page.path.endswith(act[1])):
            continue
        if act is None:
            await _fill(browser, page.path, form, sent)
            continue
        # Acts change what the page offers: each has a conversation of its own.
        own = await claimed(console, browser, HOSTILE)
        there = f"/console/conversations/{own.id}"
        wanted = _named(form.action)
        again = [one for one in forms_of((await browser.get(there)).text) if _named(one.action) == wanted]
        if wanted not in sent:
            for one in again[:1] or [form]:
                await _fill(browser, there, one, sent)


async def _fill(browser: Plain, path: str, form: FoundForm, sent: dict[str, set[int]]) -> None:
    statuses = sent.setdefault(_named(form.action), set())
    words = {one.name: HOSTILE[: one.longest] for one in form.texts}
    statuses.add(await _send(browser, form, words))
    if statuses & {200, 303} or len(words) == 1:
        return
    for name, text in words.items():
        # A form that was taken has a new version: it is read again.
        fresh = [one for one in forms_of((await browser.get(path)).text) if one.action == form.action]
        for one in fresh[:1]:
            statuses.add(await _send(browser, one, {name: text}))


async def _send(browser: Plain, form: FoundForm, changed: dict[str, str]) -> int:
    """A form may refuse the words (they are no e-mail address); it may not break over them."""
    async with browser.http.post(
        browser.base + form.action, data=form.data(changed), headers={"accept": "text/html"}, allow_redirects=False
    ) as answer:  # fmt: skip
        text = await answer.text(errors="replace")
        assert answer.status < 500, f"{form.action}: {text[:300]}"
        assert "<img src=x" not in text and "<svg onload" not in text, form.action
        return answer.status


def _named(action: str) -> str:
    """The form's action with its ids taken out, as forms of several pages share one."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", action)


async def _opened(console: RunningConsole, chromium: Browser, browser: Plain) -> tuple[Page, list[str]]:
    """A page with the session of this browser, and what its policy complains about."""
    context = await chromium.new_context()
    await context.add_cookies(
        [{"name": "civicdesk_agent", "value": browser.cookie() or "", "url": f"{console.base}/console/"}]
    )
    page, complaints = await context.new_page(), list[str]()
    page.on("console", lambda note: complaints.append(note.text) if "Content Security" in note.text else None)
    page.on("dialog", _fail)
    return page, complaints


def _fail(dialog: Dialog) -> None:
    pytest.fail(f"a script ran: {dialog.message}")
