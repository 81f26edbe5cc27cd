"""`python -m bot.lint`: what is wrong with the training examples. Exit code 1 if anything is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot.lint.allowed import Allowed
from bot.lint.embeddings import embed
from bot.lint.examples import read_dangers, read_examples
from bot.lint.findings import find
from bot.lint.held_out import held_out
from bot.project import ROOT, ProjectError, load_project
from bot.understanding.text import Normaliser


def main() -> int:
    try:
        examples = read_examples(ROOT / "data" / "nlu")
        allowed = Allowed.read(Path(__file__).with_name("allowed.yml"))
        spoken = sorted({example.language for example in examples})
        kept = Path(os.environ.get("CIVICDESK_VAR", ROOT / "var")) / "lint" / "embeddings.npz"
        normalise = Normaliser(load_project().reference_patterns)
        rows = embed([example.text for example in examples], normalise, kept)
        dangers = read_dangers(ROOT / "data" / "danger")
        found = find(examples, rows, held_out(ROOT), spoken, allowed, dangers)
    except ProjectError as error:
        print(error, file=sys.stderr)
        return 2
    for finding in found:
        print(f"{finding.kind}: {finding.text}")
    for sentence in allowed.idle():
        print(f"note: {sentence}")
    print(f"{len(examples)} examples, {len(found)} findings.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
