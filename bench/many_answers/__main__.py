"""`python -m bench.many_answers`: how long it takes to send one answer to 2,000 conversations, each in its language.

Runs the desk's own functions on the embedded PostgreSQL, with the worker's scheduler in this process. The period during which
each message can be cancelled is part of the time.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

import structlog
import uvloop

from bench.report import Row, keep, table
from bench.support.usage import machine
from city import load_city
from desk.building import Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.model import Actor
from desk.replies.bulk import UNDO, Bulk
from desk.replies.scheduler import Scheduler
from desk.runtime.clock import utc_now
from desk.runtime.live import Live
from desk.store.migrate import migrate
from desk.store.pool import open_store
from launch import LaunchError
from launch.embedded import Engines

MANY, FEW = 2_000, 200
LIMIT, GOAL = 60.0, 40.0  # seconds from the click to the last message
TEXTS = {"en": "The water is back.", "es": "Ya hay agua.", "fr": "L'eau est revenue."}


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.many_answers", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{FEW} conversations")
    count = FEW if parser.parse_args(arguments).short else MANY
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-bench-"))
    try:
        with Engines(folder, {}) as engines, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            kept, sent = runner.run(_answer(engines.environ, count))
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = [
        Row(f"one answer to {count:,} conversations: kept", round(kept, 2), 0, "none", 5, 1, "lower", "s"),
        Row(
            f"one answer to {count:,} conversations: all sent",
            round(sent, 1),
            0,
            "none",
            LIMIT,
            GOAL,
            "lower",
            "s",
        ),
    ]
    note = f"{UNDO.total_seconds():.0f} s of it are the moment to cancel"
    print(table("One answer to many", rows, [note, machine()]))
    print(f"\nwritten: {keep('many-answers', rows)}")
    return 1 if any(row.ours > row.limit for row in rows) else 0


async def _answer(environ: dict[str, str], count: int) -> tuple[float, float]:
    """Seconds until the messages were kept, and until the last one was sent."""
    await migrate(environ["DATABASE_URL"])
    store = await open_store(environ["DATABASE_URL"], size=12)
    live = Live(environ["REDIS_URL"])
    await live.start()
    city = load_city("city.yml")
    stop = asyncio.Event()
    common = build_common(Resources(store, live, city, Catalog.load("content", city)))
    scheduler = Scheduler(store, common.writer, common.announcer, utc_now)
    running = asyncio.create_task(scheduler.run(stop))
    try:
        agent_id = await store.pool.fetchval(
            "INSERT INTO agents (email, name, role, teams, password_hash) VALUES ('b', 'B', 'agent', '{front-desk}', '-') RETURNING id"
        )
        ids = [
            row["id"]
            for row in await store.pool.fetch(
                """WITH c AS (INSERT INTO contacts (inbox, external_id, language)
                              SELECT 'web', n::text, (ARRAY['en','es','fr'])[1 + n % 3] FROM generate_series(1, $1) AS n
                              RETURNING id, language)
                   INSERT INTO conversations (inbox, contact_id, language, state, team, queued_at)
                   SELECT 'web', id, language, 'queued', 'front-desk', now() FROM c RETURNING id""",
                count,
            )
        ]
        actor = Actor(agent_id, "B", "agent", ("front-desk",))
        began = time.monotonic()
        _, kept_count = await Bulk(store, utc_now).answer(actor, ids, TEXTS, {}, "en", resolves=True)
        kept = time.monotonic() - began
        assert kept_count == count
        while await store.pool.fetchval("SELECT count(*) FROM messages WHERE author = 'agent'") < count:  # noqa: ASYNC110  (other processes write the rows)
            await asyncio.sleep(0.2)
        return kept, time.monotonic() - began
    finally:
        stop.set()
        await running
        await live.stop()
        await store.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
