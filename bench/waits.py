"""`python -m bench.waits`: how often the stated waits hold, in simulated queues of 40 days.

The queues differ in arrivals, staff and handling times, and change over the days. The figures are for ranges that
citizens were told. The rival is the same range without calibration, from a normal distribution.
"""

import sys
import time
from statistics import median

from bench.report import Row, table, write
from bench.support.queues import PATTERNS, Pattern, Queue, Told
from desk.routing.wait_calibration import BANDS, GOAL, Calibration, band_of

DAYS, SHORT_DAYS = 40, 8
SEEDS, SHORT_SEEDS = (11, 12), (11,)
BAND = 3.0  # points of the coverage around the goal
RIVAL = "the same ranges without calibration"


def main(arguments: list[str]) -> int:
    """1 if a coverage is outside its band."""
    short = "--short" in arguments
    began = time.monotonic()
    rows, notes = [], []
    for pattern in PATTERNS:
        told = [one for seed in (SHORT_SEEDS if short else SEEDS) for one in _run(pattern, seed, short=short)]
        scored = [one for one in told if one.scored and one.shown]
        rows.append(
            Row(
                pattern.name,
                _held(scored),
                _uncalibrated(scored),
                RIVAL,
                100 * GOAL - BAND,
                100 * GOAL,
                "higher",
                "%",
            )
        )
        notes.append(_note(pattern, told, scored))
    print(table("Share of stated waits that held", rows, notes))
    path = write("waits", rows)
    print(f"{path}, after {time.monotonic() - began:.0f} s")
    return int(any(abs(row.ours - row.goal) > BAND for row in rows))


def _run(pattern: Pattern, seed: int, *, short: bool) -> list[Told]:
    return Queue(pattern, seed).run(SHORT_DAYS if short else DAYS)


def _held(scored: list[Told]) -> float:
    return 100 * sum(one.scored.held for one in scored if one.scored) / max(len(scored), 1)


def _uncalibrated(scored: list[Told]) -> float:
    plain = Calibration()
    held = [plain.range(one.outlook, one.place).holds(one.scored.waited) for one in scored if one.scored]
    return 100 * sum(held) / max(len(held), 1)


def _note(pattern: Pattern, told: list[Told], scored: list[Told]) -> str:
    bands = []
    for band in range(len(BANDS) + 1):
        own = [one for one in scored if band_of(one.place) == band]
        bands.append(f"{_held(own):.0f} %" if own else "none")
    shown = 100 * sum(one.shown for one in told) / max(len(told), 1)
    width = median([one.range.high - one.range.low for one in scored]) if scored else 0
    return (
        f"{pattern.name}: {len(scored)} scored, {shown:.0f} % of those who wait are told a range, median width "
        f"{width:.0f} minutes; by place (1, 2 to 3, 4 to 8, further): {', '.join(bands)}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
