"""`python -m bench.fault`: every fault, one after the other, on the running product. Exit code 1 when an invariant breaks."""

import argparse
import asyncio
import logging
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench.fault.back_ends import back_end_faults
from bench.fault.bots import bot_faults
from bench.fault.checker import Finding
from bench.fault.deployment import Deployment
from bench.fault.kills import kill_faults, restart_faults
from bench.fault.outages import engine_faults, other_faults
from bench.fault.scene import Fault, Skipped, play
from bench.fault.sending import provider_faults
from bench.fault.webhooks import webhook_faults
from bench.report import FOLDER, Row, write
from bench.support.processes import BenchError
from launch import LaunchError

CONVERSATIONS = 200
RIVAL = "none: no helpdesk we know publishes this count"
TIME = 3_600.0  # seconds, twice what an idle machine with two cores needs; a fault not started by then counts as a failure


def faults(conversations: int) -> list[Fault]:
    """All faults. Slow recoveries are followed by faults that do not depend on them."""
    return [
        *webhook_faults(conversations),
        *kill_faults(),
        *restart_faults(),
        *engine_faults(),
        *bot_faults(),
        *back_end_faults(),
        *provider_faults(),
        *other_faults(),
    ]


def main(arguments: list[str]) -> int:
    """0 when all hold, 1 when one breaks, 2 with one sentence when nothing could be tried."""
    parser = argparse.ArgumentParser(prog="python -m bench.fault", description=__doc__)
    parser.add_argument(
        "--conversations", type=int, default=CONVERSATIONS, metavar="N", help="for each fault (default 200)"
    )
    parser.add_argument("--only", default="", metavar="PATTERN", help="the faults whose name has it")
    options = parser.parse_args(arguments)
    for name in ("aiohttp", "asyncio", "asyncpg"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a killed process breaks its connections
    chosen = [one for one in faults(options.conversations) if re.search(options.only, one.name)]
    folder = Path(tempfile.mkdtemp(prefix="civicdesk-fault-"))
    folder.chmod(0o755)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            results = runner.run(_play(chosen, folder, options.conversations))
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("The bench was stopped; what it had started is stopped too.", file=sys.stderr)
        return 2
    except (BenchError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _report(results, chosen, whole=not options.only)


async def _play(chosen: Sequence[Fault], folder: Path, conversations: int) -> dict[str, Finding | str]:
    results: dict[str, Finding | str] = {}
    began = time.monotonic()
    task = asyncio.current_task()
    assert task is not None
    # Processes that were started must be stopped, however this one ends.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with Deployment(folder, FOLDER / "fault-logs") as deployment:
        print(
            f"The deployment is up after {time.monotonic() - began:.0f} s: 2 gateways, 2 workers, 2 bots, 2 actions.\n",
            flush=True,
        )
        for fault in chosen:
            if time.monotonic() - began > TIME:
                results[fault.name] = f"not tried: the bench stops after {TIME / 60:.0f} minutes"
                print(_line(fault.name, results[fault.name], 0), flush=True)
                continue
            started = time.monotonic()
            try:
                await deployment.ready()
                results[fault.name] = await play(fault, deployment, conversations)
            except Skipped as reason:
                results[fault.name] = f"NOT TRIED: {reason}"
            print(_line(fault.name, results[fault.name], time.monotonic() - started), flush=True)
    return results


def _line(name: str, result: Finding | str, seconds: float) -> str:
    if isinstance(result, str):
        return f"----  {name}: {result}"
    facts = [
        f"{result.conversations} conversations",
        f"{result.messages} messages",
        f"{result.answered} answered",
        f"{result.with_people} with people",
    ]
    facts += [f"{result.doubles} sent twice"] if result.doubles else []
    facts += [f"{result.unknown} unknown"] if result.unknown else []
    facts += [f"recovery {result.recovery:.0f} s"] if result.recovery else []
    head = "FAIL" if result.breaches else "pass"
    lines = [f"{head}  {name}: {', '.join([*facts, *result.notes])} ({seconds:.0f} s)"]
    lines += [f"      {breach}" for breach in result.breaches[:20]]
    if len(result.breaches) > 20:
        lines.append(f"      … and {len(result.breaches) - 20} more")
    return "\n".join(lines)


def _report(results: dict[str, Finding | str], chosen: Sequence[Fault], *, whole: bool) -> int:
    tried = {name: result for name, result in results.items() if isinstance(result, Finding)}
    allowed = {fault.name: fault.allowed for fault in chosen}
    rows = [
        Row(f"{name}: invariants broken", len(result.breaches), 0, RIVAL, 0, 0, "lower", "breaches")
        for name, result in tried.items()
    ]
    rows += [
        Row(
            f"{name}: recovery", round(result.recovery, 1), 0, RIVAL, allowed[name].recovery, 30, "lower", "s"
        )
        for name, result in tried.items()
        if result.recovery
    ]
    doubles = sum(result.doubles for result in tried.values())
    unavoidable = sum(result.unavoidable for result in tried.values())
    rows += [
        Row(
            "sent twice (only where killed between accept and commit)",
            doubles,
            0,
            RIVAL,
            unavoidable,
            0,
            "lower",
            "messages",
        ),
        Row("faults not tried", len(results) - len(tried), 0, RIVAL, 0, 0, "lower", "faults"),
    ]
    broken = [name for name, result in tried.items() if result.breaches]
    late = [name for name, result in results.items() if isinstance(result, str)]
    messages = sum(result.messages for result in tried.values())
    print(
        f"\n{len(tried)} faults, {sum(one.conversations for one in tried.values())} conversations, {messages} messages: "
        f"{len(broken)} broke an invariant, {len(late)} not tried, {doubles} sent twice."
    )
    for name in late:
        print(f"NOT TRIED: {name}: {results[name]}")
    if whole:
        print(f"written: {write('fault', rows)}")
    return 1 if broken or any(str(results[name]).startswith("not tried") for name in late) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
