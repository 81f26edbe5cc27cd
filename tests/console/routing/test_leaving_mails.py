"""Signing out with mails in hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from city import City, InboxConfig
from desk.knowledge.catalogue import Catalog
from desk.store.pool import Store
from tests.support.console import RunningConsole, running_console


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    city = msgspec.structs.replace(city, inboxes=(*city.inboxes, InboxConfig(name="post", channel="email")))
    async with running_console(store, redis_url, city, catalog, tmp_path) as console:
        yield console


async def test_mails_stay_with_whoever_signs_out_unless_they_say_otherwise(console: RunningConsole) -> None:
    email, ana = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    held = await console.queued()
    await browser.post(f"/console/conversations/{held.id}/claim")
    await console.store.pool.execute("UPDATE conversations SET inbox = $2 WHERE id = $1", held.id, "post")
    page = await browser.get("/console/sign-out")
    assert "No conversation waits for your answer" in page.visible
    assert "Keep the one that can wait: mails" in page.visible
    assert "You are signed out." in (await browser.post("/console/sign-out")).visible
    now = await console.state(held)
    assert (now.state, now.agent_id) == ("assigned", ana.agent_id)
    await browser.sign_in(email)
    await browser.post("/console/sign-out", data={"choice": "return"})
    assert (await console.state(held)).state == "queued", "the box was not ticked"
