"""Processes of a benchmark: started with their log in a file, always stopped."""

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path


class BenchError(Exception):
    """One sentence: what could not be measured, and where it says why."""


def free_port(start: int) -> int:
    """The first free port from `start` on."""
    for port in range(start, start + 100):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise BenchError(f"No port from {start} to {start + 99} is free. Stop what uses them and run this again.")


@contextlib.contextmanager
def process(
    name: str, command: list[str], environ: Mapping[str, str], log: Path, cwd: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` for the length of the block; SIGTERM at its end, SIGKILL 20 seconds later."""
    with log.open("wb") as file:
        started = subprocess.Popen(command, env=dict(environ), stdout=file, stderr=file, cwd=cwd)
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()
            print(f"The {name} process had to be killed; {log} may say why.")


def wait_for(url: str, running: Mapping[str, subprocess.Popen[bytes]], logs: Path, patience: float) -> None:
    """Wait until `url` answers 200. Raises BenchError when a process ended or `patience` seconds are over."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            pass
        for name, one in running.items():
            if one.poll() is not None:
                raise BenchError(f"The {name} process ended (exit code {one.returncode}); {logs} says why.")
        if time.monotonic() > deadline:
            raise BenchError(f"{url} did not answer within {patience:.0f} seconds; {logs} says why.")
        time.sleep(0.2)
