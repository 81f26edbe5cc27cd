"""The coverage report names what no test reaches. coverage.py measures a real process here."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from launch import coverage

PROGRAM = "import desk.called, desk.imported; desk.called.work()"


def test_modules_that_nothing_reaches_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "desk").mkdir()
    for name in ("called", "imported", "alone", "empty"):
        (tmp_path / "desk" / f"{name}.py").write_text(
            "" if name == "empty" else "def work():\n    return 1\n"
        )
    monkeypatch.chdir(tmp_path)
    environ = {**os.environ, "PYTHONPATH": str(tmp_path), **coverage.environment()}
    # In another folder, as the processes of some tests are.
    (tmp_path / "elsewhere").mkdir()
    subprocess.run([sys.executable, "-c", PROGRAM], env=environ, cwd=tmp_path / "elsewhere", check=True)
    text = coverage.report()
    assert "desk        50.0 % of 6 statements" in text
    assert "Imported by no test: 1\n  desk.alone\n" in text
    assert text.endswith("Imported, but no test calls a function of: 1\n  desk.imported")


def test_no_package_is_left_out_of_what_is_measured_and_checked() -> None:
    top = Path(__file__).parents[2]
    packages = {path.parent.name for path in top.glob("*/*.py")} - {"docs", "tests"}
    assert set(coverage.PACKAGES) == packages
    settings = tomllib.loads((top / "pyproject.toml").read_text("utf-8"))["tool"]
    # The bot's types have a file of their own, and nothing imports what `deploy` runs once.
    assert {*settings["mypy"]["packages"], "bot"} == packages | {"tests"}
    assert {*settings["importlinter"]["root_packages"], "deploy"} == packages


def test_a_run_begins_without_the_data_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    coverage.environment()
    (coverage.FOLDER / "data.old").write_text(json.dumps({}))
    coverage.environment()
    assert [path.name for path in coverage.FOLDER.iterdir()] == ["config.ini"]
