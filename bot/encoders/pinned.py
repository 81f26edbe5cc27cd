"""Files pinned by hash. Weights determine what citizens are told, so a changed file is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bot.encoders import EncoderError
from bot.model_file import file_hash


def verify(folder: Path, expected: Mapping[str, str]) -> str:
    """Returns the fingerprint of the files in `folder`. `expected`: file name -> sha256. Raises EncoderError."""
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file():
            raise EncoderError(f"The encoder's file {path} is missing; run `make setup` again.")
        if file_hash(path) != digest:
            raise EncoderError(
                f"The encoder's file {path} is not the one that was reviewed: its SHA-256 differs. "
                "It was not loaded; install the pinned package again with `make setup`."
            )
    return combined(expected)


def combined(digests: Mapping[str, str]) -> str:
    """One sha256 for several files."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
