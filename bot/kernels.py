"""Chooses OpenBLAS's kernels for matrix products, before numpy loads it.

Rasa pins numpy 1.23, whose OpenBLAS 0.3.20 is of February 2022. It knows no later processor: on Emerald Rapids it uses
kernels for SSE3, with which a parse takes nearly twice as long. On Cooper Lake and Sapphire Rapids its products of
float64 are wrong (https://github.com/numpy/numpy/issues/24903). So the choice is made from what the processor can do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

CHOICE = "OPENBLAS_CORETYPE"
_CPU = Path("/proc/cpuinfo")
_AVX2 = frozenset({"avx2", "fma"})
_AVX512 = _AVX2 | {"avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"}


class WrongProducts(Exception):
    """numpy multiplies matrices wrongly on this processor."""


def choose(environ: MutableMapping[str, str] = os.environ, described: Path = _CPU) -> None:
    """Set CHOICE unless it is set, also for child processes. Does nothing once numpy is loaded, and on other systems
    and processors than x86-64 Linux."""
    if CHOICE in environ or "numpy" in sys.modules:
        return
    try:
        name = kernels(described.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return
    if name:
        environ[CHOICE] = name


def kernels(cpu: str) -> str | None:
    """The kernels for the first processor in the text of /proc/cpuinfo; None leaves the choice to OpenBLAS."""
    first, _, _ = cpu.partition("\n\n")
    lines = (line.partition(":") for line in first.splitlines())
    fields = {name.strip(): value.strip() for name, _, value in lines}
    can = set(fields.get("flags", "").split())
    if fields.get("vendor_id") == "AuthenticAMD":
        return "Zen" if can >= _AVX2 else None
    if can >= _AVX512:
        return "SkylakeX"
    return "Haswell" if can >= _AVX2 else None


def multiplies_few_rows_fast(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether one product of few rows is faster than row by row: of these kernels, only those for AVX-512 have such products."""
    return environ.get(CHOICE) == "SkylakeX"


def verify_products(product: Callable[[Any, Any], Any] | None = None) -> None:
    """Raises WrongProducts where kernels are in use that cannot multiply: `rasa shell` loads numpy before our choice."""
    import numpy as np

    rows = np.arange(13.0 * 7).reshape(13, 7)
    weights = np.arange(256.0 * 7).reshape(256, 7).T
    if not np.array_equal((product or np.matmul)(rows, weights), np.einsum("ij,jk->ik", rows, weights)):
        raise WrongProducts(
            f"numpy's OpenBLAS multiplies wrongly on this processor. Start again with {CHOICE}=Haswell in the environment."
        )
