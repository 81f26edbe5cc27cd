"""A citizen in the web chat, over the same HTTP API as the widget."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp

from bench.support.processes import BenchError

PATIENCE = 60.0  # seconds until an answer to a message must be in the log
SILENCE = 3.0  # seconds without a message after which a person's silence is taken for one
POLL = 5  # seconds of one long poll


@dataclass(frozen=True)
class Response:
    """What came back after a message: the messages of the bot and of the desk, and the conversation's state.

    Empty where a person has the conversation and nobody is there.
    """

    messages: Sequence[Mapping[str, Any]]
    state: Mapping[str, Any]

    @property
    def text(self) -> str:
        """All messages, an empty line between them."""
        return "\n\n".join(str(one["text"] or "") for one in self.messages)

    @property
    def titles(self) -> list[str]:
        """The buttons, in order."""
        return [button["title"] for one in self.messages for button in one["buttons"]]

    @property
    def sources(self) -> list[str]:
        """The titles of the answers that were given, in order."""
        return [one["source"]["title"] for one in self.messages if one["source"]]

    @property
    def owner(self) -> str:
        """Who has the conversation now: `bot`, `queued` or `agent`."""
        return str(self.state["owner"])


class Citizen:
    """One conversation. Use as `async with`; ends its session afterwards."""

    def __init__(self, http: aiohttp.ClientSession, url: str, language: str | None) -> None:
        self._http, self._url, self._language = http, f"{url}/chat/v1", language
        self._headers: dict[str, str] = {}
        self._buttons: dict[str, str] = {}
        self._last = 0

    async def __aenter__(self) -> Self:
        body = {"language": self._language} if self._language else {}
        async with self._http.post(f"{self._url}/session", json=body) as answer:
            answer.raise_for_status()
            self._headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._http.post(f"{self._url}/end", headers=self._headers) as answer:
            await answer.read()

    async def say(self, text: str) -> Response:
        """Write a message and wait for what it leads to. Raises BenchError."""
        return await self._post({"text": text})

    async def press(self, title: str) -> Response:
        """Press the newest button of this title. Raises BenchError if it was never offered."""
        if title not in self._buttons:
            raise BenchError(f"No button '{title}' was offered. There are: {', '.join(self._buttons)}.")
        return await self._post({"button": self._buttons[title]})

    async def share_place(self, latitude: float, longitude: float) -> Response:
        """Share a position, as the widget's location button does."""
        return await self._post({"location": {"latitude": latitude, "longitude": longitude}})

    async def wait(self, seconds: float = SILENCE) -> Response:
        """What comes without being asked for, such as the number of a filed report."""
        messages, state = await self._read(seconds)
        return Response(messages, state)

    async def _post(self, message: Mapping[str, Any]) -> Response:
        mine = str(uuid.uuid4())
        body = {"client_id": mine, **message}
        async with self._http.post(f"{self._url}/messages", json=body, headers=self._headers) as answer:
            if answer.status != 202:
                raise BenchError(f"A message was refused with {answer.status}.")
        end = time.monotonic() + PATIENCE
        own = False
        while (left := end - time.monotonic()) > 0:
            messages, state = await self._read(min(POLL, left))
            own = own or any(one["client_id"] == mine for one in messages)
            answers = [one for one in messages if one["author"] != "contact"]
            # All replies of a turn are committed together, so they are all here. What came before ours is late news.
            if own and answers:
                return Response(answers, state)
            if own and state["owner"] != "bot":
                later, state = await self._read(SILENCE)
                return Response([one for one in later if one["author"] != "contact"], state)
        raise BenchError(f"No answer within {PATIENCE:.0f} seconds.")

    async def _read(self, seconds: float) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """New messages, and the state; waits so long for news."""
        parameters = {"after": str(self._last), "wait": str(max(1, round(seconds)))}
        async with self._http.get(
            f"{self._url}/messages", params=parameters, headers=self._headers
        ) as answer:
            answer.raise_for_status()
            page = await answer.json()
        self._last = page["last_seq"]
        for one in page["messages"]:
            self._buttons.update({button["title"]: button["id"] for button in one["buttons"]})
        return page["messages"], page["state"]
