"""Finding the bot's Python 3.10: the documented order, shims that lie, and the sentence when none works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch import LaunchError
from launch.interpreters import find_bot_python

ROOT = Path(__file__).parents[2]


def program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def python_at(path: Path) -> Path:
    """A stand-in that answers as a Python 3.10 does when it is asked for its own path."""
    return program(path, f'echo "{path}"')


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A machine with an empty PATH, an empty pyenv and a uv that cannot install anything."""
    program(tmp_path / "uv", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return {"PYENV_ROOT": str(tmp_path / "pyenv")}


def test_the_named_interpreter_wins(machine: dict[str, str], tmp_path: Path) -> None:
    python_at(tmp_path / "bin" / "python3.10")
    named = python_at(tmp_path / "mine")
    assert find_bot_python({**machine, "BOT_PYTHON": str(named)}, tmp_path / "uv") == named


def test_a_named_interpreter_that_does_not_run_is_an_error_not_a_hint(
    machine: dict[str, str], tmp_path: Path
) -> None:
    python_at(tmp_path / "bin" / "python3.10")
    with pytest.raises(LaunchError, match="BOT_PYTHON is /nowhere"):
        find_bot_python({**machine, "BOT_PYTHON": "/nowhere"}, tmp_path / "uv")


def test_a_named_interpreter_of_another_version_is_refused(machine: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"not a Python 3\.10"):
        find_bot_python({**machine, "BOT_PYTHON": sys.executable}, tmp_path / "uv")


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own(machine: dict[str, str], tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.10", 'echo "pyenv: python3.10: command not found" >&2; exit 127')
    installed = python_at(tmp_path / "pyenv" / "versions" / "3.10.13" / "bin" / "python3.10")
    assert find_bot_python(machine, tmp_path / "uv") == installed


def test_uv_installs_one_where_there_is_none(machine: dict[str, str], tmp_path: Path) -> None:
    managed = python_at(tmp_path / "managed")
    program(tmp_path / "uv", f'[ "$2" = find ] && echo "{managed}"; exit 0')
    assert find_bot_python(machine, tmp_path / "uv") == managed


def test_none_at_all_is_one_sentence_that_says_what_to_do(machine: dict[str, str], tmp_path: Path) -> None:
    environ = {**os.environ, **machine, "PYTHONPATH": str(ROOT), "PATH": str(tmp_path / "bin")}
    (tmp_path / "var" / "tools").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "launch.interpreters"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "set BOT_PYTHON to its path" in done.stderr
    assert "Traceback" not in done.stderr


def test_bootstrap_without_a_python_is_one_sentence(tmp_path: Path) -> None:
    copy = tmp_path / "launch"
    copy.mkdir()
    script = copy / "bootstrap.sh"
    script.write_text((ROOT / "launch" / "bootstrap.sh").read_text())
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "tools.txt").write_text("uv==0\n")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("dirname", "cmp"):
        (tools / name).symlink_to(f"/usr/bin/{name}")
    program(tools / "python3", "exit 1")
    done = subprocess.run(
        ["/bin/sh", str(script)], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Civicdesk needs Python 3.11 or newer and found none.")
