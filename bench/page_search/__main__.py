"""`python -m bench.page_search`: how long does a search in 5,000 pages take? Compared with searching for the same words by
reading every passage (ILIKE), without an index.

The pages consist of 20,000 invented words with natural frequencies (Zipf's law), and have random vectors, on
the embedded PostgreSQL. The question's vector is precomputed: the bot needs 5 ms for it.
"""

import argparse
import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bench.report import Row, keep, percentile, table
from bench.support.usage import machine
from city import City, load_city
from desk.knowledge.pages.search import PageSearch
from desk.knowledge.pages.vectors import DIMENSIONS, signs_of
from desk.store.knowledge import pages
from desk.store.knowledge.pages import NewPassage
from desk.store.migrate import migrate
from desk.store.pool import Store, open_store
from launch import LaunchError
from launch.embedded import Engines

PAGES, SHORT_PAGES = 5_000, 300
PASSAGES, WORDS, VOCABULARY = 6, 60, 20_000
QUESTIONS, ASKED = 100, 6
LIMIT = 100.0  # ms; a citizen waits for at most 800


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if the limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.page_search", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="300 pages")
    count = SHORT_PAGES if parser.parse_args(arguments).short else PAGES
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-pages-"))
    try:
        with Engines(folder, {}) as engines:
            rows = asyncio.run(_measure(engines.environ["DATABASE_URL"], count))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    written = keep("page-search", rows)
    note = f"{count} pages of {PASSAGES} passages, {QUESTIONS} questions one after the other; {machine()}"
    print(table("Search in the city's pages", rows, [note, f"the figures are in {written}"]))
    return int(any(row.ours > row.limit for row in rows))


async def _measure(url: str, count: int) -> list[Row]:
    draw = random.Random(7)
    city = load_city("city.yml")
    await migrate(url)
    store = await open_store(url)
    try:
        words = [_word(draw) for _ in range(VOCABULARY)]
        weights = [1 / (rank + 3) for rank in range(VOCABULARY)]
        await _fill(store, count, draw, words, weights)
        questions = [draw.choices(words, weights, k=ASKED) for _ in range(QUESTIONS)]
        return [
            await _row(store, city, "words and meaning, p95", draw, questions),
            await _row(store, city, "words alone, p95", None, questions),
        ]
    finally:
        await store.close()


async def _row(
    store: Store, city: City, name: str, draw: random.Random | None, questions: Sequence[Sequence[str]]
) -> Row:
    search = PageSearch(store.pool, city, None)
    ours = await _times(
        questions,
        lambda asked: search.find(" ".join(asked), "en", draw.randbytes(DIMENSIONS) if draw else None),
    )
    reading = """SELECT p.url, s.text FROM page_passages s JOIN pages p ON p.id = s.page_id
                 WHERE s.text ILIKE ANY($1) LIMIT 1000000"""
    rival = await _times(questions, lambda asked: store.pool.fetch(reading, [f"%{word}%" for word in asked]))
    return Row(
        name, percentile(ours, 0.95), percentile(rival, 0.95), "reading every passage (ILIKE)", LIMIT, LIMIT / 2, "lower",
        "ms",
    )  # fmt: skip


async def _times(
    questions: Sequence[Sequence[str]], ask: Callable[[Sequence[str]], Awaitable[object]]
) -> list[float]:
    taken = []
    for asked in questions:
        began = time.perf_counter()
        await ask(asked)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _fill(
    store: Store, count: int, draw: random.Random, words: Sequence[str], weights: Sequence[float]
) -> None:
    now = datetime.now(UTC)
    for start in range(0, count, 250):
        async with store.transaction() as transaction:
            for number in range(start, min(count, start + 250)):
                passages = [
                    NewPassage(" ".join(draw.choices(words, weights, k=4)), " ".join(draw.choices(words, weights, k=WORDS)))
                    for _ in range(PASSAGES)
                ]  # fmt: skip
                await pages.set_page(
                    transaction, f"https://city.example/{number}", draw.choice(words), "en", now.date(), "-", None, None,
                    now, passages,
                )  # fmt: skip
    while waiting := await pages.list_without_vector(store.pool, 2_000):
        vectors = [draw.randbytes(DIMENSIONS) for _ in waiting]
        made = [(id, one, signs_of(one)) for (id, _), one in zip(waiting, vectors, strict=True)]
        await pages.set_vectors(store.pool, made)
    async with store.transaction() as transaction:
        await pages.set_words(transaction)
    await store.pool.execute("VACUUM ANALYZE")  # as autovacuum does it


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(draw.randint(2, 4)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
