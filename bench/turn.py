"""`python -m bench.turn`: milliseconds from posting a citizen's message to the reply being in the log.

Ours is the full product (gateway, PostgreSQL, worker, bot) seen through the widget's stream; beside it, in the same run,
a stock `rasa run` with the REST channel, `rasa init`'s configuration and the same training data. One after the
other, each alone on the machine, on loopback.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import aiohttp

from bench.citizens import Conversation, Load, citizen_of, measure, sender_of
from bench.processes import BenchError
from bench.product import product
from bench.questions import questions
from bench.report import FOLDER, Row, percentile, table, write
from bench.stock import STOCK_EPOCHS, prepare, stock
from launch.errors import LaunchError

FIRST_PORT = 15700
EPOCHS = 1  # the time of a turn does not depend on it; a full training takes hours on two cores
ANSWERED = 0.9  # the least share of messages that the bot itself must answer
WARM_UP = Load(clients=4, messages=20)
# (load, share) -> (goal, limit) in milliseconds. A person feels half a second; the widget's dots cover two.
LOADS = {Load(1, 100): ((50, 500), (100, 1000)), Load(32, 480): ((1000, 5000), (2000, 10000))}

Figures = dict[Load, list[float]]


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 when a limit was passed, 2 with one sentence when nothing could be measured."""
    options = _parser().parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    asked = questions()
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        trained = prepare(FOLDER, options.epochs)
        with stock(trained, FOLDER, FIRST_PORT) as url:
            rival = asyncio.run(_load("stock Rasa", url, sender_of, asked))
        with product(folder, FOLDER, FIRST_PORT) as ours_running:
            ours = asyncio.run(_load("Civicdesk", ours_running.url, citizen_of, asked))
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = _rows(ours, rival, options.epochs)
    print(table("\nFrom a citizen's message to the reply in the log", rows, _notes(options.epochs)))
    print(f"\nwritten: {write('turn', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.turn", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, choices=range(1, STOCK_EPOCHS + 1), metavar="N",
        help=f"training epochs of the stock bot (stock is {STOCK_EPOCHS}: hours on two cores; default {EPOCHS})",
    )  # fmt: skip
    return parser


async def _load(
    name: str,
    url: str,
    who: Callable[[aiohttp.ClientSession, str, Counter[str]], Conversation],
    asked: list[str],
) -> Figures:
    # No limit on connections: each client of ours keeps a stream open beside its posts.
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout()
    ) as http:
        authors: Counter[str] = Counter()
        conversation = who(http, url, authors)
        await measure(conversation, asked, WARM_UP)
        figures = {}
        for load in LOADS:
            print(f"{name}: {load.messages} messages, {load.clients} at once ...", flush=True)
            figures[load] = await measure(conversation, asked, load)
        print(f"{name}: answered by {dict(authors)}")
        if authors["bot"] < ANSWERED * authors.total():
            # A quick apology is no turn: its time would flatter whoever gave it.
            raise BenchError(f"{name}: too few answers came from the bot; the logs in {FOLDER} say why.")
        return figures


def _rows(ours: Figures, rival: Figures, epochs: int) -> list[Row]:
    rival_name = f"stock Rasa 3.6, rasa run, REST channel ({epochs} epochs)"
    rows = []
    for load, bounds in LOADS.items():
        clients = "1 client" if load.clients == 1 else f"{load.clients} clients"
        for (word, share), (goal, limit) in zip((("median", 0.5), ("p95", 0.95)), bounds, strict=True):
            rows.append(
                Row(
                    name=f"turn, {clients}, {word}",
                    ours=round(percentile(ours[load], share), 1),
                    rival=round(percentile(rival[load], share), 1),
                    rival_name=rival_name,
                    limit=limit,
                    goal=goal,
                    better="lower",
                    unit="ms",
                )
            )
    return rows


def _notes(epochs: int) -> list[str]:
    notes = [
        "each client waits for its answer before asking again; conversations of 5 turns; examples of the topics in 3 languages.",
        "ours is committed to PostgreSQL before the citizen's post is answered, and the reply before it is seen; "
        "the stock bot keeps everything in memory.",
        "the rate limits are lifted: all clients share one address here.",
    ]
    if epochs != STOCK_EPOCHS:
        notes.insert(
            0,
            f"THE STOCK BOT WAS TRAINED WITH {epochs} EPOCHS, NOT ITS {STOCK_EPOCHS}. The work of a turn does not depend on it; "
            f"its answers do, and are not compared here. `python -m bench.turn --epochs {STOCK_EPOCHS}` trains it in full.",
        )
    return notes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
