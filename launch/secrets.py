"""Generates secrets for a machine that has none: created once, in files that only the owner can read."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

NAMES = (
    "CIVICDESK_SECRET",
    "CIVICDESK_BOT_SECRET",
    "CIVICDESK_ACTIONS_SECRET",
    "CIVICDESK_OPEN311_KEY",
    "CIVICDESK_DEMO_PASSWORD",
)


def secret_files(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """`X_FILE` for each secret X that the environment provides neither as X nor as X_FILE."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    given = {}
    for name in NAMES:
        if environ.get(name) or environ.get(f"{name}_FILE"):
            continue
        path = folder / name.lower()
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(12 if name.endswith("PASSWORD") else 32))
        given[f"{name}_FILE"] = str(path.absolute())
    return given


def _write_once(path: Path, value: str) -> None:
    # Complete or absent: a half-written secret would lock everyone out permanently.
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(value)
    new.rename(path)
