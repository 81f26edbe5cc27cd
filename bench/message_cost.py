"""`python -m bench.message_cost`: processor time that one message costs everywhere except in the bot.

Uses the real gateway, worker and PostgreSQL, with a trivial bot. Processor time (user and system) hardly
depends on what else the machine does, so two versions of the code can be compared on a busy machine.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import aiohttp

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.citizens import Load, citizen_of, measure
from bench.support.processes import BenchError
from bench.support.product import Product, Shape, product
from bench.support.usage import machine
from launch import LaunchError

FIRST_PORT = 17200
WARM_UP = Load(4, 40)
LOADS = (Load(1, 300), Load(16, 1200))
SHORT = (Load(1, 100), Load(16, 300))
RIVAL = "none: what a message cost before is in docs/performance.md"
# Milliseconds of processor time: the goal leaves a core to the bot, the limit is the cost before this was
# measured.
GOALS = {"gateway": 3.0, "worker": 4.0, "postgres": 3.0}
LIMITS = {"gateway": 14.0, "worker": 14.0, "postgres": 14.0}


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.message_cost", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="fewer messages, to try the bench itself")
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with product(folder, FOLDER, FIRST_PORT, Shape(quick_bot=True)) as running:
            rows = asyncio.run(_measure(running, SHORT if options.short else LOADS))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table("\nProcessor time of one message, the bot left out", rows, [machine()]))
    print(f"\nwritten: {keep('message-cost', rows)}")
    return 1 if any(row.ours > row.limit for row in rows if row.limit) else 0


async def _measure(running: Product, loads: tuple[Load, ...]) -> list[Row]:
    rows: list[Row] = []
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout()) as http:
        conversation = citizen_of(http, running.url, Counter())
        await measure(conversation, ["hello"], WARM_UP)
        for load in loads:
            before = running.spent()
            took = await measure(conversation, ["When is my bin collected?"], load)
            after = running.spent()
            clients = "1 client" if load.clients == 1 else f"{load.clients} clients"
            rows += [
                _row(f"{kind}, {clients}", (after[kind] - before[kind]) * 1000 / load.messages, kind)
                for kind in ("gateway", "worker", "postgres")
            ]
            rows.append(
                Row(f"reply in the log, {clients}, median", round(percentile(took, 0.5), 1), 0, RIVAL, 0, 0, "lower", "ms")
            )  # fmt: skip
    return rows


def _row(name: str, milliseconds: float, kind: str) -> Row:
    return Row(name, round(milliseconds, 2), 0, RIVAL, LIMITS[kind], GOALS[kind], "lower", "ms of processor")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
