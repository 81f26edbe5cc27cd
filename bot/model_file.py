"""The current model: var/models/current.json names a file, its sha256 and the hash of its inputs.

Does not import Rasa, so that finding out that there is nothing to train is fast.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.project import ROOT, Project, load_project

LEARNED = ("languages", "reference_patterns")
"""Fields of Project that training reads, besides the folders; tests/bot/training/test_start.py compares this with a training run."""


class ModelError(Exception):
    """No model may be loaded; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Current:
    """`model` is a file name under var/models. `report` holds its figures on unseen examples.
    `refused`: the hash of newer inputs whose model was worse and is not used."""

    model: str
    sha256: str
    inputs: str
    report: dict[str, float] = field(default_factory=dict)
    refused: str = ""


def models_folder() -> Path:
    var = Path(os.environ.get("CIVICDESK_VAR", "var"))
    return (var if var.is_absolute() else ROOT / var) / "models"


def read_current(folder: Path) -> Current | None:
    """Returns the content of current.json, None if it is missing or damaged (training repairs it)."""
    try:
        return Current(**json.loads((folder / "current.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_current(folder: Path, current: Current) -> None:
    """Write it atomically."""
    draft = folder / f".current.{os.getpid()}"
    draft.write_text(json.dumps(asdict(current), indent=1), encoding="utf-8")
    draft.replace(folder / "current.json")


def verified_model(folder: Path) -> tuple[Path, str]:
    """Returns the model to load and its sha256. Raises ModelError unless it is exactly the one we trained."""
    current = read_current(folder)
    if current is None:
        raise ModelError(f"There is no model in {folder}; run `python -m bot.train` first.")
    path = folder / current.model
    if path.parent != folder or not path.is_file():
        raise ModelError(f"The model {current.model} is not in {folder}; run `python -m bot.train` again.")
    if file_hash(path) != current.sha256:
        raise ModelError(
            f"The model {path} is not the one that was trained here: its SHA-256 differs from the recorded one. It was not loaded."
        )
    return path, current.sha256


def file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def inputs_hash() -> str:
    """A hash of everything that the model is trained from.

    Of city.yml only the fields in LEARNED count. Its other fields, the services and the streets are read when the bot starts: a new
    telephone number or street needs no training.
    """
    project = load_project()
    digest = hashlib.sha256()
    for path in sorted(set(_inputs(project))):
        name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()
        digest.update(f"{name} {file_hash(path)}\n".encode())
    digest.update(json.dumps({field: getattr(project, field) for field in LEARNED}).encode())
    return digest.hexdigest()


def code_hash() -> str:
    """A hash of what a model is trained from besides the answers: a model of another release does not fit."""
    project = load_project()
    named = {
        path.relative_to(project.content if path.is_relative_to(project.content) else ROOT).as_posix(): path
        for path in set(_inputs(project))
        if path.parent != project.content / "answers"
    }
    digest = hashlib.sha256()
    for name, path in sorted(named.items()):
        digest.update(f"{name} {file_hash(path)}\n".encode())
    digest.update(json.dumps({field: getattr(project, field) for field in LEARNED}).encode())
    return digest.hexdigest()


def _inputs(project: Project) -> Iterator[Path]:
    named = ("config.yml", "domain.yml", "requirements/bot.txt")
    yield from (path for path in (ROOT / name for name in named) if path.is_file())
    for folder in ("answers", "dialogue", "lookups"):
        yield from (project.content / folder).glob("*.yml")
    for pattern in ("domain/**/*.yml", "data/**/*.yml", "bot/**/*.py"):
        yield from ROOT.glob(pattern)
