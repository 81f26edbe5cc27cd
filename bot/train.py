"""`python -m bot.train`: train a model if its inputs have changed since the last one."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import io
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.encoders import EncoderError
from bot.model_file import (
    Current,
    ModelError,
    file_hash,
    inputs_hash,
    models_folder,
    read_current,
    write_current,
)
from bot.project import ROOT, ProjectError, load_project
from bot.report.compare import Comparison, compare
from bot.report.evidence import ModelEvidence
from bot.report.full_text import compare_with_search
from bot.report.html import html
from bot.report.text import page


def main(arguments: Sequence[str] = ()) -> int:
    """Exit code 0 when there is a current model, new or kept because the new one is worse, 2 (and one sentence)
    when there cannot be one."""
    parser = argparse.ArgumentParser(prog="python -m bot.train", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "--force", action="store_true", help="train again, and use the new model even if it is worse"
    )
    force = parser.parse_args(arguments).force
    folder = models_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # concurrent set-ups train once
            code = _train(folder, force)
            _show_to_rasa(folder)
            return code
    except (ModelError, ProjectError, EncoderError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"The model cannot be written to {folder}: {error.strerror or error}.", file=sys.stderr)
    return 2


def _train(folder: Path, force: bool) -> int:
    inputs = inputs_hash()
    current = read_current(folder)
    if current and not (folder / current.model).is_file():
        current = None
    if current and inputs in (current.inputs, current.refused) and not force:
        if inputs == current.refused:
            print(
                f"{current.model} stays in use: what these inputs gave was worse (FORCE=1 uses it all the same)."
            )
        else:
            print(f"The model is up to date ({current.model}).")
        return 0
    print("Training the model (about a minute) ...", flush=True)
    began = time.monotonic()
    name = f"civicdesk-{inputs[:12]}.tar.gz"
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        made = _run_rasa(Path(draft), name)
        evidence = ModelEvidence.read(made)
        comparison = _comparison(folder, current, evidence)
        beside = compare_with_search(evidence.examples, load_project())
        text = page(evidence, comparison, time.monotonic() - began, made.stat().st_size, beside)
        print(f"\n{text}\n")
        print(f"The same with plots: {_keep_report(folder, text, evidence, comparison, name)}")
        worse = comparison.worse if comparison else None
        if worse and current and not force:
            write_current(folder, replace(current, refused=inputs))
            print(
                f"{worse} {current.model} stays in use. `make train FORCE=1` uses the new one all the same."
            )
            return 0
        kept = Current(model=name, sha256=file_hash(made), inputs=inputs, report=evidence.figures)
        made.replace(folder / name)
    write_current(folder, kept)
    for old in folder.glob("civicdesk-*.tar.gz"):
        if old.name not in (name, current.model if current else name):
            old.unlink()
    print(f"{name} is in use from the bot's next start.")
    return 0


def _comparison(folder: Path, current: Current | None, evidence: ModelEvidence) -> Comparison | None:
    """None if there is nothing to compare with: the first model, or one without evidence."""
    if current is None:
        return None
    try:
        old = ModelEvidence.read(folder / current.model)
    except ModelError:
        return None
    if old.figures.get("families") != evidence.figures.get("families"):
        print(f"{current.model} was measured on other folds than this one, so the two are not compared.")
        return None
    return compare(old, evidence) if old.examples and evidence.examples else None


def _keep_report(
    folder: Path, text: str, evidence: ModelEvidence, comparison: Comparison | None, name: str
) -> Path:
    path = folder.parent / "reports" / f"{name.removesuffix('.tar.gz')}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html(text, evidence, comparison, name), encoding="utf-8")
    path.with_suffix(".txt").write_text(text + "\n", encoding="utf-8")
    return path


def _show_to_rasa(folder: Path) -> None:
    # `rasa shell` and `rasa test` read models/ in the project's root.
    link = ROOT / "models"
    if folder == ROOT / "var" / "models" and not link.is_symlink() and not link.exists():
        link.symlink_to(folder.relative_to(ROOT), target_is_directory=True)


def _run_rasa(output: Path, name: str) -> Path:
    from bot.rasa_patches.import_stubs import leave_out_the_unused
    from bot.rasa_patches.quiet import hush, read_config

    hush()
    leave_out_the_unused(read_config(), training=True)
    gc.set_threshold(
        100_000, 50, 100
    )  # what is loaded stays until the end, so garbage collection would be wasted
    from rasa.model_training import train
    from rasa.shared.exceptions import RasaException

    from bot.rasa_patches.training import quicken_training

    quicken_training()

    domain = ROOT / "domain.yml"
    if not domain.exists():
        raise ModelError(f"{domain} is missing: the dialogue cannot be trained without it.")
    try:
        with contextlib.redirect_stdout(
            io.StringIO()
        ):  # its output would name the temporary file, not the model
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
