"""The stream reports changes to those who may see them, and ends with the session."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from desk.people.agents import deactivate
from tests.support.console import Browser, RunningConsole


class Stream:
    """The events of one open stream."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event; fails when none comes."""
        kind = ""
        async with asyncio.timeout(30):
            while True:
                line = (await self._response.content.readline()).decode()
                assert line, "the stream ended"
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ").strip()
                elif line.startswith("data: "):
                    return kind, json.loads(line.removeprefix("data: "))

    async def until(self, conversation_id: object) -> dict[str, Any]:
        """The next change that names this conversation."""
        while True:
            kind, data = await self.next()
            if kind == "changed" and str(conversation_id) in data["conversations"]:
                return data


@asynccontextmanager
async def _stream(browser: Browser) -> AsyncIterator[Stream]:
    async with browser.http.get(f"{browser.base}/console/stream") as response:
        assert response.status == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Stream(response)


async def test_a_new_entry_in_the_queue_is_told_with_how_many_wait(console: RunningConsole) -> None:
    ana = await console.signed_in()
    async with _stream(ana) as stream:
        counts = {"waiting": 0, "mine": 0, "unanswered": 0, "urgent": 0, "paged": 0, "calls": 0}
        presence = {"state": "available", "shown": "0/5"}
        assert await stream.next() == (
            "changed", {"conversations": [], **counts, "presence": presence, "first": True},
        )  # fmt: skip
        conversation = await console.queued()
        assert (await stream.until(conversation.id))["waiting"] == 1
        await ana.post(f"/console/conversations/{conversation.id}/claim")
        told = await stream.until(conversation.id)
        assert (told["waiting"], told["mine"]) == (0, 1)
        await console.say(conversation, "are you there?")
        assert "are you there" not in json.dumps(await stream.until(conversation.id))


async def test_another_teams_conversations_are_not_told(console: RunningConsole) -> None:
    ana = await console.signed_in()
    carla = await console.signed_in("Carla Rossi", "supervisor")
    async with _stream(ana) as narrow, _stream(carla) as wide:
        await narrow.next()
        await wide.next()
        theirs = await console.queued(team="taxes")
        mine = await console.queued()
        assert (await wide.until(theirs.id))["conversations"]
        told = await narrow.until(mine.id)
        assert str(theirs.id) not in told["conversations"] and told["waiting"] == 1


async def test_the_stream_of_a_deactivated_agent_ends(console: RunningConsole) -> None:
    email, _ = await console.agent()
    browser = console.browser()
    await browser.sign_in(email)
    async with _stream(browser) as stream:
        await stream.next()
        await deactivate(console.store, email=email)
        await console.queued()
        assert (await stream.next())[0] == "signed-out"


async def test_without_a_session_there_is_no_stream(console: RunningConsole) -> None:
    answer = await console.browser().get("/console/stream", headers={"accept": "text/event-stream"})
    assert answer.status == 401 and "session has ended" in answer.visible
