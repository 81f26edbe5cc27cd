"""The plain page: a citizen without JavaScript is served too."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from desk.media.files import MediaFiles
from gateway.citizen import pages
from tests.support.gateway import CATALOG, CITY, RunningGateway
from tests.support.page_browser import Browser
from tests.support.photos import jpeg
from tests.support.waiting import eventually


@pytest.fixture
async def browser(gateway: RunningGateway, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Browser]:
    # Nobody answers in most of these tests.
    monkeypatch.setattr(pages, "REPLY_PATIENCE", 0.05)
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"accept": "text/html"}
    ) as http:
        yield Browser(gateway, http)


async def test_a_question_is_asked_and_its_answer_read(gateway: RunningGateway, browser: Browser) -> None:
    page = await browser.open("/chat")
    assert "In an emergency call 911." in page and "Lindenport is invented" in page
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM contacts") == 0, "looking makes no contact"
    await browser.send(text="When is my <b>bin</b> collected?")
    assert browser.status == 200 and "/chat?seen=0" in browser.path
    (event,) = await gateway.events()
    assert event["payload"]["text"] == "When is my <b>bin</b> collected?"
    contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    await gateway.say(contact, "When is my <b>bin</b> collected?", "contact")
    await gateway.say(contact, "On Tuesday & Friday.\n<script>alert(1)</script>")
    page = await browser.open("/chat")
    assert "On Tuesday &amp; Friday." in page and "<script>" not in page
    assert "&lt;b&gt;bin&lt;/b&gt;" in page
    assert page.index("&lt;b&gt;bin") < page.index("Tuesday")


async def test_the_page_waits_a_moment_for_the_answer(
    gateway: RunningGateway, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    await browser.open("/chat")
    await browser.send(text="first")
    contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    await gateway.say(contact, "first", "contact")
    monkeypatch.setattr(pages, "REPLY_PATIENCE", 20)
    opening = asyncio.create_task(browser.open("/chat?seen=1"))
    await eventually(lambda: gateway.live_readers(contact))
    await gateway.say(contact, "the answer")
    assert "the answer" in await opening


async def test_sending_the_same_form_twice_is_one_message(gateway: RunningGateway, browser: Browser) -> None:
    await browser.open("/chat")
    await browser.send(text="first")
    form = browser.hidden()
    for _ in range(3):
        await browser.send(**form, text="once")
    assert [event["payload"]["text"] for event in await gateway.events()] == ["first", "once"]


async def test_the_page_speaks_the_citizens_language(browser: Browser) -> None:
    assert "Escriba su pregunta" in await browser.open("/chat", "es-MX,es;q=0.9")
    assert '<html lang="fr">' in await browser.open("/chat?language=fr", "es")
    assert '<html lang="en">' in await browser.open("/chat?language=../../etc", "tlh")


async def test_the_source_of_an_answer_is_named_in_the_answers_language(
    gateway: RunningGateway, browser: Browser
) -> None:
    await browser.open("/chat")
    await browser.send(text="x")
    contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    source = {"title": "Pasaporte", "url": "https://a.example/", "reviewed_on": "2026-10-05", "stale": True}
    await gateway.say(contact, "Por correo.", language="es", content={"source": source})
    page = await browser.open("/chat?language=en")
    assert (
        'Fuente: <a href="https://a.example/" rel="noreferrer">Pasaporte</a>, revisado el 5 de octubre de 2026.'
        in page
    )
    assert "<h1>Chat with Lindenport</h1>" in page


async def test_a_button_can_be_pressed(gateway: RunningGateway, browser: Browser) -> None:
    await browser.open("/chat")
    await browser.send(text="x")
    contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    await gateway.say(contact, "Which?", content={"buttons": [{"id": "abc123", "title": "The <first>"}]})
    page = await browser.open("/chat")
    assert '<button name="button" value="abc123">The &lt;first&gt;</button>' in page
    await browser.send(button="abc123")
    assert (await gateway.events())[-1]["payload"]["button"] == "abc123"


async def test_a_problem_is_said_on_the_page_and_the_text_is_kept(
    gateway: RunningGateway, browser: Browser
) -> None:
    await browser.open("/chat")
    page = await browser.send(text="   ")
    assert browser.status == 422 and "Your message is empty." in page
    page = await browser.send(text="y" * 2001)
    assert browser.status == 422 and "too long" in page and "y" * 2000 in page
    page = await browser.send(text="y" * 300_000)
    assert browser.status == 413
    assert await gateway.events() == []


async def test_another_site_cannot_post_the_form(gateway: RunningGateway, browser: Browser) -> None:
    await browser.open("/chat")
    await browser.send(text="mine")
    for csrf in ("", "0" * 64, "é"):
        await browser.send(text="forged", csrf=csrf)
        assert browser.status == 403
        await browser.open("/chat")
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.post(f"{gateway.base}/chat", data={**browser.hidden(), "text": "forged"}) as answer,
    ):
        assert answer.status == 403, "the token is bound to the cookie of the browser it was given to"
    assert [event["payload"]["text"] for event in await gateway.events()] == ["mine"]


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    gateway: RunningGateway, browser: Browser
) -> None:
    await browser.open("/chat")
    async with browser.http.post(
        f"{gateway.base}/chat", data={**browser.hidden(), "text": "x"}, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        cookies = answer.headers.getall("set-cookie")
    assert cookies and all(
        "HttpOnly" in one and "SameSite=Lax" in one and "Path=/chat" in one for one in cookies
    )


async def test_ending_the_chat_clears_the_browser(gateway: RunningGateway, browser: Browser) -> None:
    await browser.open("/chat")
    await browser.send(text="private")
    assert browser.cookie("civicdesk_chat")
    contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    await gateway.say(contact, "private answer")
    assert "private answer" in await browser.open("/chat")
    page = await browser.send("/chat/end")
    assert "private answer" not in page and browser.cookie("civicdesk_chat") is None


async def test_photos_on_the_page_are_their_owners_alone(gateway: RunningGateway, browser: Browser) -> None:
    await browser.open("/chat")
    await browser.send(text="x")
    token = browser.cookie("civicdesk_chat")
    headers = {"authorization": f"Bearer {token}", "content-type": "image/jpeg"}
    async with gateway.http.post(f"{gateway.base}/chat/v1/media", data=jpeg(), headers=headers) as answer:
        media = (await answer.json())["media"]
    async with browser.http.get(f"{gateway.base}/chat/photos/{media}") as answer:
        assert answer.status == 200 and answer.content_type == "image/jpeg"
    async with (
        aiohttp.ClientSession() as stranger,
        stranger.get(f"{gateway.base}/chat/photos/{media}") as answer,
    ):
        assert answer.status == 404


async def test_an_agents_photo_stands_there_with_what_it_shows(
    gateway: RunningGateway, browser: Browser
) -> None:
    await browser.open("/chat")
    await browser.send(text="Where is the stop?")
    contact_id = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    photo = {"id": str(uuid4()), "content_type": "image/jpeg", "alt": "A map <b>of the stop</b>"}
    await gateway.say(contact_id, "It moved.", "agent", content={"attachments": [photo]})
    page = await browser.open("/chat")
    assert f'href="/chat/photos/{photo["id"]}">Photo: A map &lt;b&gt;of the stop&lt;/b&gt;</a>' in page
    headers = {"authorization": f"Bearer {browser.cookie('civicdesk_chat')}"}
    async with gateway.http.get(f"{gateway.base}/chat/v1/messages?after=0", headers=headers) as answer:
        said = (await answer.json())["messages"][-1]
    assert said["attachments"] == [photo]


async def test_the_scripted_chat_takes_the_page_and_goes_on_with_what_was_begun_without(
    browser: Browser,
) -> None:
    page = await browser.open("/chat?topic=passport&lang=es")
    assert page.index("<civicdesk-chat full") < page.index("<textarea") < page.index("</civicdesk-chat>")
    assert 'src="/widget/civicdesk.js"' in page and '<html lang="es">' in page
    assert '<civicdesk-chat full lang="ar"' in await browser.open("/chat?lang=ar")
    assert "<civicdesk-chat full emergency" in await browser.open('/chat?lang="x')
    spoken = {path.stem for path in Path("web/widget/i18n").glob("??.ts")}
    assert spoken == set(pages.WIDGET_ALONE) | set(CITY.offered_languages)
    assert "civicdesk-chat" not in await browser.open("/chat?plain=1"), (
        "for whoever wants the page without it"
    )
    await browser.open("/chat")
    page = await browser.send(text="first")
    assert 'src="/continue.js"' in page and "widget/civicdesk.js" not in page
    assert page.index("<civicdesk-chat full") < page.index("<textarea") < page.index("</civicdesk-chat>")
    csrf = browser.hidden()["csrf"]
    assert f'data-csrf="{csrf}"' in page
    for given, status in (("0" * 64, 403), (csrf, 200)):
        address = f"{browser.gateway.base}/chat/continue"
        async with browser.http.post(address, data={"csrf": given}) as answer:
            assert answer.status == status
            given_back = await answer.json() if status == 200 else None
    assert given_back == {"token": browser.cookie("civicdesk_chat")}
    assert answer.headers["cache-control"] == "no-store"
    assert "civicdesk-chat" not in await browser.open("/chat?plain=1")
    await browser.send("/chat/end", csrf=browser.hidden()["csrf"])
    assert "<civicdesk-chat full" in await browser.open("/chat")


async def test_photo_person_and_links_need_no_script(gateway: RunningGateway, browser: Browser) -> None:
    page = await browser.open("/chat?text=Where%20is%20%3Cb%3E%3F&lang=fr")
    assert "Where is &lt;b&gt;?</textarea>" in page and '<html lang="fr">' in page
    assert 'href="/chat?language=es&amp;text=Where%20is%20%3Cb%3E%3F"' in page, (
        "another language keeps the text"
    )
    title = CATALOG.answers["passport"].texts["es"].title
    assert f"{title}</textarea>" in await browser.open("/chat?topic=passport&language=es")
    assert "></textarea>" in await browser.open("/chat?topic=nothing")

    page = await browser.send("/chat/photo", photo="")
    assert browser.status == 422 and "Choose a photo or a PDF first." in page
    form = aiohttp.FormData({**browser.hidden(), "text": "It is this deep"})
    form.add_field("photo", jpeg(), filename="hole.jpg", content_type="image/jpeg")
    async with browser.http.post(f"{gateway.base}/chat/photo", data=form) as answer:
        assert answer.status == 200 and "/chat?seen=" in str(answer.url)
    (event,) = await gateway.events()
    assert event["payload"]["text"] == "It is this deep" and len(event["payload"]["media"]) == 1

    await browser.open("/chat")
    page = await browser.send(speak="es")
    assert "language=es" in browser.path and '<html lang="es">' in page
    (_, event) = await gateway.events()
    assert event["payload"]["chosen_language"] == "es", "the desk is told at once"
    forged = aiohttp.FormData({"csrf": "wrong", "client_id": str(uuid4())})
    forged.add_field("photo", jpeg(), filename="hole.jpg", content_type="image/jpeg")
    async with browser.http.post(f"{gateway.base}/chat/photo", data=forged) as answer:
        assert answer.status == 403

    page = await browser.open("/chat/accessibility?language=es")
    assert "Accesibilidad</h1>" in page and "555-0100" in page and 'href="/chat?language=es"' in page
    page = await browser.open("/chat/privacy?language=fr")
    assert "Confidentialité</h1>" in page and "555-0100" in page and "30 jours" in page
    page = await browser.open("/chat")
    assert "/chat/privacy?language=en" in page
    assert 'name="text" value="I want to talk to a person">Talk to a person<' in page
    contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
    await gateway.say(contact, "A person comes.")
    await gateway.store.pool.execute("UPDATE conversations SET state = 'queued', team = 'front-desk'")
    assert 'value="Leave the queue">Leave the queue<' in await browser.open("/chat")
    csrf = browser.hidden()["csrf"]
    await browser.send("/chat/erase", csrf=csrf)
    assert browser.cookie("civicdesk_chat") is None and "Nothing has been said yet." in browser.page
    assert await gateway.store.pool.fetchval("SELECT contact_id FROM erasures") == contact


async def test_where_the_disk_is_nearly_full_a_form_with_a_photo_is_refused_in_a_sentence(
    gateway: RunningGateway, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MediaFiles, "takes_more", lambda _: False)
    for path, status in (("/chat/photo", 507), ("/open311/v2/requests.json", 503)):
        form = aiohttp.FormData()
        form.add_field("photo", jpeg(), filename="hole.jpg", content_type="image/jpeg")
        async with browser.http.post(gateway.base + path, data=form) as answer:
            assert answer.status == status
            said = await answer.text()
            assert "Photos cannot be taken" in said or "We cannot take photos" in said
