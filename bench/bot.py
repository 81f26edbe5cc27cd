"""`python -m bench.bot`: the speed of one bot process, without the rest of `python -m bench.understanding`.

The baseline is stock Rasa with the pipeline of `rasa init`, taken from stored figures: its training alone
takes a quarter of an hour.
"""

import argparse
import os
import sys

from bench.report import FOLDER, table, write
from bench.support.processes import BenchError
from bench.support.understanding_parts import measured
from bench.support.understanding_process import measure_process
from bench.understanding import speed


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.bot")
    parser.add_argument("--without-training", action="store_true", help="leave the training out")
    parser.add_argument(
        "--breakdown", action="store_true", help="only the parts of a turn, in milliseconds of processor time"
    )
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        if options.breakdown:
            print(_breakdown(measured("breakdown", 1, None, again=True)))
            return 0
        parse = measured("parse", 1, None, again=True)
        rows = speed(parse, measure_process(FOLDER, train=not options.without_training))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    notes = [
        f"processor time of a parse: median {parse['processor_p50']:.2f}, 95th percentile {parse['processor_p95']:.2f} ms",
        f"the machine's load average was {os.getloadavg()[0]:.1f} at the end, on {os.cpu_count()} cores",
    ]
    print(table("\nThe bot process", rows, notes))
    print(f"\nwritten: {write('bot', rows)}")
    return (
        1
        if any(row.ours > row.limit if row.better == "lower" else row.ours < row.limit for row in rows)
        else 0
    )


def _breakdown(taken: dict[str, float]) -> str:
    """One line for each part, the largest first."""
    width = max(map(len, taken))
    lines = (f"{part:<{width}}  {ms:6.2f}  {ms / taken['whole']:5.0%}" for part, ms in taken.items())
    return "\n".join((f"{'a turn with a new text, processor time':<{width}}      ms", *lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
