"""Scripted conversations from outside, over signed webhooks and over the web chat.

Senders retry with the same id until the message is acknowledged, as providers and the widget do.
"""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import uuid4

import aiohttp

from bench.fault.deployment import Deployment
from bench.fault.peers.channel import signature

INSIST_SECONDS = 150.0
PAUSE = 0.5
ANSWER_SECONDS = (
    15.0  # then the citizen writes the next line, as people do; the checker decides whether an answer came
)

QUESTIONS = (
    "When is my bin collected?",
    "How do I get a new passport?",
    "What does a parking permit cost?",
    "Where can I vote?",
    "How do I pay my water bill?",
    "What are your office hours?",
    "I lost my identity card",
    "How do I register my dog?",
    "Where is the library?",
    "The street light is broken, what can I do?",
)
PERSON = "I want to talk to a person"
REPORT = (
    "My trash was not collected at 12 Elm Street, the bin is still full",
    "no photo",
    "no thanks",
    "yes",
)


@dataclass(slots=True)
class Written:
    """One message of a citizen. `begun` and `kept` are wall-clock seconds; `kept` is 0 until it is acknowledged."""

    id: str
    text: str
    begun: float = 0.0
    kept: float = 0.0


@dataclass(slots=True)
class Citizen:
    """One conversation. `name` identifies it in a breach; `contact` is the provider's id or our own."""

    name: str
    channel: Literal["web", "courier"]
    script: Sequence[str]
    waits: bool = False  # for an answer before the next line
    hasty: bool = False  # sends all lines at the same moment, so their order is undefined
    contact: str = ""
    token: str = ""
    language: str = "en"
    written: list[Written] = field(default_factory=list)


class Crowd:
    """The citizens of one fault. `statuses` counts the HTTP statuses they received."""

    def __init__(self, deployment: Deployment, name: str, http: aiohttp.ClientSession) -> None:
        self.deployment, self.name, self.http = deployment, name, http
        self.citizens: list[Citizen] = []
        self.statuses: Counter[int] = Counter()
        self.finished = 0
        self._random = random.Random(name)
        self._progress = asyncio.Condition()
        self._prefix = f"{time.time_ns() // 1_000_000 % 10_000_000:07d}"

    def invite(self, count: int) -> None:
        """Add citizens: most ask one question; some write three lines in a row, ask for a person, or report a bin."""
        for number in range(count):
            kind = number % 20
            if kind == 7:
                script, waits = list(REPORT), True
            elif kind in (3, 13):
                script, waits = [PERSON, "Is anybody there?"], False
            elif kind in (5, 15):
                script, waits = self._random.sample(QUESTIONS, 3), False
            else:
                script, waits = [self._random.choice(QUESTIONS)], False
            self.add(script, "web" if number % 2 else "courier", waits=waits)

    def add(
        self, script: Sequence[str], channel: Literal["web", "courier"], *, waits: bool = False
    ) -> Citizen:
        """Add one citizen."""
        number = len(self.citizens)
        citizen = Citizen(f"{self.name}/{channel}-{number}", channel, script, waits)
        if channel == "courier":
            citizen.contact = f"+1{self._prefix}{number:04d}"
        self.citizens.append(citizen)
        return citizen

    async def talk(self, *, at_once: int = 32, spread: float = 0.0) -> None:
        """Run all conversations, `at_once` at a time, spread evenly over at least `spread` seconds."""
        slots = asyncio.Semaphore(at_once)
        began = time.monotonic()

        async def one(place: int, citizen: Citizen) -> None:
            if spread:
                await asyncio.sleep(max(0.0, began + spread * place / len(self.citizens) - time.monotonic()))
            async with slots:
                await self.converse(citizen)
                self.finished += 1
                async with self._progress:
                    self._progress.notify_all()

        async with asyncio.TaskGroup() as group:
            for place, citizen in enumerate(self.citizens):
                group.create_task(one(place, citizen))

    async def until(self, share: float) -> None:
        """Wait until this share of the conversations has finished."""
        async with self._progress:
            await self._progress.wait_for(lambda: self.finished >= share * len(self.citizens))

    async def converse(self, citizen: Citizen) -> None:
        """Send every line."""
        for line in citizen.script:
            before = await self._seen(citizen) if citizen.waits else 0
            await self.say(citizen, line)
            if citizen.waits:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ANSWER_SECONDS):
                        while await self._seen(citizen) <= before:
                            await asyncio.sleep(0.2)

    async def say(self, citizen: Citizen, text: str) -> Written:
        """Send one line until it is acknowledged."""
        if citizen.channel == "web":
            if not citizen.token:
                await self._begin(citizen)
            client_id = str(uuid4())
            written = Written(client_id, text)
            citizen.written.append(written)
            await self._insist(written, lambda: self._post_web(citizen, client_id, text))
        else:
            written = self.line(citizen, text)
            await self._insist(written, lambda: self.deliver([event(citizen, written)]))
        return written

    def line(self, citizen: Citizen, text: str) -> Written:
        """Record a line without sending it (courier)."""
        written = Written(f"{citizen.name}:{len(citizen.written)}:{self._prefix}", text)
        citizen.written.append(written)
        return written

    async def deliver(self, events: Sequence[dict[str, str]]) -> int:
        """Post one signed webhook to one of the gateways. Returns the status, 0 if the connection broke."""
        body = json.dumps({"events": list(events)}).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Courier-Time": stamp,
            "X-Courier-Signature": signature(self.deployment.secret.encode(), stamp, body),
        }
        return await self._post("/webhooks/courier", body, headers)

    async def deliver_until_kept(self, events: Sequence[dict[str, str]]) -> None:
        """Post it until it is acknowledged."""
        await self._insist(Written("", ""), lambda: self.deliver(events))

    async def _begin(self, citizen: Citizen) -> None:
        end = time.monotonic() + INSIST_SECONDS
        while True:
            try:
                url = f"{self._random.choice(self.deployment.gateways)}/chat/v1/session"
                async with self.http.post(url, json={"language": "en"}) as answer:
                    self.statuses[answer.status] += 1
                    if answer.status == 201:
                        citizen.token = (await answer.json())["token"]
                        break
            except (aiohttp.ClientError, TimeoutError):
                self.statuses[0] += 1
            if time.monotonic() > end:
                raise Undelivered(f"{citizen.name}: no session within {INSIST_SECONDS:g} s")
            await asyncio.sleep(PAUSE)

    async def _post_web(self, citizen: Citizen, client_id: str, text: str) -> int:
        body = json.dumps({"client_id": client_id, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {citizen.token}"}
        return await self._post("/chat/v1/messages", body, headers)

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        try:
            url = self._random.choice(self.deployment.gateways) + path
            async with self.http.post(url, data=body, headers=headers) as answer:
                await answer.read()
                self.statuses[answer.status] += 1
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            self.statuses[0] += 1
            return 0

    async def _insist(self, written: Written, post: Callable[[], Awaitable[int]]) -> None:
        written.begun = time.time()
        end = time.monotonic() + INSIST_SECONDS
        while (status := await post()) not in (200, 202):
            if 400 <= status < 500 and status != 429:
                raise Undelivered(f"a message was refused with {status}")
            if time.monotonic() > end:
                raise Undelivered(
                    f"a message was not kept within {INSIST_SECONDS:g} s (last answer {status})"
                )
            await asyncio.sleep(PAUSE * self._random.uniform(0.5, 1.5))
        written.kept = time.time()

    async def _seen(self, citizen: Citizen) -> int:
        """How many of our messages this citizen has received."""
        if citizen.channel == "courier":
            return len(self.deployment.provider.taken[citizen.contact])
        page = await self.read(citizen)
        return sum(one["author"] != "contact" for one in page)

    async def read(self, citizen: Citizen) -> list[dict[str, Any]]:
        """The web chat's log, read with retries, as the widget shows it."""
        shown: list[dict[str, Any]] = []
        end = time.monotonic() + INSIST_SECONDS
        while citizen.token and time.monotonic() < end:
            try:
                after = shown[-1]["seq"] if shown else 0
                url = f"{self._random.choice(self.deployment.gateways)}/chat/v1/messages?after={after}"
                async with self.http.get(url, headers={"Authorization": f"Bearer {citizen.token}"}) as answer:
                    if answer.status == 200:
                        page = await answer.json()
                        shown += page["messages"]
                        if not page["more"]:
                            break
            except (aiohttp.ClientError, TimeoutError):
                await asyncio.sleep(PAUSE)
        return shown


class Undelivered(Exception):
    """A message was not acknowledged in time."""


def event(citizen: Citizen, written: Written) -> dict[str, str]:
    """A message in the format of the provider's webhook."""
    return {"kind": "message", "id": written.id, "from": citizen.contact, "text": written.text}


def receipt(citizen: Citizen, message: str, status: str) -> dict[str, str]:
    """A receipt in the format of the provider's webhook."""
    return {
        "kind": "receipt",
        "id": f"{message}:{status}",
        "from": citizen.contact,
        "message": message,
        "status": status,
    }
