"""Runs the same work for several parts on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Returns the results of `work` for each part, in order; raises the first error.

    Uses threads: matrix products and tree growing release the GIL. Each product is limited to one core, or each would use all."""
    from threadpoolctl import threadpool_limits  # not while serving

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))
