"""Measures the cost of each encoder in one run: processor milliseconds per message, and its own memory."""

from __future__ import annotations

import os
import time
from pathlib import Path


def measure(rounds: int = 3) -> dict[str, float]:
    """`<encoder>_ms`: the smallest of `rounds` medians, one text at a time, with its words cached.
    `<encoder>_mb`: the growth of the process's private memory when the encoder is loaded and used.
    Encoders that are not built are left out."""
    for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[library] = "1"  # as bot/__main__.py
    import numpy as np

    from bot.rasa_patches.import_stubs import leave_out_tensorflow

    leave_out_tensorflow("")
    from bot.encoders import Encoder, open_encoder
    from bot.evaluate.understanding import E5, MINILM
    from bot.lint.examples import read_examples
    from bot.project import ROOT

    texts = [example.text for example in read_examples(ROOT / "data" / "nlu")][::15]
    opened: dict[str, Encoder] = {}
    found: dict[str, float] = {}
    for name, path in {"multilingual": None, "english": MINILM, "boosted": E5}.items():
        if path and not (ROOT / path).is_dir():
            continue
        before = _own_memory()
        opened[name] = open_encoder("onnx" if path else "multilingual", path)
        _ = [opened[name].encode([text]) for text in texts]
        found[f"{name}_mb"] = _own_memory() - before
    for name in [*opened] * rounds:
        used = []
        for text in texts:
            began = time.process_time()
            opened[name].encode([text])
            used.append((time.process_time() - began) * 1000)
        found[f"{name}_ms"] = min(found.get(f"{name}_ms", float("inf")), float(np.median(used)))
    return found


def _own_memory() -> float:
    """Private memory of this process in MB. Linux only."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")) / 1024
