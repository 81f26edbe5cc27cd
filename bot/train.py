"""`python -m bot.train`: train a model if anything it is made from changed since the last one."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from bot.model_file import (
    Current,
    ModelError,
    file_hash,
    inputs_hash,
    models_folder,
    read_current,
    write_current,
)
from bot.project import ROOT, ProjectError


def main() -> int:
    """Exit code 0 when there is a current model, 2 (and one sentence) when there cannot be one."""
    folder = models_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two set-ups at once train once
            code = _train(folder)
            _show_to_rasa(folder)
            return code
    except (ModelError, ProjectError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"The model cannot be written to {folder}: {error.strerror or error}.", file=sys.stderr)
    return 2


def _train(folder: Path) -> int:
    inputs = inputs_hash()
    current = read_current(folder)
    if current and current.inputs == inputs and (folder / current.model).is_file():
        print(f"The model is up to date ({current.model}).")
        return 0
    print("Training the model (about a minute) ...", flush=True)
    began = time.monotonic()
    name = f"civicdesk-{inputs[:12]}.tar.gz"
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        made = _run_rasa(Path(draft), name)
        report = _report(made)
        kept = Current(model=name, sha256=file_hash(made), inputs=inputs, report=report)
        made.replace(folder / name)
    write_current(folder, kept)
    for old in folder.glob("civicdesk-*.tar.gz"):
        if old.name not in (name, current.model if current else name):
            old.unlink()
    took = time.monotonic() - began
    if report:
        print(
            f"Trained {name} in {took:.0f} s: {report['intents']:.0f} intents, {report['examples']:.0f} examples, "
            f"{report['accuracy']:.1%} right on examples it had not seen."
        )
    else:
        print(f"Trained {name} in {took:.0f} s.")
    return 0


def _show_to_rasa(folder: Path) -> None:
    # `rasa shell` and `rasa test` look for models/ at the root.
    link = ROOT / "models"
    if folder == ROOT / "var" / "models" and not link.is_symlink() and not link.exists():
        link.symlink_to(folder.relative_to(ROOT), target_is_directory=True)


def _run_rasa(output: Path, name: str) -> Path:
    from bot.quiet import hush

    hush()
    from rasa.model_training import train
    from rasa.shared.exceptions import RasaException

    domain = ROOT / "domain.yml"
    if not domain.exists():
        raise ModelError(f"{domain} is missing: the dialogue cannot be trained without it.")
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it would name the draft, not the model
            result = train(
                domain=str(domain),
                config=str(ROOT / "config.yml"),
                training_files=[str(ROOT / "data")],
                output=str(output),
                fixed_model_name=name.removesuffix(".tar.gz"),
                force_training=True,
            )
    except RasaException as error:
        raise ModelError(f"The model cannot be trained: {' '.join(str(error).split())}") from error
    if result.code or not result.model:
        raise ModelError("The model cannot be trained; `rasa data validate` says what is wrong.")
    return Path(result.model)


def _report(model: Path) -> dict[str, float]:
    """What the classifier measured on examples it had not seen, from inside the model."""
    with tarfile.open(model) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith("/head.json") else None
            if file:
                return dict(json.load(file)["report"])
    return {}


if __name__ == "__main__":
    sys.exit(main())
