"""Finds a Python 3.10 for the bot process: Rasa 3.6 runs on nothing newer."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from launch import LaunchError

NONE_FOUND = (
    "The bot process needs Python 3.10 (Rasa 3.6 runs on nothing newer) and none was found. "
    "Install one (for example 'uv python install 3.10' or pyenv), or set BOT_PYTHON to its path, and run make again."
)


def find_bot_python(environ: Mapping[str, str], uv: Path) -> Path:
    """The first Python 3.10 that really runs, in the documented order. Raises LaunchError with a sentence."""
    named = environ.get("BOT_PYTHON")
    if named:
        found = _runs(named)
        if found is None:
            raise LaunchError(
                f"BOT_PYTHON is {named}, which is not a Python 3.10 that runs. Correct it, or unset it to search for one."
            )
        return found
    for candidate in _candidates(environ):
        found = _runs(str(candidate))
        if found is not None:
            return found
    found = _installed_by_uv(uv)
    if found is None:
        raise LaunchError(NONE_FOUND)
    return found


def _candidates(environ: Mapping[str, str]) -> Iterator[str | Path]:
    yield "python3.10"
    pyenv = Path(environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob("versions/3.10.*/bin/python3.10"), reverse=True)


def _runs(python: str) -> Path | None:
    """The real path of this interpreter, if it is 3.10 and runs. A pyenv shim may exist and still fail."""
    code = "import sys; assert sys.version_info[:2] == (3, 10); print(sys.executable)"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def _installed_by_uv(uv: Path) -> Path | None:
    try:
        subprocess.run([uv, "python", "install", "3.10"], capture_output=True, timeout=300, check=True)
        found = subprocess.run(
            [uv, "python", "find", "--managed-python", "3.10"],
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return _runs(found.stdout.strip())


if __name__ == "__main__":
    try:
        print(find_bot_python(os.environ, Path("var/tools/uv").absolute()))
    except LaunchError as error:
        sys.exit(str(error))
