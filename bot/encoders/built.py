"""Builds a folder under var/encoders for `make encoders`: complete, or absent."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from bot.encoders import EncoderError
from bot.project import ROOT


def offer(folder: Path, fill: Callable[[Path], None], what: str) -> int:
    """Returns an exit code: 0 if the folder exists now, 2 with one sentence if it cannot be built."""
    try:
        if not (folder / "model.onnx").is_file():
            build(folder, fill)
    except EncoderError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{what} is in {folder.relative_to(ROOT)}.")
    return 0


def build(folder: Path, fill: Callable[[Path], None]) -> None:
    """`fill` writes into an empty folder, which then replaces `folder`. Raises what `fill` raises."""
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        fill(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def package(module: str, name: str) -> Path:
    """Returns where the package is installed, without running its code. Raises EncoderError."""
    found = find_spec(module)
    if found is None or found.origin is None:
        raise EncoderError(f"The package {name} is not installed: run `make encoders`.")
    return Path(found.origin).parent
