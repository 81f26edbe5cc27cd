"""The citizens: each asks the bot, then a person, and answers once. Half of them write over Telegram."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

import aiohttp

from bench.busy_hour.telegram import SECRET, SECRET_HEADER, Telegram
from bench.support.processes import BenchError

QUESTION, PERSON = "When is my bin collected?", "I want to talk to a person"
MORE = "Thank you. And what does it cost?"
FIRST, SECOND = "Your first answer.", "Your second answer."
"""What agents write. A citizen waits for these words."""
ASKS_THE_BOT, WRITES_AGAIN = 0.6, 0.2
FIRST_CHAT = 71_530_000


@dataclass(frozen=True)
class Hour:
    """`conversations` that begin within `seconds`, as they do in an hour; whoever is not served after `patience` seconds is
    stranded."""

    conversations: int
    seconds: float
    patience: float


def beginnings(hour: Hour, seed: int = 1) -> list[float]:
    """When each conversation begins: an even flow, with two peaks that have half of them."""
    choice = random.Random(seed)
    peaks = [(0.25, 0.05), (0.65, 0.08)]
    moments = []
    for number in range(hour.conversations):
        if number % 2:
            middle, width = choice.choice(peaks)
            moments.append(min(max(choice.gauss(middle, width), 0.0), 1.0))
        else:
            moments.append(choice.random())
    return sorted(moment * hour.seconds for moment in moments)


class Citizens:
    """`stranded` are those whom nobody served; `served` counts the others."""

    def __init__(self, url: str, http: aiohttp.ClientSession, telegram: Telegram, hour: Hour) -> None:
        self._url, self._http, self._telegram, self._hour = url, http, telegram, hour
        self.served = 0
        self.stranded: list[str] = []

    async def come(self) -> None:
        """All of them, each when it is their time."""
        moments = beginnings(self._hour)
        async with asyncio.TaskGroup() as group:
            for number, moment in enumerate(moments):
                group.create_task(self._one(number, moment))

    async def _one(self, number: int, moment: float) -> None:
        await asyncio.sleep(moment)
        choice = random.Random(number)
        asks, again = choice.random() < ASKS_THE_BOT, choice.random() < WRITES_AGAIN
        lines = [*([QUESTION] if asks else []), PERSON, *(["Are you there?"] if again else [])]
        talk = self._on_telegram if number % 2 else self._on_the_web
        try:
            await talk(number, lines)
        except (BenchError, aiohttp.ClientError, TimeoutError) as error:
            self.stranded.append(f"citizen {number}: {error!r}")
        else:
            self.served += 1

    async def _on_telegram(self, number: int, lines: Sequence[str]) -> None:
        chat, patience = FIRST_CHAT + number, self._hour.patience
        for line in lines:
            await self._update(chat, line)
        await self._telegram.until(chat, FIRST, patience)
        await self._update(chat, MORE)
        await self._telegram.until(chat, SECOND, patience)

    async def _update(self, chat: int, text: str) -> None:
        async with self._http.post(
            f"{self._url}/webhooks/telegram",
            json=self._telegram.update(chat, text),
            headers={SECRET_HEADER: SECRET},
        ) as answer:
            answer.raise_for_status()

    async def _on_the_web(self, number: int, lines: Sequence[str]) -> None:
        async with self._http.post(f"{self._url}/chat/v1/session", json={"language": "en"}) as answer:
            answer.raise_for_status()
            headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        endless = aiohttp.ClientTimeout(total=None)
        async with self._http.get(
            f"{self._url}/chat/v1/stream", params={"after": "0"}, headers=headers, timeout=endless
        ) as stream:
            stream.raise_for_status()
            for line in lines:
                await self._post(headers, line)
            await self._until(stream, FIRST)
            await self._post(headers, MORE)
            await self._until(stream, SECOND)

    async def _post(self, headers: dict[str, str], text: str) -> None:
        body = {"client_id": str(uuid4()), "text": text}
        async with self._http.post(f"{self._url}/chat/v1/messages", json=body, headers=headers) as answer:
            answer.raise_for_status()

    async def _until(self, stream: aiohttp.ClientResponse, words: str) -> None:
        async with asyncio.timeout(self._hour.patience):
            while line := await stream.content.readline():
                data = json.loads(line[6:]) if line.startswith(b"data: ") else None
                if isinstance(data, dict) and words in str(data.get("text", "")):
                    return
        raise BenchError("The stream ended before an agent answered.")
