"""Runs the tables of bench/conversation/tables and writes var/bench/conversation.json."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import aiohttp

from bench.conversation.scene import Scene, write_misses
from bench.conversation.tables import Table, tables
from bench.report import FOLDER, Row, table, write
from bench.support.processes import BenchError
from bench.support.product import product
from bench.support.usage import machine
from city import load_city
from desk.knowledge.catalogue import Catalog
from launch import LaunchError

FIRST_PORT = 17410
NAME = "conversation"


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    known = tables()
    parser = argparse.ArgumentParser(prog="python -m bench.conversation")
    parser.add_argument("--only", action="append", choices=sorted(known), help="this table; may be repeated")
    parser.add_argument("--short", action="store_true", help="every tenth case, to try the tables")
    options = parser.parse_args(arguments)
    chosen = {name: one for name, one in known.items() if not options.only or name in options.only}
    FOLDER.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with product(folder, FOLDER, FIRST_PORT) as running:
            measured = asyncio.run(_measure(chosen, running.url, options.short))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, rows in measured.items():
        print(table(f"\n{chosen[name].title}", rows, [machine()]))
    print(f"\nwritten: {keep(measured)}")
    return 1 if any(_fails(row) for rows in measured.values() for row in rows) else 0


async def _measure(chosen: Mapping[str, Table], url: str, short: bool) -> dict[str, list[Row]]:
    city = load_city(Path("city.yml"))
    catalog = Catalog.load("content", city)
    measured = {}
    timeout = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        for name, one in chosen.items():
            scene = Scene(http, url, city, catalog, short=short)
            try:
                measured[name] = await one.rows(scene)
            except ExceptionGroup as errors:
                raise BenchError(f"{name}: {errors.exceptions[0]!r}") from errors
            print(
                f"{name}: {len(scene.misses)} to look at, in {write_misses(name, scene.misses)}", flush=True
            )
    return measured


def keep(measured: Mapping[str, Sequence[Row]]) -> Path:
    """Replace the rows of these tables, and keep the others'."""
    path = FOLDER / f"{NAME}.json"
    try:
        before = [Row(**one) for one in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        before = []  # none yet, or in an older format
    others = [row for row in before if row.name.partition(": ")[0] not in measured]
    named = [replace(row, name=f"{name}: {row.name}") for name, rows in measured.items() for row in rows]
    return write(NAME, sorted([*others, *named], key=lambda row: row.name))


def _fails(row: Row) -> bool:
    return row.ours > row.limit if row.better == "lower" else row.ours < row.limit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
