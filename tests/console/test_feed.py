"""One read serves all open pages: what each is told is what its agent's own reads would say."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from console import feed
from console.open_page import Concerns, OpenPage, Shown
from console.queue.shared_rows import SharedReads
from desk.conversations.ownership import Ownership
from desk.knowledge.catalogue import Catalog
from desk.model import Actor, Scope
from desk.people.permissions import scope_of
from desk.people.sessions import Session
from desk.store.dialogue import desk_rows, for_all, listing
from desk.store.dialogue.desk_rows import DeskCounts
from desk.store.dialogue.for_all import AllCounts, Mark
from desk.store.replies import reminders, snoozes
from tests.support.console import Browser, RunningConsole
from tests.support.waiting import eventually

NOW = datetime(2026, 11, 30, tzinfo=UTC)
ANA = Actor(uuid4(), "Ana", "agent", ("front-desk",))
NONE = DeskCounts(0, 0, 0, 0, 0, 0)


def _page() -> OpenPage:
    page = OpenPage(b"", Session(ANA, "ana@example.org", "csrf"))
    page.shown = Shown(NONE, 0, ("available", "0/5"))
    return page


def test_a_slow_page_is_owed_each_conversation_once_and_only_the_latest_counts() -> None:
    page, one = _page(), uuid4()
    assert b'"first": true' in page.take()
    for waiting in range(1_000):
        page.conversations.add(one)
        page.shown = Shown(replace(NONE, waiting=waiting), 0, ("available", "0/5"))
    told = page.take()
    assert told.count(str(one).encode()) == 1 and b'"waiting": 999' in told
    assert page.take() == b"", "nothing is told twice"


def test_what_concerns_others_waits_a_moment_and_what_is_urgent_or_own_does_not() -> None:
    page = _page()
    page.take()
    page.shown = Shown(replace(NONE, waiting=3), 0, ("available", "0/5"))
    assert not page.presses([]), "more people wait"
    assert page.presses([uuid4()]), "a conversation of one's own"
    for counts in (
        replace(NONE, urgent=1),
        replace(NONE, unanswered=1),
        replace(NONE, paged=1),
        replace(NONE, offered=1),
    ):
        page.shown = Shown(counts, 0, ("available", "0/5"))
        assert page.presses([]), counts
    page.shown = Shown(replace(NONE, urgent=2, paged=1), 0, ("available", "0/5"))
    page.take()
    page.shown = Shown(replace(NONE, urgent=1), 0, ("available", "0/5"))
    assert not page.presses([]), "a colleague took an urgent one"
    page.shown = Shown(NONE, 0, ("available", "0/5"))
    page.take()
    page.shown = Shown(NONE, 1, ("available", "0/5"))
    assert page.presses([]), "a reminder is due"
    page.shown = Shown(NONE, 0, ("away", "0/5"))
    assert page.presses([]), "one's own presence"


def _mark(team: str | None = "taxes", agent_id: UUID | None = None) -> Mark:
    return Mark(uuid4(), "queued", NOW, 1, team, agent_id)


def test_a_change_concerns_those_who_see_it_and_those_who_saw_it() -> None:
    theirs, gone, mine, nobodys = (
        _mark(),
        _mark(team="front-desk"),
        _mark(agent_id=ANA.agent_id),
        _mark(team=None),
    )
    moved = replace(gone, team="taxes")
    concerns = Concerns([(None, theirs), (gone, moved), (None, mine), (None, nobodys), (mine, None)])
    assert set(concerns.of(scope_of(ANA))) == {gone.id, mine.id, nobodys.id}
    assert set(concerns.of(Scope(True, (), uuid4()))) == {theirs.id, gone.id, mine.id, nobodys.id}
    assert set(concerns.of(Scope(False, (), uuid4()))) == {nobodys.id}


async def test_the_counts_of_everybody_are_those_that_each_agent_would_read(
    console: RunningConsole, catalog: Catalog
) -> None:
    store, now = console.store, console.clock()
    ownership = Ownership(store, console.live, console.city, catalog, console.clock)
    people = [
        (await console.agent("Ana Duarte"))[1],
        (await console.agent("Ben Ode", teams=("taxes", "front-desk")))[1],
        (await console.agent("Carla Rossi", "supervisor", ("taxes",)))[1],
    ]
    talks = [
        await console.queued(team=team, urgency=urgency)
        for team in ("front-desk", "taxes")
        for urgency in (None, None, None, "fire")
    ]
    for who, talk in ((0, 0), (0, 1), (1, 4), (2, 5)):
        await ownership.claim(people[who], talks[talk].id)
    await snoozes.set_snooze(store.pool, talks[1].id, people[0].agent_id, None)
    await store.pool.execute("UPDATE conversations SET paged_at = now() WHERE id = $1", talks[3].id)
    await store.pool.execute("UPDATE conversations SET team = NULL WHERE id = $1", talks[6].id)
    await reminders.add_reminder(store.pool, uuid4(), people[0].agent_id, talks[0].id, "", now)
    everybody = await for_all.count_all(store.pool, now)
    marks = await for_all.list_marks(store.pool, NOW, [], in_hand=True)
    for person in people:
        scope = scope_of(person)
        assert everybody.of(scope) == await desk_rows.count_desk(store.pool, scope)
        assert everybody.calls(person.agent_id) == await reminders.count_calls(
            store.pool, person.agent_id, now
        )
        for mark in marks:
            assert for_all.is_seen(mark, scope) == await listing.is_visible(store.pool, scope, mark.id)


@asynccontextmanager
async def _streams(browsers: list[Browser]) -> AsyncIterator[list[Any]]:
    opened = [await one.http.get(f"{one.base}/console/stream") for one in browsers]
    try:
        yield opened
    finally:
        for one in opened:
            one.close()


async def _until(stream: Any, words: bytes) -> None:
    async with asyncio.timeout(30):
        while words not in await stream.content.readline():
            pass


async def test_ten_pages_cost_one_read_for_each_change(
    console: RunningConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = 0
    count_all = for_all.count_all

    async def counted(*given: Any) -> AllCounts:
        nonlocal reads
        reads += 1
        return await count_all(*given)

    monkeypatch.setattr(for_all, "count_all", counted)
    ana = await console.signed_in()
    async with _streams([ana] * 10) as streams:
        for stream in streams:
            await _until(stream, b'"waiting": 0')
        before = reads
        conversation = await console.queued()
        for stream in streams:
            await _until(stream, str(conversation.id).encode())
        # One for the change, and one for the clock or for a wake-up that comes after it.
        assert 1 <= reads - before <= 3


async def test_a_change_is_told_once_although_it_is_looked_for_again(
    console: RunningConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        feed, "RECENT", timedelta(milliseconds=1)
    )  # it is no longer among the recent ones at once
    monkeypatch.setattr(feed, "POLL", 0.3)
    monkeypatch.setattr(feed, "EVERY", 0.05)
    monkeypatch.setattr(feed, "CALM", 0.01)
    told: list[OpenPage] = []
    take = OpenPage.take

    def counted(self: OpenPage) -> bytes:
        data = take(self)
        if data:
            told.append(self)
        return data

    monkeypatch.setattr(OpenPage, "take", counted)
    reads = 0
    count_all = for_all.count_all

    async def read(*given: Any) -> AllCounts:
        nonlocal reads
        reads += 1
        return await count_all(*given)

    monkeypatch.setattr(for_all, "count_all", read)
    ana = await console.signed_in()
    async with _streams([ana]) as (stream,):
        await _until(stream, b'"waiting": 0')
        conversation = await console.queued()
        await _until(stream, str(conversation.id).encode())
        before, so_far = len(told), reads

        async def read_often() -> bool:
            await console.live.tell_console("presence")  # reads between those of the clock
            return reads >= so_far + 20

        await eventually(read_often)
        assert len(told) - before <= 1, "once for the conversation, and once for a count that came after it"


async def test_a_read_that_breaks_does_not_end_the_reader(
    console: RunningConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_all, broken = for_all.count_all, 0

    async def breaks_once(*given: Any) -> AllCounts:
        nonlocal broken
        if not broken:
            broken += 1
            raise asyncpg.DeadlockDetectedError("two gateways waited for each other")
        return await count_all(*given)

    ana = await console.signed_in()
    async with _streams([ana]) as (stream,):
        await _until(stream, b'"waiting": 0')
        monkeypatch.setattr(for_all, "count_all", breaks_once)
        await console.queued()
        await _until(stream, b'"waiting": 1')
    assert broken


async def test_the_shared_list_says_what_a_whole_page_says(console: RunningConsole) -> None:
    ana, ben = await console.signed_in(), await console.signed_in("Ben Ode")
    async with _streams([ana, ben]) as streams:
        for stream in streams:
            await _until(stream, b'"waiting": 0')
        for name in ("Lucía", "<b>Max</b>", "Urgent One"):
            await console.queued(name=name, urgency="fire" if name.startswith("Urgent") else None)
        for stream in streams:
            await _until(stream, b'"waiting": 3')
        for browser in (ana, ben):
            page, part = await browser.get("/console/"), await browser.get("/console/list")
            assert _entries(part.text) == _entries(page.text) and len(_entries(part.text)) == 3
            assert "<b>Max" not in part.text and "&lt;b&gt;Max" in part.text


def _entries(text: str) -> list[tuple[str, str]]:
    """Each row's id, and its heading with the place."""
    row = r'<li class="entry[^>]*data-conversation="([^"]+)".*?<span class="first">(.*?)</bdi>'
    return [(id, " ".join(heading.split())) for id, heading in re.findall(row, text, re.DOTALL)]


async def test_those_who_ask_at_once_wait_for_one_read_and_a_new_version_ends_it() -> None:
    shared, reads = SharedReads(), 0

    async def read() -> int:
        nonlocal reads
        reads += 1
        await asyncio.sleep(0)
        return reads

    assert await asyncio.gather(*(shared.get("a", 0, 60, read) for _ in range(5))) == [1] * 5
    assert await shared.get("b", 0, 60, read) == 2
    assert await shared.get("a", 1, 60, read) == 3
    assert await shared.get("a", 1, -1, read) == 4, "kept for too long"


async def test_a_read_that_failed_is_not_kept() -> None:
    shared = SharedReads()

    async def fails() -> str:
        raise OSError

    async def works() -> str:
        return "read"

    with pytest.raises(OSError):
        await shared.get("a", 0, 60, fails)
    assert await shared.get("a", 0, 60, works) == "read"
