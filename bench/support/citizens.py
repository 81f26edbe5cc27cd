"""Citizens of a benchmark: each waits for the answer before asking again. Limited in number and in time."""

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.support.processes import BenchError

ANSWER_PATIENCE = 60.0  # seconds for one answer
PERSON_PATIENCE = 3.0  # seconds for the last message before a person takes over
RUN_PATIENCE = 900.0  # seconds for one load
TURNS_EACH = 5  # then another citizen takes over: conversations stay as short as real ones

Conversation = Callable[[Sequence[str]], Awaitable[list[float]]]


@dataclass(frozen=True)
class Load:
    """`clients` citizens at a time, `messages` in all."""

    clients: int
    messages: int


async def measure(conversation: Conversation, questions: Sequence[str], load: Load) -> list[float]:
    """Returns the milliseconds of every turn. Raises BenchError if an answer does not come."""
    parts = [
        [questions[place % len(questions)] for place in range(start, min(start + TURNS_EACH, load.messages))]
        for start in range(0, load.messages, TURNS_EACH)
    ]
    waiting = iter(parts)
    took: list[float] = []

    async def client() -> None:
        for part in waiting:
            took.extend(await conversation(part))

    try:
        async with asyncio.timeout(RUN_PATIENCE), asyncio.TaskGroup() as group:
            for _ in range(load.clients):
                group.create_task(client())
    except TimeoutError:
        raise BenchError(
            f"{load.messages} messages were not answered in {RUN_PATIENCE:.0f} seconds."
        ) from None
    except ExceptionGroup as errors:
        raise BenchError(f"A client failed: {errors.exceptions[0]!r}.") from errors
    return took


def citizen_of(http: aiohttp.ClientSession, url: str, authors: Counter[str]) -> Conversation:
    """A citizen of our product: posts to the web chat, and reads the log from its event stream, as the widget does.

    `authors` counts who answered: the bot, or the system (a handoff, an apology).
    """

    async def conversation(texts: Sequence[str]) -> list[float]:
        async with http.post(f"{url}/chat/v1/session", json={"language": "en"}) as answer:
            answer.raise_for_status()
            headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        took: list[float] = []
        async with http.get(f"{url}/chat/v1/stream", params={"after": "0"}, headers=headers) as stream:
            stream.raise_for_status()
            window = _Window(stream)
            for place, text in enumerate(texts):
                mine = str(uuid.uuid4())
                began = time.perf_counter()
                body = {"client_id": mine, "text": text}
                async with http.post(f"{url}/chat/v1/messages", json=body, headers=headers) as answer:
                    answer.raise_for_status()
                async with asyncio.timeout(ANSWER_PATIENCE):
                    author = await window.reply(mine)
                if author is not None:
                    authors[author] += 1
                    took.append((time.perf_counter() - began) * 1000)
                if author in (None, "system"):
                    # The conversation now waits for a person, and no agent is there to answer: another citizen goes on, and asks
                    # again what was left unanswered.
                    left = texts[place if author is None else place + 1 :]
                    return took + (await conversation(left) if left else [])
        return took

    return conversation


class _Window:
    """A citizen's stream. Keeps the conversation's latest owner."""

    def __init__(self, stream: aiohttp.ClientResponse) -> None:
        self._stream = stream
        self._taken = False

    async def reply(self, mine: str) -> str | None:
        """Read until the first reply to our message is in the log. Returns its author, or None if a
        person owns the conversation, since no agent is there to answer."""
        asked = False
        while asked or not self._taken:
            try:
                # A handoff that our message caused is announced at once; messages to a person get no answer.
                async with asyncio.timeout(PERSON_PATIENCE if self._taken else None):
                    data = await self._next()
            except TimeoutError:
                return None
            if "owner" in data:
                self._taken = data["owner"] in ("queued", "agent")
            elif data.get("author") == "contact":
                asked = asked or data["client_id"] == mine
            elif asked and "author" in data:
                return str(data["author"])
        return None

    async def _next(self) -> dict[str, Any]:
        """Returns the next message, status or state. Raises BenchError at the end of the stream."""
        while line := await self._stream.content.readline():
            data = json.loads(line[6:]) if line.startswith(b"data: ") else None
            if isinstance(data, dict):
                return data
        raise BenchError("The stream ended before the answer came.")


def sender_of(http: aiohttp.ClientSession, url: str, authors: Counter[str]) -> Conversation:
    """A citizen of the stock bot, whose REST channel returns the replies in the response to the post."""

    async def conversation(texts: Sequence[str]) -> list[float]:
        sender = str(uuid.uuid4())
        took: list[float] = []
        for text in texts:
            began = time.perf_counter()
            body = {"sender": sender, "message": text}
            async with asyncio.timeout(ANSWER_PATIENCE):
                async with http.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
                    answer.raise_for_status()
                    replies = await answer.json()
            took.append((time.perf_counter() - began) * 1000)
            # Stock Rasa may decide to wait, or crash, and answer 200 with an empty list: this is counted and reported.
            authors["bot" if replies else "nobody"] += 1
        return took

    return conversation
