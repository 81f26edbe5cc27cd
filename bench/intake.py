"""`python -m bench.intake`: signed webhooks committed per second, compared with the limit of the same database
alone.

The limit is a single-row INSERT and its COMMIT by the same driver, from this process, with as many
connections as concurrent webhooks. The webhooks are WhatsApp's, each a new citizen's message, signed with
HMAC-SHA256; each is answered after its commit. No worker runs. Limit and gateway are measured alternately,
three times, and the median counts.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Literal

import asyncpg
import uvloop

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.inbox import Inbox
from bench.support.processes import BenchError
from bench.support.product import Product, Shape, product
from bench.support.raw_http import get_bytes, post_all, post_bytes
from bench.support.usage import machine
from launch import LaunchError

FIRST_PORT = 17220
AT_ONCE = 32
ROUNDS = 3
WEBHOOKS, SHORT_WEBHOOKS = 6_000, 1_200
Run = tuple[list[float], float]  # milliseconds of each, seconds in total
RIVAL = "INSERT of one row and COMMIT, same driver, same database, 32 connections"


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.intake", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="fewer webhooks, to try the bench itself")
    count = SHORT_WEBHOOKS if parser.parse_args(arguments).short else WEBHOOKS
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    inbox = Inbox(folder)
    try:
        shape = Shape(gateways=2, workers=0, bots=0, environ=inbox.environ)
        with (
            product(folder, FOLDER, FIRST_PORT, shape) as running,
            asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
        ):
            rows = runner.run(_measure(running, inbox, count))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    notes = [
        f"{AT_ONCE} webhooks under way, {count} a round, {ROUNDS} rounds of each in turn, medians.",
        "the load generator, the gateways and PostgreSQL share this machine's cores: two gateways need two of their own.",
        machine(),
    ]
    print(table("\nIntake: signed webhooks, answered after their commit", rows, notes))
    print(f"\nwritten: {keep('intake', rows)}")
    return 1 if any(row.ours < row.limit for row in rows if row.better == "higher") else 0


async def _measure(running: Product, inbox: Inbox, count: int) -> list[Row]:
    await _bare(running, 200)
    await post_all(running.urls, _webhooks(inbox, running.url, 200, "warm"), AT_ONCE)
    bare: list[Run] = []
    empty: list[Run] = []
    one: list[Run] = []
    two: list[Run] = []
    spent = {1: 0.0, 2: 0.0}  # processor seconds of the gateways, by how many of them took webhooks
    for number in range(ROUNDS):
        bare.append(await _bare(running, count))
        empty.append(await post_all(running.urls[:1], [get_bytes(f"{running.url}/live")] * count, AT_ONCE))
        for runs, urls in ((one, running.urls[:1]), (two, running.urls)):
            posts = _webhooks(inbox, running.url, count, f"{len(urls)} {number} ")
            before = running.spent()["gateway"]
            runs.append(await post_all(urls, posts, AT_ONCE))
            spent[len(urls)] += running.spent()["gateway"] - before
    connection = await asyncpg.connect(running.database)
    kept = await connection.fetchval("SELECT count(*) FROM events WHERE external_id NOT LIKE 'warm%'")
    await connection.close()
    if kept != 2 * ROUNDS * count:
        raise BenchError(f"{2 * ROUNDS * count} webhooks were answered and {kept} are kept.")

    def rate(runs: list[Run]) -> float:
        return median(len(took) / seconds for took, seconds in runs)

    def p99(runs: list[Run]) -> float:
        return median(percentile(took, 0.99) for took, _ in runs)

    limit = rate(bare)
    each, each_of_two = (seconds * 1000 / (ROUNDS * count) for seconds in spent.values())
    return [
        _row("webhooks/s, one gateway", rate(one), limit, 0.25 * limit, 0.5 * limit, "higher", "webhooks/s"),
        _row("webhooks/s, two gateways", rate(two), limit, 0.25 * limit, limit, "higher", "webhooks/s"),
        _row("two gateways against one", rate(two) / rate(one), 1, 0.5, 2, "higher", "times"),
        Row("one gateway, beside requests that do nothing", round(rate(one), 2), round(rate(empty), 2), "GET /live of the same gateway: no body, no database",
            0, round(0.5 * rate(empty), 2), "higher", "requests/s"),
        _row("p99, one gateway", p99(one), p99(bare), 1000, 250, "lower", "ms"),
        _row("p99, two gateways", p99(two), p99(bare), 1000, 250, "lower", "ms"),
        _row("gateway's processor time of a webhook", each, 0, 5, 1, "lower", "ms"),
        Row("the same, two gateways at work", round(each_of_two, 2), round(each, 2), "one gateway at work", 5, round(each, 2), "lower", "ms"),
    ]  # fmt: skip


async def _bare(running: Product, count: int) -> Run:
    connections = [await asyncpg.connect(running.database) for _ in range(AT_ONCE)]
    await connections[0].execute(
        """CREATE TABLE IF NOT EXISTS bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                                            inbox text, external_id text, payload jsonb)"""
    )
    payload = json.dumps({"kind": "message", "text": "There is a pothole in Elm Street.", "contact": "1650"})
    waiting = iter(range(count))
    took: list[float] = []

    async def client(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        for number in waiting:
            began = time.perf_counter()
            await connection.execute(
                "INSERT INTO bare (inbox, external_id, payload) VALUES ($1, $2, $3)", "whatsapp", f"wamid.{number}", payload
            )  # fmt: skip
            took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(client(one) for one in connections))
    seconds = time.perf_counter() - began
    for one in connections:
        await one.close()
    return took, seconds


def _webhooks(inbox: Inbox, gateway: str, count: int, prefix: str) -> list[bytes]:
    signed = (
        inbox.message(gateway, f"{prefix}.{number}", f"1555{number:07d}", "There is a pothole in Elm Street.")
        for number in range(count)
    )
    return [post_bytes(one.url, one.body, one.headers) for one in signed]


def _row(
    name: str,
    ours: float,
    rival: float,
    limit: float,
    goal: float,
    better: Literal["higher", "lower"],
    unit: str,
) -> Row:
    ours, rival, limit, goal = (round(one, 2) for one in (ours, rival, limit, goal))
    return Row(name, ours, rival, RIVAL, limit, goal, better, unit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
