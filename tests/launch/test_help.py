"""`python -m launch --help` prints what can be set, and starts nothing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from launch.__main__ import SETTINGS, main


def test_help_is_printed_and_nothing_is_started(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "launch", "--help"],
        env={"PYTHONPATH": str(Path.cwd()), "CIVICDESK_DATA": str(tmp_path), "PATH": ""},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("usage: python -m launch") and SETTINGS.strip() in done.stdout
    assert not list(tmp_path.iterdir())


def test_an_unknown_argument_starts_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--port", "80"])
    assert ended.value.code == 2 and "unrecognized arguments" in capsys.readouterr().err


def test_what_the_help_names_is_read() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path("launch").glob("*.py")]
    code = "".join(sources).replace(SETTINGS, "")
    for name in re.findall(r"\b(?:CIVICDESK_[A-Z_]+|[A-Z]+_URL)\b", SETTINGS):
        assert f'"{name}"' in code, name
