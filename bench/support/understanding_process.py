"""Measures one bot process alone: start, memory, messages a second, one impatient sender, a long conversation.

Its action server is a stand-in, and its trackers are in memory.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web

from bench.support.processes import BenchError, Running, free_port, wait_for
from bench.support.product import bot_python

SECRET = "a secret of the benchmark"
FIRST_PORT = 15900
MESSAGES, CLIENTS = 600, 8
IMPATIENT = 50
WORK = 0.2  # seconds an action takes for the impatient sender
LONG, LAST = 200, 40  # turns of the long conversation, and how many of them are measured


@dataclass(frozen=True)
class Process:
    """Seconds, MB (resident), messages a second; `processor`: processor milliseconds per message;
    `long_turn`: processor time of a turn at the end of a long conversation, divided by that of a 10th turn."""

    start: float
    memory: float
    messages_a_second: float
    processor: float
    one_sender: float
    long_turn: float
    training: float


@dataclass(frozen=True)
class _Measured:
    messages_a_second: float
    processor: float
    one_sender: float
    long_turn: float


def measure_process(logs: Path, *, train: bool = True) -> Process:
    """Run all measurements. With `train` False, training time is NaN. Raises BenchError."""
    questions = _questions()
    port = free_port(FIRST_PORT)
    actions = free_port(port + 1)
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environ |= {
        "CIVICDESK_BOT_SECRET": SECRET,
        "CIVICDESK_ACTIONS_SECRET": SECRET,
        "CIVICDESK_BOT_PORT": str(port),
        "CIVICDESK_ACTIONS_URL": f"http://127.0.0.1:{actions}",
        "PYTHONPATH": str(Path.cwd()),
    }
    root = f"http://127.0.0.1:{port}/webhooks/civicdesk"
    began = time.monotonic()
    with Running("bot", [bot_python(), "-m", "bot"], environ, logs / "understanding-bot.log") as running:
        wait_for(f"{root}/ready", {"bot": running}, logs, 180)
        start = time.monotonic() - began
        load = asyncio.run(_load(root, actions, questions, running.pid))
        memory = _resident(running.pid)
    return Process(
        start,
        memory,
        load.messages_a_second,
        load.processor,
        load.one_sender,
        load.long_turn,
        _training(logs) if train else float("nan"),
    )


async def _load(root: str, actions: int, questions: list[str], pid: int) -> _Measured:
    async with acting(actions) as pause, aiohttp.ClientSession() as http:
        for text in questions[:20]:
            await _ask(http, root, str(uuid.uuid4()), text)
        waiting = iter(questions[:MESSAGES])

        async def client() -> None:
            for text in waiting:
                await _ask(http, root, str(uuid.uuid4()), text)

        began, used = time.monotonic(), _processor(pid)
        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(client())
        rate = MESSAGES / (time.monotonic() - began)
        processor = (_processor(pid) - used) / MESSAGES * 1000
        long_turn = await _long(http, root, pid)
        pause[0] = WORK
        one = str(uuid.uuid4())
        began = time.monotonic()
        for _ in range(IMPATIENT):  # as the worker sends them: one turn of a conversation at a time
            await _ask(http, root, one, None)
        return _Measured(rate, processor, time.monotonic() - began, long_turn)


async def _long(http: aiohttp.ClientSession, root: str, pid: int) -> float:
    """Processor time of the last turns of a long conversation, divided by that of the 10th turns of as many others."""
    one = str(uuid.uuid4())
    for _ in range(LONG - LAST):
        await _ask(http, root, one, "hello")
    used = _processor(pid)
    for _ in range(LAST):
        await _ask(http, root, one, "hello")
    old, young = _processor(pid) - used, 0.0
    for _ in range(LAST):
        other = str(uuid.uuid4())
        for _ in range(9):
            await _ask(http, root, other, "hello")
        used = _processor(pid)
        await _ask(http, root, other, "hello")
        young += _processor(pid) - used
    return old / young


async def _ask(http: aiohttp.ClientSession, root: str, conversation: str, text: str | None) -> None:
    """A turn's request. With `text` None it is a payload that an action answers."""
    body = json.dumps(
        {
            "message_id": str(uuid.uuid4()),
            "conversation_id": conversation,
            "kind": "text" if text else "payload",
            "text": text,
            "intent": None if text else "ask_status",
            "entities": {},
            "language": None,
            "metadata": {"inbox": "web", "channel": "web", "now": "2026-11-20T10:00:00+00:00"},
        }
    ).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"X-Civicdesk-Timestamp": stamp, "X-Civicdesk-Signature": f"sha256={signature}"}
    async with http.post(f"{root}/turn", data=body, headers=headers) as answer:
        if answer.status != 200:
            raise BenchError(
                f"The bot answered {answer.status} to {text or 'a payload'!r}: {await answer.text()}."
            )


@contextlib.asynccontextmanager
async def acting(port: int) -> AsyncIterator[list[float]]:
    """An action server that answers after a delay set by the caller."""
    pause = [0.0]

    async def act(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(pause[0])
        return web.json_response({"events": [], "responses": [{"text": "Noted."}]})

    app = web.Application()
    app.router.add_post("/webhook", act)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield pause
    finally:
        await runner.cleanup()


def _questions() -> list[str]:
    found = [
        line
        for path in sorted(Path("data/nlu").glob("*.yml"))
        for line in re.findall(r"^ +- ([^\[\]\n]+)$", path.read_text(encoding="utf-8"), re.M)
        if not line.startswith("intent:")
    ]
    step = max(1, len(found) // (MESSAGES + 20))
    return found[::step]


def _processor(pid: int) -> float:
    """Processor seconds of all threads of the process."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text(encoding="utf-8").split()[0]) for thread in threads) / 1e9


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def _training(logs: Path) -> float:
    """Seconds that `python -m bot.train` takes from scratch, in its own folder."""
    folder = tempfile.mkdtemp(prefix="civicdesk-bench-")
    try:
        environ = {**os.environ, "CIVICDESK_VAR": folder, "PYTHONPATH": str(Path.cwd())}
        began = time.monotonic()
        with (logs / "understanding-train.log").open("wb") as log:
            done = subprocess.run(
                [bot_python(), "-m", "bot.train"], env=environ, stdout=log, stderr=log, check=False
            )
        if done.returncode:
            raise BenchError(f"The model could not be trained; {logs / 'understanding-train.log'} says why.")
        return time.monotonic() - began
    finally:
        shutil.rmtree(folder, ignore_errors=True)
