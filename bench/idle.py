"""`python -m bench.idle`: 10,000 web chats open at once, 50 messages a second among them, for 10 minutes.

Gateway, worker, PostgreSQL and Redis are the product's; the bot is a trivial one, as it is not measured here.
Measures the gateway's memory per open window and whether it stops growing; then the gateway is restarted, and
all windows reconnect by themselves, with the widget's jitter.
"""

import argparse
import asyncio
import random
import resource
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aiohttp
import uvloop

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.processes import BenchError
from bench.support.product import Product, Shape, product
from bench.support.usage import machine, memory_bytes
from bench.support.windows import Windows
from desk.inbound.web_sessions import open_session
from desk.store.pool import open_store
from launch import LaunchError

FIRST_PORT = 17260
WINDOWS, RATE, SECONDS = 10_000, 50.0, 600.0
SPARE = 400  # descriptors of a process that are not for windows
BACK_SECONDS = 60.0
RIVAL = "nothing: the gateway before the first window"
MINUTE = 60.0


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.idle", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--windows", type=int, default=WINDOWS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second")
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        count = _descriptors(options.windows)
        with (
            product(folder, FOLDER, FIRST_PORT, Shape(quick_bot=True)) as running,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            rows, notes = runner.run(_idle(running, count, options.rate, options.seconds))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if count < options.windows:
        notes.insert(
            0, f"ONLY {count} OF {options.windows} WINDOWS: this machine lets a process open no more files."
        )
    print(table("\nIdle web chats", rows, [*notes, machine()]))
    print(f"\nwritten: {keep('idle', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


def _descriptors(wanted: int) -> int:
    """Raise the open-file limit for us and our child processes; returns how many windows that allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = wanted + SPARE
    if hard != resource.RLIM_INFINITY and hard < need:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (need, need))
        except (ValueError, OSError):
            need = hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (need, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    return need - SPARE


async def _idle(running: Product, count: int, rate: float, seconds: float) -> tuple[list[Row], list[str]]:
    store = await open_store(running.database, size=8)
    tokens = []
    for start in range(0, count, 50):
        made = (open_session(store, "web", "en", datetime.now(UTC)) for _ in range(min(50, count - start)))
        tokens += [session.token for session in await asyncio.gather(*made)]
    await store.close()
    (gateway,) = running.pids("gateway")
    async with aiohttp.ClientSession() as http:
        await _talk(
            http, running.url, None, tokens, 20, 2
        )  # what is loaded by the first message is not part of a window's cost
        empty = memory_bytes(gateway)
        windows = Windows(running.url, tokens)
        spent = running.spent()
        opened = await windows.connect(300.0)
        await asyncio.sleep(2)
        standing, full = windows.open, memory_bytes(gateway)
        opening = running.spent()["gateway"] - spent["gateway"]
        each = (full - empty) / max(1, standing)
        print(f"{standing} windows after {opened:.0f} s, {each / 1024:.1f} KB each ...", flush=True)
        began, spent = time.monotonic(), running.spent()
        memory = [(0.0, full)]
        talking = asyncio.create_task(_talk(http, running.url, windows, tokens, rate, seconds))
        while not talking.done():
            await asyncio.wait({talking}, timeout=min(MINUTE, seconds / 10))
            memory.append((time.monotonic() - began, memory_bytes(gateway)))
        posted = talking.result()
        cost = {kind: after - spent[kind] for kind, after in running.spent().items()}
        await asyncio.sleep(2)
        middle = max(size for at, size in memory if at <= seconds / 2 + 1)
        growth = (memory[-1][1] - middle) / max(1, standing)
        answered = list(windows.answers)
        lasted = windows.open
        print("the gateway restarts ...", flush=True)
        began = time.monotonic()
        await asyncio.to_thread(running.running["gateway-0"].stop)
        running.running["gateway-0"].start()
        back = await windows.all_open(began, BACK_SECONDS * 3)
        returned = windows.open
        windows.close()
        await asyncio.sleep(0.5)
    rows = [
        Row("memory of a window", round(each / 1024, 1), 0, RIVAL, 100, 20, "lower", "KB"),
        Row("windows that did not open, or broke", count - min(standing, lasted), 0, RIVAL, 0, 0, "lower", "windows"),
        Row("growth in the second half, a window", round(growth / 1024, 2), 0, RIVAL, 10, 1, "lower", "KB"),
        Row("messages without an answer in their window", posted - len(answered), 0, RIVAL, 0.001 * posted, 0, "lower", "messages"),
        Row("answer in the window, median", round(percentile(answered, 0.5), 1), 0, RIVAL, 5_000, 100, "lower", "ms"),
        Row("answer in the window, p95", round(percentile(answered, 0.95), 1), 0, RIVAL, 10_000, 500, "lower", "ms"),
        Row("all back after the gateway's restart", round(back, 1), 0, RIVAL, BACK_SECONDS * 3, BACK_SECONDS, "lower", "s"),
        Row("windows that did not come back", count - returned, 0, RIVAL, 0, 0, "lower", "windows"),
    ]  # fmt: skip
    sizes = ", ".join(f"{at / MINUTE:.1f} min {size / 2**20:.0f} MB" for at, size in memory)
    busy = ", ".join(f"{kind} {100 * used / seconds:.0f} %" for kind, used in cost.items())
    return rows, [
        f"{standing} windows, {posted} messages in {seconds:.0f} s; the gateway's memory (PSS): {empty / 2**20:.0f} MB empty; {sizes}.",
        f"of a core meanwhile: {busy}; opening took the gateway {1000 * opening / max(1, standing):.1f} ms of processor a window.",
    ]


async def _talk(
    http: aiohttp.ClientSession,
    url: str,
    windows: Windows | None,
    tokens: list[str],
    rate: float,
    seconds: float,
) -> int:
    """Post that many messages a second, each from a random window; returns how many were accepted."""
    rng = random.Random(1)
    free = rng.sample(range(len(tokens)), len(tokens))
    sending: set[asyncio.Task[None]] = set()
    began = time.monotonic()
    posted = 0

    async def post(number: int) -> None:
        nonlocal posted
        body = {"client_id": str(uuid4()), "text": "When is my bin collected?"}
        if windows is not None:
            windows.expect(number)
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        async with http.post(f"{url}/chat/v1/messages", json=body, headers=headers) as answer:
            if answer.status != 202:
                raise BenchError(f"A message was answered with {answer.status}.")
            posted += 1

    number = 0
    while (now := time.monotonic() - began) < seconds:
        while number < now * rate:
            task = asyncio.create_task(post(free[number % len(free)]))
            sending.add(task)
            task.add_done_callback(sending.discard)
            number += 1
        await asyncio.sleep(0.01)
    await asyncio.gather(*sending)
    await asyncio.sleep(2)
    return posted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
