"""What a piece of work costs in processor time. No wall clock: how busy the machine is makes no difference."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

TRIES = 4
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")


def cost(work: Callable[[], object], enough: float = 0.0) -> float:
    """Seconds of processor time of this process. The least of a few tries; one that takes no more than `enough` is the last."""
    least = float("inf")
    for _ in range(TRIES):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
        if least <= enough:
            break
    return least


def one_pass(text: str) -> float:
    """Seconds to look once at each character: what the cost of a function is measured in."""
    return cost(lambda: _WORDS.findall(text))


def processor_time(processes: Iterable[int]) -> float:
    """Seconds of processor time that these processes, by id, have used up to now. Linux only."""
    return sum(time.clock_gettime((~process << 3) | 2) for process in processes)


def too_dear(costs: Mapping[str, float], unit: float, most: float) -> dict[str, float]:
    """{name: how many units} of those that cost more than `most` units."""
    return {name: round(spent / unit, 1) for name, spent in costs.items() if spent > most * unit}


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the collection of garbage, which takes its time whenever it likes."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
