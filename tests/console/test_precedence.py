"""Acts go before what pages fetch on their own."""

import asyncio
from typing import Any

import pytest

from console import guard
from desk.people import sessions
from tests.support.console import RunningConsole
from tests.support.waiting import eventually


async def test_an_act_does_not_wait_for_what_pages_fetch_on_their_own(
    console: RunningConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, begun, go_on = await console.signed_in(), 0, asyncio.Event()
    await console.queued()
    real = sessions.session_of

    async def slow_for_pages(*given: Any, by_person: bool, **more: Any) -> sessions.Session | None:
        nonlocal begun
        if not by_person:
            begun += 1
            await go_on.wait()
        return await real(*given, by_person=by_person, **more)

    monkeypatch.setattr(guard, "session_of", slow_for_pages)
    fetched = [asyncio.create_task(ana.get("/console/list")) for _ in range(guard.BESIDE + 3)]

    async def full() -> bool:
        return begun >= guard.BESIDE

    await eventually(full)
    claimed = await asyncio.wait_for(ana.post("/console/next"), 30)
    assert claimed.status == 200 and "/conversations/" in claimed.url
    assert begun == guard.BESIDE and not any(one.done() for one in fetched)
    go_on.set()
    assert {one.status for one in await asyncio.gather(*fetched)} == {200}
