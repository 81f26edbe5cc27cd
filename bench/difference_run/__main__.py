"""`python -m bench.difference_run`: how long do two models need for 2,000 questions, and how much memory has the reader? Beside
it, how long the trainer lets two readers take.

The model in use reads them twice, in a child of its own that loads it first, as the trainer does it.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.report import Row, keep, table
from bench.support.questions import questions
from bench.support.usage import machine

COUNT, SHORT = 2_000, 300
LIMIT = 10.0
"""Minutes."""
LETS = 20.0
"""Minutes that two readers may take (bot/trained/comparing.py)."""


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if the limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.difference_run", description=(__doc__ or "").split("\n\n")[0]
    )
    parser.add_argument("--short", action="store_true", help="300 questions")
    count = SHORT if parser.parse_args(arguments).short else COUNT
    models = Path(os.environ.get("CIVICDESK_VAR", "var")) / "models"
    try:
        model = models / json.loads((models / "current.json").read_text())["model"]
    except OSError:
        print("There is no model; train one first.", file=sys.stderr)
        return 2
    asked = [
        {"text": text, "language": "", "moments": None} for text in islice(cycle(questions(count)), count)
    ]
    began = time.perf_counter()
    peak = max(_read(model, asked) for _ in range(2))
    minutes = (time.perf_counter() - began) / 60
    rows = [
        Row("difference run", minutes, LETS, "what the trainer lets two readers take", LIMIT, LIMIT / 2, "lower", "min"),
        Row("memory of one reader", peak, 4_096.0, "the trainer's limit", 1_024.0, 512.0, "lower", "MiB"),
    ]  # fmt: skip
    written = keep("difference-run", rows)
    note = f"{count} questions, each read by two models in turn; {machine()}"
    print(table("Two models over the last questions", rows, [note, f"the figures are in {written}"]))
    return int(any(row.ours > row.limit for row in rows))


def _read(model: Path, asked: Sequence[dict[str, Any]]) -> float:
    """The most memory that the reader used, in MiB."""
    python = os.environ.get("CIVICDESK_BOT_PYTHON", ".venv-bot/bin/python")
    child = subprocess.Popen(
        [python, "-m", "bot.trained.reading", str(model)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(json.dumps(asked).encode())
    child.stdin.close()
    found = json.loads(child.stdout.read())
    _, status, usage = os.wait4(child.pid, 0)
    if status or len(found) != len(asked):
        raise SystemExit("The model did not read the questions.")
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
