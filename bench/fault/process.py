"""A process of the product that the bench can start, kill and stop."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Process:
    """One process of the product. `ready` is the URL that answers 200 once it is ready, if it has one."""

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], log: Path, ready: str = ""
    ) -> None:
        self.name = name
        self.ready = ready
        self.environ = dict(environ)
        self.expected_down = False
        self._command = list(command)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        """Whether it is running."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start or restart it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def terminate(self) -> tuple[float, int]:
        """Stop it with SIGTERM, after 30 seconds with SIGKILL. Returns the seconds until it ended, and its exit code."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        while self._process.poll() is None and time.monotonic() - began < 30:
            await asyncio.sleep(0.02)
        took = time.monotonic() - began
        self.kill()
        return took, self._process.returncode
