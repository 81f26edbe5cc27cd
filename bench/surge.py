"""`python -m bench.surge`: a crisis. 2,000 citizens write within one minute, 60 % of them about the same
thing.

Runs the whole product with the real bot; half of the citizens use the web chat, half signed webhooks.
Meanwhile agents answer conversations that they hold: the time until such a reply is in the citizen's log is
measured before and during the surge. Nothing may be lost: every message is in the log exactly once, and
answered or with a person.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import aiohttp
import asyncpg
import uvloop

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.agents import Agents
from bench.support.inbox import Inbox
from bench.support.processes import BenchError
from bench.support.product import Product, Shape, product
from bench.support.questions import questions
from bench.support.usage import machine
from launch import LaunchError

FIRST_PORT = 17240
CITIZENS, SECONDS = 2_000, 60.0
SHORT_CITIZENS, SHORT_SECONDS = 100, 10.0
SAME = 0.6
QUESTION = "Is the tap water safe to drink after the flood?"
IDLE_SECONDS, SHORT_IDLE_SECONDS = 20.0, 5.0
DRAIN_SECONDS = 240.0
RIVAL = "the same desk, idle"


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.surge", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="a hundred citizens in ten seconds")
    parser.add_argument("--workers", type=int, default=1, help="worker processes (default 1)")
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    inbox = Inbox(folder)
    try:
        shape = Shape(workers=options.workers, environ=inbox.environ)
        with (
            product(folder, FOLDER, FIRST_PORT, shape) as running,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            rows, notes = runner.run(_surge(running, inbox, short=options.short))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table("\nA crisis: everybody writes at once", rows, [*notes, machine()]))
    print(f"\nwritten: {keep('surge', rows)}")
    return 1 if any(row.ours > row.limit for row in rows if row.better == "lower") else 0


async def _surge(running: Product, inbox: Inbox, *, short: bool) -> tuple[list[Row], list[str]]:
    count, seconds = (SHORT_CITIZENS, SHORT_SECONDS) if short else (CITIZENS, SECONDS)
    pool = await asyncpg.create_pool(running.database, min_size=2, max_size=4)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http, inbox, Agents(running, http) as agents:
        await _ask(http, running, inbox, 0, "hello")  # the first turn of a process is slow everywhere
        idle = await agents.reply_for(SHORT_IDLE_SECONDS if short else IDLE_SECONDS)
        before = await pool.fetchval("SELECT count(*) FROM events")
        words = questions()
        rng = random.Random(4)
        began = time.monotonic()
        told: list[float] = []

        async def citizen(number: int) -> None:
            await asyncio.sleep(seconds * number / count)
            text = QUESTION if rng.random() < SAME else rng.choice(words)
            posted = time.monotonic()
            await _ask(http, running, inbox, number + 1, text)
            told.append((time.monotonic() - posted) * 1000)

        busy = asyncio.create_task(agents.reply_until_stopped())
        async with asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(citizen(number))
        posted = time.monotonic() - began
        deepest = 0
        while open_ := await pool.fetchval(
            "SELECT count(*) FROM events WHERE state IN ('received', 'appended')"
        ):
            deepest = max(deepest, open_)
            if time.monotonic() - began > seconds + DRAIN_SECONDS:
                break
            await asyncio.sleep(0.25)
        drained = time.monotonic() - began
        agents.stop()
        during = await busy
    accepted = await pool.fetchval("SELECT count(*) FROM events") - before
    silent = await pool.fetchval(
        """SELECT count(*) FROM events e LEFT JOIN messages m ON m.event_id = e.id
           LEFT JOIN conversations v ON v.id = m.conversation_id
           WHERE m.id IS NULL OR (v.state = 'bot' AND NOT EXISTS (SELECT 1 FROM messages r WHERE r.reply_to = m.id))"""
    )
    people = await pool.fetchval("SELECT count(*) FROM conversations WHERE state = 'queued'")
    waits = await pool.fetch(
        """SELECT extract(epoch FROM min(r.created_at) - e.received_at)::float AS wait FROM events e
           JOIN messages m ON m.event_id = e.id JOIN messages r ON r.reply_to = m.id GROUP BY e.id"""
    )
    await pool.close()
    answers = [row["wait"] for row in waits]
    reply, calm = percentile(during, 0.95), percentile(idle, 0.95)
    rows = [
        Row("messages lost or left in silence", count - accepted + silent, 0, RIVAL, 0, 0, "lower", "messages"),
        Row("still open at the end", open_, 0, RIVAL, 0, 0, "lower", "messages"),
        Row("last answer after the first message", round(drained, 1), seconds, "the minute itself", seconds + DRAIN_SECONDS, 2 * seconds, "lower", "s"),
        Row("wait for the answer, median", round(percentile(answers, 0.5), 2), 0, RIVAL, DRAIN_SECONDS, 10, "lower", "s"),
        Row("wait for the answer, p95", round(percentile(answers, 0.95), 2), 0, RIVAL, DRAIN_SECONDS, 60, "lower", "s"),
        Row("accepted, p95", round(percentile(told, 0.95), 1), 0, RIVAL, 5000, 500, "lower", "ms"),
        Row("agent's reply, p95", round(reply, 1), round(calm, 1), RIVAL, 10_000, round(2 * calm, 1), "lower", "ms"),
    ]  # fmt: skip
    notes = [
        f"{count} citizens in {posted:.0f} s, one gateway, {len(running.pids('worker'))} worker, one bot; "
        f"{people} conversations with people at the end; {deepest} messages open at most after the last was posted.",
        f"{len(idle)} replies of agents before, {len(during)} during, from two agents with ten conversations each.",
    ]
    return rows, notes


async def _ask(http: aiohttp.ClientSession, running: Product, inbox: Inbox, number: int, text: str) -> None:
    """Send one citizen's message, over the webhook or the web chat; it is committed when this returns."""
    if number % 2:
        request = inbox.message(running.url, f"surge.{number}", f"1555{number:07d}", text)
        async with http.post(request.url, data=request.body, headers=request.headers) as answer:
            status = answer.status
    else:
        async with http.post(f"{running.url}/chat/v1/session", json={"language": "en"}) as answer:
            headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}
        body = {"client_id": str(uuid4()), "text": text}
        async with http.post(f"{running.url}/chat/v1/messages", json=body, headers=headers) as answer:
            status = answer.status
    if status not in (200, 202):
        raise BenchError(f"A citizen's message was answered with {status}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
