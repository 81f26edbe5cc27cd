"""`python -m bench.turn`: time from posting a message to its reply being in the log, and messages a second.

Ours is the full product (gateway, PostgreSQL, worker, bot) seen through the widget's stream; it is compared,
in the same run, with a stock `rasa run` with the REST channel, `rasa init`'s configuration and the same
training data. They run one after the other, each alone on the machine, on loopback.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.report import FOLDER, Row, keep, percentile, table
from bench.support.citizens import Conversation, Load, citizen_of, measure, sender_of
from bench.support.processes import BenchError
from bench.support.product import Shape, product
from bench.support.questions import questions
from bench.support.stock import STOCK_EPOCHS, prepare, stock
from bench.support.twins import Twins, twins
from bench.support.usage import machine, processor_seconds
from launch import LaunchError

FIRST_PORT = 17280
EPOCHS = 1  # does not affect the time of a turn; a full training takes hours on two cores
ANSWERED = 0.9  # the least share of messages that the bot itself must answer
STOCK_ANSWERED = (
    0.75  # same for the stock bot, which after short training leaves some unanswered; see the notes
)
# (goal, limit) of the median and of the 95th percentile, in milliseconds, for one client and for many. People
# notice half a second; the widget's typing indicator covers two.
BOUNDS = (((50, 500), (100, 1000)), ((1000, 5000), (2000, 10000)))
TIMES_STOCK = 7.0
TIMES_ONE = 1.9


@dataclass(frozen=True)
class Size:
    """How much is measured: two loads, of which `many` gives the rate; a conversation of `length` turns whose
    first and last `ends` are compared; and the number of messages sent to each bot directly."""

    single: Load
    many: Load
    length: int
    ends: int
    direct: int
    warm_up: Load

    @property
    def loads(self) -> tuple[Load, Load]:
        return self.single, self.many


WHOLE = Size(Load(1, 100), Load(32, 480), length=120, ends=20, direct=1_000, warm_up=Load(4, 20))
SHORT = Size(Load(1, 3), Load(4, 8), length=6, ends=3, direct=20, warm_up=Load(2, 4))


@dataclass
class Figures:
    """`took` is milliseconds by load; `unanswered` of `asked` got no reply; `rate` is messages a second with
    many clients; `bot` and `all` are processor seconds per message there."""

    took: dict[Load, list[float]]
    rate: float
    bot: float
    all: float
    unanswered: int
    asked: int


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    options = _parser().parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    asked, size = questions(), SHORT if options.short else WHOLE
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        rival = None
        if not (options.alone or options.short):
            trained = prepare(FOLDER, options.epochs)
            with stock(trained, FOLDER, FIRST_PORT) as (url, process):

                def spent() -> dict[str, float]:
                    return {"bot": processor_seconds(process.pid)}

                rival = asyncio.run(_load("stock Rasa", url, sender_of, asked, spent, size))
        with product(folder / "one", FOLDER, FIRST_PORT) as one:
            ours = asyncio.run(_load("Civicdesk", one.url, citizen_of, asked, one.spent, size))
            lasting = asyncio.run(_long(one.url, asked, size))
        shape = Shape(workers=2, bots=2)
        with product(folder / "two", FOLDER, FIRST_PORT + 20, shape) as two:
            double = asyncio.run(_load("Civicdesk, two bots", two.url, citizen_of, asked, two.spent, size))
        pair = twins(FOLDER, size.direct)
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = _rows(
        size, ours, rival or ours, f"stock Rasa 3.6, rasa run, REST channel ({options.epochs} epochs)"
    )
    rows += _throughput(size, ours, rival or ours, double, lasting, pair)
    notes = [*_notes(options.epochs), machine()]
    if rival is not None:
        notes.append(
            f"{rival.unanswered} of {rival.asked} messages got no answer from the stock bot, {ours.unanswered} of {ours.asked} from ours."
        )
    if rival is None:
        notes.insert(0, "WITHOUT THE RIVAL (--alone): its columns repeat our own figures and mean nothing.")
    print(table("\nFrom a citizen's message to the reply in the log", rows, notes))
    if rival is not None:
        print(f"\nwritten: {keep('turn', rows)}")
    return 1 if any(row.ours > row.limit for row in rows if row.better == "lower") else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.turn", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument(
        "--epochs", type=int, default=EPOCHS, choices=range(1, STOCK_EPOCHS + 1), metavar="N",
        help=f"training epochs of the stock bot (stock is {STOCK_EPOCHS}: hours on two cores; default {EPOCHS})",
    )  # fmt: skip
    parser.add_argument("--alone", action="store_true", help="without the stock bot; nothing is written")
    parser.add_argument(
        "--short", action="store_true", help="alone, with few messages, to try the bench itself"
    )
    return parser


async def _load(
    name: str,
    url: str,
    who: Callable[[aiohttp.ClientSession, str, Counter[str]], Conversation],
    asked: list[str],
    spent: Callable[[], dict[str, float]],
    size: Size,
) -> Figures:
    # No limit on connections: each of our clients keeps a stream open in addition to its posts.
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout()
    ) as http:
        authors: Counter[str] = Counter()
        conversation = who(http, url, authors)
        await measure(conversation, asked, size.warm_up)
        took: dict[Load, list[float]] = {}
        rate = bot = every = 0.0
        for load in size.loads:
            print(f"{name}: {load.messages} messages, {load.clients} at once ...", flush=True)
            began, before = time.monotonic(), spent()
            took[load] = await measure(conversation, asked, load)
            if load == size.many:
                rate = load.messages / (time.monotonic() - began)
                used = {kind: after - before[kind] for kind, after in spent().items()}
                bot, every = used["bot"] / load.messages, sum(used.values()) / load.messages
        print(f"{name}: answered by {dict(authors)}")
        if authors["bot"] < (STOCK_ANSWERED if authors["nobody"] else ANSWERED) * authors.total():
            # A quick apology is not a turn: its time would make the bot look faster than it is.
            raise BenchError(f"{name}: too few answers came from the bot; the logs in {FOLDER} say why.")
        return Figures(took, rate, bot, every, authors["nobody"], authors.total())


async def _long(url: str, asked: list[str], size: Size) -> tuple[float, float]:
    """Median of the first and of the last turns of one long conversation."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout()) as http:
        took = await citizen_of(http, url, Counter())((asked * size.length)[: size.length])
    return percentile(took[: size.ends], 0.5), percentile(took[-size.ends :], 0.5)


def _rows(size: Size, ours: Figures, rival: Figures, rival_name: str) -> list[Row]:
    rows = []
    for load, bounds in zip(size.loads, BOUNDS, strict=True):
        clients = "1 client" if load.clients == 1 else f"{load.clients} clients"
        for (word, share), (goal, limit) in zip((("median", 0.5), ("p95", 0.95)), bounds, strict=True):
            rows.append(
                Row(
                    name=f"{clients}, {word}",
                    ours=round(percentile(ours.took[load], share), 1),
                    rival=round(percentile(rival.took[load], share), 1),
                    rival_name=rival_name,
                    limit=limit,
                    goal=goal,
                    better="lower",
                    unit="ms",
                )
            )
    return rows


def _throughput(
    size: Size, ours: Figures, rival: Figures, double: Figures, lasting: tuple[float, float], pair: Twins
) -> list[Row]:
    name = "stock Rasa, the same"
    core, stock_core = 1 / ours.bot, 1 / rival.bot
    first, last = lasting
    return [
        Row(f"messages/s, {size.many.clients} clients", round(ours.rate, 1), round(rival.rate, 1), name, 0, round(TIMES_STOCK * rival.rate, 1), "higher", "messages/s"),
        Row("messages/s of a bot's core", round(core, 1), round(stock_core, 1), name, 0, round(TIMES_STOCK * stock_core, 1), "higher", "messages/s"),
        Row("messages/s of a core, all processes", round(1 / ours.all, 1), round(1 / rival.all, 1), name, 0, round(TIMES_STOCK / rival.all, 1), "higher", "messages/s"),
        Row("processor time of a turn in the bot", round(1000 * ours.bot, 1), round(1000 * rival.bot, 1), name, 1000, round(1000 * rival.bot / TIMES_STOCK, 1), "lower", "ms"),
        Row("two bots, asked directly, against one", round(pair.two / pair.one, 2), 1, "one bot, asked directly", 0, TIMES_ONE, "higher", "times"),
        Row("processor time of a message, two bots", round(pair.processor[1], 1), round(pair.processor[0], 1), "one bot, asked directly", 100, round(pair.processor[0], 1), "lower", "ms"),
        Row("the product with two bots and workers against one", round(double.rate / ours.rate, 2), 1, "one bot and one worker", 0, TIMES_ONE, "higher", "times"),
        Row("its processor time of a message, all processes", round(1000 * double.all, 1), round(1000 * ours.all, 1), "one bot and one worker", 1000, round(1000 * ours.all, 1), "lower", "ms"),
        Row(f"turns {size.length - size.ends} to {size.length} of a conversation", round(last, 1), round(first, 1), "its first turns", round(5 * first + 50, 1), round(1.2 * first, 1), "lower", "ms"),
    ]  # fmt: skip


def _notes(epochs: int) -> list[str]:
    notes = [
        "each client waits for its answer before asking again; conversations of 5 turns; examples of the topics in 3 languages.",
        "ours is committed to PostgreSQL before the citizen's post is answered, and the reply before it is seen; "
        "the stock bot keeps everything in memory.",
        "the rate limits are lifted: all clients share one address here.",
        "bots asked directly: trackers in memory, actions a stand-in, each question once; the product keeps what is asked twice.",
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
