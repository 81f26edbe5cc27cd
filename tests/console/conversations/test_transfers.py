"""Transfers to a colleague or a team, and notes that only agents read."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.store.dialogue import notes, transitions
from desk.store.pool import Store
from tests.support.console import Answer, Browser, RunningConsole, running_console


@pytest.fixture
async def console(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    """A console of the demo city with a second team."""
    taxes = msgspec.structs.replace(city.teams[0], name="taxes", title="Taxes")
    two_teams = msgspec.structs.replace(city, teams=(*city.teams, taxes))
    async with running_console(store, redis_url, two_teams, catalog, tmp_path) as running:
        yield running


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


async def _transfer(browser: Browser, conversation: object, to: str, note: str = "") -> Answer:
    form = {"to": to, "note": note, "client_id": str(uuid4())}
    return await browser.post(_path(conversation, "transfer"), data=form)


async def test_a_colleague_who_accepts_gets_it_with_the_note_and_the_citizen_is_told(
    console: RunningConsole,
) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    email, ben = await console.agent("Ben Okafor")
    await ana.post(_path(conversation, "claim"))
    done = await _transfer(
        ana, conversation, f"agent:{ben.agent_id}", "Needs somebody who knows permits. <b>"
    )
    assert (
        "Offered. Until your colleague accepts" in done.visible
        and "Offered to Ben Okafor until" in done.visible
    )
    kept = await console.state(conversation)
    assert (kept.state, kept.agent_name) == ("assigned", "Ana Duarte")

    browser = console.browser()
    await browser.sign_in(email)
    listed = await browser.get("/console/")
    assert "Offered to you 1" in listed.visible and "from Ana Duarte" in listed.visible
    await browser.post(_path(conversation, "accept"))
    now = await console.state(conversation)
    assert (now.state, now.agent_name, now.fence) == ("assigned", "Ben Okafor", conversation.fence + 2)
    assert (await console.log(conversation))[
        -1
    ].text == "Ben Okafor is with you now and can read what you wrote."

    page = await browser.get(_path(conversation))
    assert "Needs somebody who knows permits. <b>" in page.visible and "Your reply" in page.visible
    assert {"offer", "accept"} <= set(await console.audited(conversation.id))
    last = (await transitions.list_of_conversation(console.store.pool, conversation.id))[-1]
    assert (last.why, last.from_state, last.to_state, last.to_agent_id) == (
        "transferred", "assigned", "assigned", ben.agent_id,
    )  # fmt: skip
    # It is no longer hers to transfer.
    refused = await _transfer(ana, conversation, f"agent:{ben.agent_id}")
    assert refused.status == 404 and (await console.state(conversation)).agent_name == "Ben Okafor"


async def test_a_team_gets_it_at_the_place_of_its_wait(console: RunningConsole) -> None:
    first, later = await console.queued(), await console.queued(team="taxes")
    ana = await console.signed_in()
    await ana.post(_path(first, "claim"))
    done = await _transfer(ana, first, "team:taxes")
    assert "Transferred" in done.visible
    now = await console.state(first)
    assert (now.state, now.team, now.agent_id, now.queued_at) == ("queued", "taxes", None, first.queued_at)
    assert now.queued_at and later.queued_at and now.queued_at < later.queued_at
    # It belongs to another team now.
    assert (await ana.get(_path(first))).status == 404


async def test_who_may_not_answer_it_cannot_get_it(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    _, stranger = await console.agent("Stranger", teams=("taxes",))
    await ana.post(_path(conversation, "claim"))
    for to in (
        f"agent:{stranger.agent_id}",
        f"agent:{uuid4()}",
        "agent:nonsense",
        "team:unknown",
        "",
        "team:",
    ):
        refused = await _transfer(ana, conversation, to, "hello")
        assert refused.status == 404, to
    now = await console.state(conversation)
    assert (now.state, now.agent_name) == ("assigned", "Ana Duarte")
    assert await notes.list_of_conversation(console.store.pool, conversation.id) == []


async def test_a_note_is_kept_once_and_no_citizen_sees_it(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    form = {"text": "Called back at noon.", "client_id": str(uuid4())}
    for _ in range(2):
        page = await ana.post(_path(conversation, "note"), data=form)
    assert page.visible.count("Called back at noon.") == 1 and "Only agents see it" in page.visible
    assert "Called back at noon." not in str(await console.log(conversation))
    for bad, status in (("", 422), ("   ", 422), ("x" * 4_001, 422)):
        refused = await ana.post(_path(conversation, "note"), data={"text": bad, "client_id": str(uuid4())})
        assert refused.status == status, bad[:5]
    assert len(await notes.list_of_conversation(console.store.pool, conversation.id)) == 1
    taxes = await console.signed_in("Tom", teams=("taxes",))
    assert (await taxes.post(_path(conversation, "note"), data=form)).status == 404
