"""The embeddings of all pieces in a separate file: 128,010 rows of 512 bytes, of which a process reads a few thousand.

The package unpacks them into 65 MB of memory at every start. Here they are unpacked once, into a file under var, and a
row is read when needed. The file is used only if its hash is that of the unpacked reviewed weights.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.model_file import file_hash

_WIDTH, _CHUNKS = 512, 17
_SHA256 = "e3b04614bbeaaad07dca3f5ad94eacc77962b4d7c07ed0fa37345f412b7e33b0"


class Table:
    """The rows of the file at `path`, which stays open. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)

    def __getitem__(self, pieces: Sequence[int]) -> np.ndarray:
        """uint8 (pieces, 512)."""
        rows = b"".join(os.pread(self._file, _WIDTH, piece * _WIDTH) for piece in pieces)
        return np.frombuffer(rows, np.uint8).reshape(len(pieces), _WIDTH)

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)


def open_table(weights: Path, path: Path) -> Table | np.ndarray:
    """Returns the table of the package's `weights`, stored at `path`, or in memory if that cannot be written."""
    try:
        if path.is_file() and file_hash(path) == _SHA256:
            return Table(path)
        rows = unpacked(weights)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(rows.data)
        draft.replace(path)
        return Table(path) if file_hash(path) == _SHA256 else rows
    except OSError:
        return unpacked(weights)


def unpacked(weights: Path) -> np.ndarray:
    """uint8 (pieces, 512), as in the package's NumpyBackend."""
    with np.load(weights, allow_pickle=False) as arrays:
        first = arrays["q1"]
        rows = np.empty((_CHUNKS * len(first), _WIDTH), np.uint8)
        for chunk in range(_CHUNKS):
            rows[chunk::_CHUNKS] = arrays[f"q{chunk + 1}"]
    return rows
