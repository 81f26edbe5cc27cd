"""Work that is spread over the processor's cores."""

import threading

import numpy as np
import pytest

from bot.cores import side_by_side


def test_gives_the_results_in_the_order_of_the_parts() -> None:
    last = threading.Event()

    def work(part: int) -> int:
        if part == 0:
            last.wait(0.05)  # the first may well end last
        return part * part

    assert side_by_side(work, range(20)) == [part * part for part in range(20)]


def test_the_first_error_is_the_callers() -> None:
    def work(part: int) -> int:
        if part == 3:
            raise ValueError(part)
        return part

    with pytest.raises(ValueError, match="3"):
        side_by_side(work, range(5))


def test_products_are_the_same_as_one_after_the_other() -> None:
    draw = np.random.default_rng(0)
    rows = [draw.normal(size=(200, 64)).astype(np.float32) for _ in range(6)]
    for together, alone in zip(side_by_side(lambda one: one @ one.T, rows), rows, strict=True):
        np.testing.assert_allclose(together, alone @ alone.T, atol=1e-4)
