"""Processes of a benchmark: each logs to a file and is always stopped."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self


class BenchError(Exception):
    """One sentence: what could not be measured, and where the reason can be found."""


def free_port(start: int) -> int:
    """Returns the first free port at or above `start`."""
    for port in range(start, start + 100):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise BenchError(f"No port from {start} to {start + 99} is free. Stop what uses them and run this again.")


class Running:
    """A process that runs during a `with` block: SIGTERM at its end, SIGKILL 20 seconds later. Its output goes to `log`."""

    def __init__(
        self, name: str, command: list[str], environ: Mapping[str, str], log: Path, cwd: Path | None = None
    ) -> None:
        self.name = name
        self._command, self._environ, self._log, self._cwd = command, dict(environ), log, cwd
        self._process: subprocess.Popen[bytes] | None = None
        log.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start or restart it."""
        with self._log.open("ab") as file:
            self._process = subprocess.Popen(
                self._command, env=self._environ, stdout=file, stderr=file, cwd=self._cwd
            )

    def poll(self) -> int | None:
        """Returns its exit code, None while it is running."""
        return self._process.poll() if self._process is not None else None

    def stop(self) -> None:
        """Send SIGTERM and wait."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            print(f"The {self.name} process had to be killed; {self._log} may say why.")


def wait_for(url: str, running: Mapping[str, Running], logs: Path, patience: float) -> None:
    """Wait until `url` answers 200. Raises BenchError if a process ends first or after `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        for name, one in running.items():
            if (code := one.poll()) is not None:
                raise BenchError(f"The {name} process ended (exit code {code}); {logs} says why.")
        if time.monotonic() > deadline:
            raise BenchError(f"{url} did not answer within {patience:.0f} seconds; {logs} says why.")
        time.sleep(0.2)
