"""`python -m bench.understanding`: how much is understood, how well out-of-scope questions are spotted, how
fast.

Accuracy is measured with three seeds where the seed matters. The baseline is stock Rasa (DIET, 100 epochs):
its accuracies are stored figures, because its training takes a quarter of an hour for each data set and seed.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.report import FOLDER, Row, table, write
from bench.support.processes import BenchError
from bench.support.understanding_parts import measured, spread
from bench.support.understanding_process import Process, measure_process
from bot.evaluate.public_sets import VARIABLE, WrongData, verify
from launch import LaunchError

SEEDS = (1, 2, 3)
STOCK = "stock Rasa 3.6 (DIET, 100 epochs), stored figures of 2026-11-20, one seed"
NOTHING = float("nan")
Line = tuple[str, str, str, float, float, float]
# what, figure, row's name, stock, limit (worse is a failure), goal; in per cent
ACCURACIES = (
    ("banking77-10-english", "accuracy", "BANKING77, 10 each, English configuration", 67.0, 80, 87.5),
    ("banking77-10", "accuracy", "BANKING77, 10 each, default configuration", 67.0, 76, 85),
    ("clinc150-10-english", "accuracy", "CLINC150, 10 each, in scope", 71.8, 86, 92.5),
    ("clinc150-10-english", "auroc", "CLINC150, 10 each, out-of-scope AUROC", 86.7, 92, 97.5),
    ("clinc150-full-english", "accuracy", "CLINC150, full, in scope", NOTHING, 92, 96.8),
    ("clinc150-full-english", "auroc", "CLINC150, full, out-of-scope AUROC", NOTHING, 95, 98.3),
    ("own", "topics_en", "own topics, families held out, English", NOTHING, 75, 95),
    ("own", "topics_es", "own topics, families held out, Spanish", NOTHING, 75, 93),
    ("own", "topics_fr", "own topics, families held out, French", NOTHING, 75, 93),
    ("own", "accuracy_en", "the same with small talk and dialogue, English", NOTHING, 70, 95),
    ("own", "accuracy_es", "the same with small talk and dialogue, Spanish", NOTHING, 70, 93),
    ("own", "accuracy_fr", "the same with small talk and dialogue, French", NOTHING, 70, 93),
    ("own", "outlying_en", "the most unusual families alone, English", NOTHING, 70, 95),
    ("own", "outlying_es", "the most unusual families alone, Spanish", NOTHING, 70, 93),
    ("own", "outlying_fr", "the most unusual families alone, French", NOTHING, 70, 93),
    ("own", "near_auroc", "own near misses, AUROC", NOTHING, 75, 93),
)
ERRORS = (  # lower is better
    ("banking77-10-english", "calibration_error", "calibration error, BANKING77 English, x 100", 11.0, 8, 2),
    ("banking77-10", "calibration_error", "calibration error, BANKING77 default, x 100", 11.0, 8, 2),
    ("clinc150-10-english", "calibration_error", "calibration error, CLINC150, x 100", 18.0, 8, 2),
    ("own", "calibration_error", "calibration error, own topics, x 100", NOTHING, 8, 2),
    ("own", "typos_loss", "typing errors (2 random edits), points lost", NOTHING, 15, 3),
)
# the same with the multilingual booster (ADR 25): what a city gains by spending three times the processor
# time per message
BOOSTED = "-boosted"
ONCE = (
    "clinc150-full-english",
    "clinc150-full-english-boosted",
)  # the whole training file: no seed draws anything


def main(arguments: list[str]) -> int:
    """Exit code 0 with a table, 1 if a limit was exceeded, 2 with one sentence if nothing could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.understanding")
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get(VARIABLE) or None,
        help=f"folder of the public test sets; {VARIABLE} names it too",
    )
    parser.add_argument(
        "--again", action="store_true", help="measure again what was measured with the same code"
    )
    parser.add_argument("--without", choices=("accuracy", "speed"), help="leave a half out")
    parser.add_argument(
        "--part",
        choices=_parts(),
        help="measure this alone, for a later run",
    )
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    data: Path | None = options.data
    if options.part:
        return _part(options.part, data, options.again)
    rows: list[Row] = []
    notes: list[str] = []
    left_out: dict[str, str] = {}
    try:
        if options.without != "accuracy":
            left_out = _left_out(data)
            rows += _accuracy(data, options.again, notes)
        if options.without != "speed":
            rows += speed(measured("parse", 1, None, again=True), measure_process(FOLDER))
    except (BenchError, LaunchError, WrongData) as error:
        print(error, file=sys.stderr)
        return 2
    print(table("\nUnderstanding", rows, notes))
    for name, why in left_out.items():
        print(f"NOT MEASURED: {name}: {why}")
    print(f"\nwritten: {write('understanding', rows, left_out)}")
    return 1 if any(_fault(row) for row in rows) else 0


def _left_out(data: Path | None) -> dict[str, str]:
    """Row name -> why it is not measured. Raises WrongData if a file in a given folder is not the expected
    one."""
    if data is not None:
        verify(data)
        return {}
    why = f"set {VARIABLE} to the folder of the public test sets (docs/performance.md)"
    return {
        name: why
        for lines in (ACCURACIES, ERRORS)
        for what, _, name, *_ in (*lines, *_boosted(lines))
        if not what.startswith("own")
    }


def _part(what: str, data: Path | None, again: bool) -> int:
    """Measure one part. A whole run takes half an hour on two cores; results are kept, so it can be done in
    parts."""
    try:
        if data is None and not what.startswith("own"):
            raise BenchError(f"{what} needs the public test sets: set {VARIABLE} (docs/performance.md).")
        if data is not None:
            verify(data)
        for seed in SEEDS[:1] if what in ONCE else SEEDS:
            print(what, seed, measured(what, seed, data, again=again), flush=True)
    except (BenchError, WrongData) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _accuracy(data: Path | None, again: bool, notes: list[str]) -> list[Row]:
    """Without `data`, only our own data sets."""
    names = [name for name in _parts() if data is not None or name.startswith("own")]
    runs = {
        what: [measured(what, seed, data, again=again) for seed in (SEEDS[:1] if what in ONCE else SEEDS)]
        for what in names
    }
    rows = []
    for better, lines in (("higher", ACCURACIES), ("lower", ERRORS)):
        for what, figure, name, stock, limit, goal in (*lines, *_boosted(lines)):
            if what not in runs:
                continue
            middle, deviation = spread(runs[what], figure)
            notes.append(f"{name}: {middle:.1f} ± {deviation:.1f} ({len(runs[what])} seeds)")
            rows.append(_row(name, middle, stock, limit, goal, better, "%" if "100" not in name else "x 100"))
    return (
        rows
        + _of_own("own topics", runs["own"], notes)
        + _of_own("own topics, boosted", runs[f"own{BOOSTED}"], notes)
    )


def _parts() -> list[str]:
    """The parts that are measured separately, the boosted ones last."""
    names = list(dict.fromkeys(what for what, *_ in ACCURACIES))
    return names + [f"{name}{BOOSTED}" for name in names]


def _boosted(lines: Sequence[Line]) -> list[Line]:
    return [
        (f"{what}{BOOSTED}", figure, f"{name}, boosted", stock, limit, goal)
        for what, figure, name, stock, limit, goal in lines
    ]


def _of_own(title: str, own: list[dict[str, float]], notes: list[str]) -> list[Row]:
    """Rows of the languages that were never trained, and notes on how the thresholds classify all of them."""
    rows = []
    for figure in sorted(own[0]):
        if figure.startswith("untrained_") and not figure.endswith("_messages"):
            middle, deviation = spread(own, figure)
            language = figure.removeprefix("untrained_")
            notes.append(
                f"{title}, {language}: {middle:.1f} ± {deviation:.1f} on {own[0][figure + '_messages']:.0f} messages"
            )
            rows.append(_row(f"{title}, {language}, never trained", middle, NOTHING, 60, 88, "higher", "%"))
    answered, right, near = (
        spread(own, name)[0] for name in ("answered", "right_when_answered", "near_answered")
    )
    notes.append(
        f"{title}, at the chosen thresholds: {answered:.1f} % answered at once, {right:.1f} % of these rightly; "
        f"near misses answered (wrongly): {near:.1f} %"
    )
    return rows


def speed(parse: dict[str, float], process: Process) -> list[Row]:
    """Rows that were not measured (NaN) are left out."""
    rows = [
        _row("parse, median, in process", parse["p50"], 13.4, 40, 3, "lower", "ms"),
        _row("parse, 95th percentile, in process", parse["p95"], 17.2, 80, 5, "lower", "ms"),
        _row("messages a second, one bot process", process.messages_a_second, 29, 15, 200, "higher", "/s"),
        _row("processor time of a message", process.processor, NOTHING, 60, 5, "lower", "ms"),
        _row("training the city's model", process.training, 871, 300, 30, "lower", "s"),
        _row("memory of the bot process", process.memory, 1119, 700, 350, "lower", "MB"),
        _row("start to ready", process.start, 40, 40, 4, "lower", "s"),
        _row(
            "50 messages of one sender, 200 ms of action work each",
            process.one_sender,
            50.1,
            20,
            11,
            "lower",
            "s",
        ),
        _row(
            "a 200th turn over a 10th, processor time", process.long_turn, NOTHING, 1.5, 1, "lower", "times"
        ),
    ]
    return [row for row in rows if row.ours == row.ours]


def _row(name: str, ours: float, stock: float, limit: float, goal: float, better: str, unit: str) -> Row:
    """A baseline that was never measured is shown as ours: the row then says nothing about it."""
    known = stock == stock
    return Row(
        name=name,
        ours=round(ours, 2),
        rival=stock if known else round(ours, 2),
        rival_name=STOCK if known else "no rival measured",
        limit=limit,
        goal=goal,
        better="higher" if better == "higher" else "lower",
        unit=unit,
    )


def _fault(row: Row) -> bool:
    return row.ours > row.limit if row.better == "lower" else row.ours < row.limit


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
