"""Work that is the same for several parts, done on all cores at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """What `work` gives for each part, in their order; the first error that one raises.

    Threads: matrix products, and growing trees, let others work. Each product has one core, or all would want all."""
    from threadpoolctl import threadpool_limits  # not while serving

    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(work, parts))
