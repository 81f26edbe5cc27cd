"""Process: one of the product's, to be started, killed and asked to stop."""

import asyncio
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Process:
    """One process of the product. `ready` is the address that answers 200 when it serves, if it has one."""

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
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it (again)."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    async def terminate(self) -> tuple[float, int]:
        """SIGTERM; seconds until it ended, and its exit code. Killed after 30."""
        assert self._process is not None
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        while self._process.poll() is None and time.monotonic() - began < 30:
            await asyncio.sleep(0.02)
        took = time.monotonic() - began
        self.kill()
        return took, self._process.returncode
