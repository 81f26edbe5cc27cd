"""Secrets are made once, readable by the owner alone, and never replace one that was given."""

import stat
from pathlib import Path

from launch.secrets import NAMES, secret_files


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = {name: Path(path).read_text() for name, path in secret_files(tmp_path / "secrets", {}).items()}
    second = {name: Path(path).read_text() for name, path in secret_files(tmp_path / "secrets", {}).items()}
    assert first == second
    assert set(first) == {f"{name}_FILE" for name in NAMES}
    assert len(set(first.values())) == len(NAMES)


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    for path in secret_files(tmp_path / "secrets", {}).values():
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600


def test_a_secret_that_was_given_is_left_alone(tmp_path: Path) -> None:
    files = secret_files(
        tmp_path / "secrets", {"CIVICDESK_SECRET": "given", "CIVICDESK_BOT_SECRET_FILE": "/elsewhere"}
    )
    assert "CIVICDESK_SECRET_FILE" not in files
    assert "CIVICDESK_BOT_SECRET_FILE" not in files
