"""Two bot processes compared with one: the gain of a second process when only the bots work.

The product's turn (`python -m bench.turn`) also needs gateway, worker and database; on two cores these
use the second bot's core. Here a client calls the bots directly, as a worker does, and signs
everything in advance.
"""

import asyncio
import hashlib
import hmac
import json
import os
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.support.processes import BenchError, Running, free_port, wait_for
from bench.support.product import bot_python
from bench.support.questions import questions
from bench.support.understanding_process import acting
from bench.support.usage import processor_seconds

FIRST_PORT = 15960
PATH = "/webhooks/civicdesk"
SPARE = 400  # some questions belong to two topics
CLIENTS = 4  # for each bot
SECRET = "a secret of the benchmark"


@dataclass(frozen=True)
class Twins:
    """Messages a second with one bot and with two; `processor`: processor milliseconds per message in each case."""

    one: float
    two: float
    processor: tuple[float, float]


def twins(logs: Path, messages: int) -> Twins:
    """Start one bot, then two, with trackers in memory, and send each this many messages, all different, so that nothing is
    cached. Raises BenchError."""
    one, alone = _rate(1, logs, messages)
    two, together = _rate(2, logs, messages)
    return Twins(one, two, (alone, together))


def _rate(bots: int, logs: Path, messages: int) -> tuple[float, float]:
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environ |= {
        "CIVICDESK_BOT_SECRET": SECRET,
        "CIVICDESK_ACTIONS_SECRET": SECRET,
        "PYTHONPATH": str(Path.cwd()),
    }
    actions = free_port(FIRST_PORT)
    environ["CIVICDESK_ACTIONS_URL"] = f"http://127.0.0.1:{actions}"
    port = actions + 1
    with ExitStack() as stack:
        ports, pids = [], []
        for number in range(bots):
            port = free_port(port)
            own = environ | {"CIVICDESK_BOT_PORT": str(port)}
            running = Running("bot", [bot_python(), "-m", "bot"], own, logs / f"twins-bot-{number}.log")
            stack.enter_context(running)
            wait_for(f"http://127.0.0.1:{port}{PATH}/ready", {"bot": running}, logs, 180)
            ports.append(port)
            pids.append(running.pid)
            port += 1
        return asyncio.run(_load(ports, pids, actions, messages))


async def _load(
    ports: Sequence[int], pids: Sequence[int], actions: int, messages: int
) -> tuple[float, float]:
    warm_up = 3 * messages // 10
    asked = _requests(2 * (messages + warm_up))
    warm, parts = ([(port, list(islice(asked, count))) for port in ports] for count in (warm_up, messages))
    if any(len(one) < messages for _, one in parts):
        raise BenchError("There are too few questions in data/nlu to ask each bot its own.")
    async with acting(actions):
        await _ask_all(warm)
        used, began = sum(map(processor_seconds, pids)), time.monotonic()
        await _ask_all(parts)
        took = time.monotonic() - began
        used = sum(map(processor_seconds, pids)) - used
    answered = len(ports) * messages
    return answered / took, used / answered * 1000


def _requests(most: int) -> Iterator[bytes]:
    """Signed HTTP requests, each with a question from a different citizen."""
    stamp = str(int(time.time()))
    for text in dict.fromkeys(questions(most=most + SPARE)):
        body = json.dumps(
            {
                "message_id": str(uuid.uuid4()),
                "conversation_id": str(uuid.uuid4()),
                "kind": "text",
                "text": text,
                "intent": None,
                "entities": {},
                "language": None,
                "metadata": {"inbox": "web", "channel": "web", "now": "2026-11-20T10:00:00+00:00"},
            }
        ).encode()
        signature = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        yield (
            f"POST {PATH}/turn HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nX-Civicdesk-Timestamp: {stamp}\r\n"
            f"X-Civicdesk-Signature: sha256={signature}\r\n\r\n"
        ).encode() + body


async def _ask_all(parts: Sequence[tuple[int, list[bytes]]]) -> None:
    async with asyncio.TaskGroup() as group:
        for port, asked in parts:
            waiting = iter(asked)
            for _ in range(CLIENTS):
                group.create_task(_client(port, waiting))


async def _client(port: int, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in waiting:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            if b" 200 " not in head[:16] or length is None:
                raise BenchError(f"The bot answered {head.splitlines()[0].decode(errors='replace')!r}.")
            await reader.readexactly(int(length[1]))
    finally:
        writer.close()
