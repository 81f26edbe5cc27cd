"""A trained model on this machine: its file, and content/ with the answers that it was trained with."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from bot.model_file import ModelError

MODEL = "model.tar.gz"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,60}")


def write_content(release: Path, files: dict[str, str], folder: Path) -> Path:
    """A copy of the release's content/ with these answers over its own; returns it. Raises ModelError for a name that is none."""
    content = folder / "content"
    shutil.rmtree(content, ignore_errors=True)
    shutil.copytree(release, content)
    for name, text in files.items():
        if not _NAME.fullmatch(name):
            raise ModelError(f"An answer cannot have the name {name[:60]!r}.")
        (content / "answers" / f"{name}.yml").write_text(text, encoding="utf-8")
    return content


def write_model(model: bytes, sha256: str, folder: Path) -> Path:
    """The model as a file; returns it. Raises ModelError unless it is exactly the one that was recorded."""
    if hashlib.sha256(model).hexdigest() != sha256:
        raise ModelError("The trained model's SHA-256 differs from the recorded one. It was not loaded.")
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{MODEL}.draft"
    draft.write_bytes(model)
    return draft.replace(folder / MODEL)
