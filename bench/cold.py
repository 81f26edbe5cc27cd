"""`python -m bench.cold`: time from `make run` on a set-up machine to the page, and to the first answered
message.

It uses a data folder of its own, so the database is created as on a first day. Everything else is as `make
setup` left it.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.processes import BenchError, Running, free_port
from bench.support.usage import machine, named, processor_seconds

FIRST_PORT = 17310
TIMES = 3
PATIENCE = 180.0
PAGE, ANSWER = 2.0, 20.0  # seconds
RIVAL = "none"

Figures = tuple[float, float, float]
"""Seconds to the page, to the first answer, and of the gateway's processor until the page."""


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.cold", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "--short",
        action="store_true",
        help="once instead of three times, and without make's look at the set-up",
    )
    short = parser.parse_args(arguments).short
    times, command = (1, [sys.executable, "-m", "launch"]) if short else (TIMES, ["make", "run"])
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        first, again = [], []
        for number in range(times):
            folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
            try:
                first.append(_start(command, folder, f"cold-{number}"))
                again.append(_start(command, folder, f"warm-{number}"))  # the database exists by now
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    rows = [
        Row(f"{what}, {when}", _median(figures, place), 0, RIVAL, 6 * goal, goal, "lower", "s")
        for when, figures in (("first start", first), ("next start", again))
        for place, (what, goal) in enumerate((("page up", PAGE), ("first answer", ANSWER)))
    ]  # fmt: skip
    notes = [
        f"medians of {times}; from the command `{' '.join(command[-2:])}`; the answer is the bot's own.",
        *(
            f"{when}: {_median(figures, 2)} s of processor in the gateway until the page is up"
            for when, figures in (("first start", first), ("next start", again))
        ),
        machine(),
    ]
    print(table("\nCold start", rows, notes))
    print(f"\nwritten: {keep('cold', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


def _median(figures: Sequence[Figures], place: int) -> float:
    return round(percentile([one[place] for one in figures], 0.5), 1)


def _start(command: list[str], folder: Path, name: str) -> Figures:
    gateway = free_port(FIRST_PORT)
    bot = free_port(gateway + 1)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CIVICDESK_")} | {
        "CIVICDESK_DATA": str(folder),
        "CIVICDESK_PORT": str(gateway),
        "CIVICDESK_BOT_PORT": str(bot),
        "CIVICDESK_ACTIONS_PORT": str(free_port(bot + 1)),
    }
    for key in ("DATABASE_URL", "REDIS_URL", "MAKEFLAGS", "MAKELEVEL"):
        environ.pop(key, None)
    began = time.monotonic()
    with Running("make run", command, environ, FOLDER / f"{name}.log") as running:
        return asyncio.run(_first(f"http://127.0.0.1:{gateway}", began, running))


async def _first(url: str, began: float, running: Running) -> Figures:
    async with aiohttp.ClientSession() as http:
        while True:
            if time.monotonic() - began > PATIENCE or running.poll() is not None:
                raise BenchError(f"`make run` did not come up; the logs in {FOLDER} say why.")
            try:
                async with http.get(f"{url}/") as page:
                    if page.status == 200:
                        break
            except aiohttp.ClientError:
                await asyncio.sleep(0.02)
        up = time.monotonic() - began
        gateway = processor_seconds(named(running.pid, "gateway"))
        answered = await _answered(http, url, began)
        return up, answered, gateway


async def _answered(http: aiohttp.ClientSession, url: str, began: float) -> float:
    headers = {}
    while time.monotonic() - began < PATIENCE:
        # Until the database is up, the page says "not sent yet" and tries again.
        async with http.post(f"{url}/chat/v1/session", json={"language": "en"}) as answer:
            if answer.status == 201:
                headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
                break
        await asyncio.sleep(0.1)
    body = {"client_id": "6d1f6f5e-8a55-4d4c-9a0b-2f4d3b1f7c11", "text": "When is my bin collected?"}
    async with http.post(f"{url}/chat/v1/messages", json=body, headers=headers) as answer:
        answer.raise_for_status()
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with http.get(
        f"{url}/chat/v1/stream", params={"after": "0"}, headers=headers, timeout=timeout
    ) as stream:
        async for line in stream.content:
            data = json.loads(line[6:]) if line.startswith(b"data: ") else {}
            if data.get("author") == "bot":
                return time.monotonic() - began
            if data.get("author") == "system":
                raise BenchError("The first message went to a person: the bot was not up in time.")
    raise BenchError("The stream ended before the first answer.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
