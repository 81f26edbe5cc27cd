"""Mails that were not accepted: counted, listed with the headers that decided, shown as text, and accepted by hand."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from channels.base import Inbound
from city import City, InboxConfig
from desk.inbound import set_aside
from desk.knowledge.catalogue import Catalog
from desk.store.inbound import not_taken as stored
from desk.store.inbound import set_aside as kept
from desk.store.pool import Store
from tests.support.console import Browser, RunningConsole, running_console

AUTOMATIC = Inbound(
    "<1@mail.example> 1",
    "ana@mail.example",
    "ignored",
    text="The lamp at number 8 is dark.",
    name="Ana",
    thread={"subject": "Lamp <b>8</b>"},
    reason="an automatic mail",
    evidence={"Auto-Submitted": "auto-generated", "From": "Ana <ana@mail.example>"},
)
UNREADABLE = Inbound(
    "unread 7.2",
    "",
    "ignored",
    reason="no single sender",
    raw="Subject: x\n\n<script>alert(1)</script>",
)


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    city = msgspec.structs.replace(city, inboxes=(*city.inboxes, InboxConfig(name="post", channel="email")))
    async with running_console(store, redis_url, city, catalog, tmp_path) as console:
        yield console


async def signed_in(console: RunningConsole) -> Browser:
    email, _ = await console.agent()
    browser = console.browser()
    assert (await browser.sign_in(email)).status == 200
    return browser


async def listed(console: RunningConsole) -> dict[str, stored.NotTaken]:
    return {one.kind: one for one in await stored.list_not_taken(console.store.pool, "post")}


async def test_an_ignored_mail_is_counted_listed_with_its_headers_and_taken_once(
    console: RunningConsole,
) -> None:
    await set_aside.record(console.store, "post", [AUTOMATIC, AUTOMATIC])
    browser = await signed_in(console)
    assert "Not taken: 1" in (await browser.get("/console/inboxes")).visible
    page = await browser.get("/console/inboxes/post/not-taken")
    for words in (
        "Lamp <b>8</b>",
        "an automatic mail",
        "Auto-Submitted",
        "auto-generated",
        "ana@mail.example",
    ):
        assert words in page.visible, words
    assert "<b>8</b>" not in page.text
    one = (await listed(console))["ignored"]
    taken = await browser.post(f"/console/not-taken/{one.id}/take", data={"inbox": "post"})
    assert "Accepted. It waits in the queue." in taken.visible and "Every mail was taken." in taken.visible
    again = await browser.post(f"/console/not-taken/{one.id}/take", data={"inbox": "post"})
    assert again.status == 409 and "Somebody may have taken it" in again.visible
    (event,) = await console.store.pool.fetch("SELECT payload, state FROM events WHERE inbox = 'post'")
    assert event["state"] == "received" and event["payload"]["text"] == AUTOMATIC.text
    assert event["payload"]["thread"]["quiet"] == set_aside.BY_HAND
    assert "an automatic mail" in event["payload"]["note"]
    assert (await console.audited()).count("take_set_aside") == 1


async def test_an_unreadable_mail_is_shown_as_text_and_cannot_be_taken(console: RunningConsole) -> None:
    await set_aside.record(console.store, "post", [UNREADABLE])
    browser = await signed_in(console)
    page = await browser.get("/console/inboxes/post/not-taken")
    assert "could not be read" in page.visible and "Take it" not in page.visible
    one = (await listed(console))["unreadable"]
    raw = await browser.get(f"/console/not-taken/{one.id}/raw")
    assert "<script>alert(1)</script>" in raw.visible and "<script>alert(1)" not in raw.text
    assert (await console.audited()).count("view_set_aside") == 1
    refused = await browser.post(f"/console/not-taken/{one.id}/take", data={"inbox": "post"})
    assert refused.status == 409


async def test_a_mail_without_a_sender_can_be_read_and_not_taken(console: RunningConsole) -> None:
    nobodys = replace(AUTOMATIC, external_id="7.3", contact="", reason="no single sender", raw=AUTOMATIC.text)
    await set_aside.record(console.store, "post", [nobodys])
    browser = await signed_in(console)
    page = await browser.get("/console/inboxes/post/not-taken")
    assert "no author" in page.visible and "Take it" not in page.visible
    one = (await listed(console))["ignored"]
    assert (AUTOMATIC.text or "") in (await browser.get(f"/console/not-taken/{one.id}/raw")).visible


async def test_after_thirty_days_it_is_neither_listed_nor_shown_nor_taken(console: RunningConsole) -> None:
    await set_aside.record(console.store, "post", [AUTOMATIC, UNREADABLE])
    before = await listed(console)
    await console.store.pool.execute("UPDATE not_taken SET arrived_at = now() - interval '31 days'")
    browser = await signed_in(console)
    assert "Not taken" not in (await browser.get("/console/inboxes")).visible
    assert (await browser.get(f"/console/not-taken/{before['unreadable'].id}/raw")).status == 404
    url = f"/console/not-taken/{before['ignored'].id}/take"
    assert (await browser.post(url, data={"inbox": "post"})).status == 409
    await kept.delete_old(console.store.pool, "post")
    assert await console.store.pool.fetchval("SELECT count(*) FROM not_taken") == 0


async def test_a_flood_leaves_the_newest(console: RunningConsole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for number in range(6):
        arrived = Inbound(f"{number}", "ana@mail.example", "ignored", text="x", reason="r")
        await set_aside.record(console.store, "post", [arrived])
    rows = await console.store.pool.fetch("SELECT external_id FROM not_taken ORDER BY id")
    assert [row["external_id"] for row in rows] == ["3", "4", "5"]


async def test_unauthenticated_calls_and_unknown_inboxes_get_nothing(console: RunningConsole) -> None:
    await set_aside.record(console.store, "post", [AUTOMATIC])
    stranger = console.browser()
    assert "/console/sign-in" in (await stranger.get("/console/inboxes/post/not-taken")).url
    browser = await signed_in(console)
    assert (await browser.get("/console/inboxes/nowhere/not-taken")).status == 404
