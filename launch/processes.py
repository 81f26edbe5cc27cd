"""Runs the Procfile with honcho, and names the process that stopped first in a sentence.

Processes that can wait for their engines start at once, the rest once the engines are ready.
"""

import os
import re
import shlex
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile
from honcho.printer import Printer

# A process finishes or releases its work within 15 seconds of SIGTERM; honcho's default is to wait 5.
honcho.manager.KILL_WAIT = 20

AT_ONCE = ("gateway",)  # it shows the page without any engine and waits for them itself
_STOPPED = re.compile(r"(\w+) stopped \(rc=(-?\d+)\)")
_STARTED = re.compile(r"\w+ started \(pid=\d+\)")


class NamingPrinter(Printer):  # type: ignore[misc]  # honcho ships no types
    """honcho's printer, which also records which process stopped first and whether on request, and reports
    when all run."""

    first_stopped: tuple[str, int] | None = None
    asked = False
    started = 0

    def __init__(self, processes: int, all_started: Callable[[], None]) -> None:
        super().__init__(sys.stdout)
        self._processes = processes
        self._all_started = all_started

    def write(self, message: honcho.manager.Message) -> None:
        text = message.data if isinstance(message.data, str) else message.data.decode(errors="replace")
        if message.name == honcho.manager.SYSTEM_PRINTER_NAME:
            if " received" in text and self.first_stopped is None:
                self.asked = True
            found = _STOPPED.match(text)
            if found and self.first_stopped is None:
                self.first_stopped = (found[1], int(found[2]))
            if _STARTED.match(text):
                self.started += 1
                if self.started == self._processes:
                    self._all_started()
        super().write(message)


def run_processes(
    procfile: Path,
    environ: Mapping[str, str],
    prepare: Callable[[Callable[[], None]], None],
    own: Mapping[str, Mapping[str, str]] | None = None,
) -> int:
    """Start every process of the Procfile and wait. Returns 0 after Ctrl-C or SIGTERM, else 1.

    `own` holds variables of single processes, by name; they take precedence over `environ`.
    `prepare` runs at the same time in a thread; processes not in AT_ONCE wait until it calls its argument.
    Raises what `prepare` raised, once all have stopped.
    """
    failures: list[Exception] = []

    def prepared() -> None:
        try:
            prepare(barrier.open)
        except Exception as error:
            # Whatever it was: the others would never start, and the gateway alone would wait forever.
            failures.append(error)
            manager.terminate()

    # After the last fork: a thread's locks do not survive one. And by then `terminate` knows every process.
    processes = parse_procfile(procfile.read_text()).processes
    thread = threading.Thread(target=prepared, daemon=True)
    printer = NamingPrinter(len(processes), thread.start)
    manager = honcho.manager.Manager(printer)
    with _StartBarrier() as barrier:
        for name, command in processes.items():
            line = command if name in AT_ONCE else f"{barrier.wait} && {command}"
            manager.add_process(name, line, env={**environ, **(own or {}).get(name, {})})
        manager.loop()
    if printer.asked:
        return 0
    if failures:
        raise failures[0]
    if printer.first_stopped is None:
        return 0
    name, code = printer.first_stopped
    print(
        f"The {name} process stopped (exit code {code}), so Civicdesk stopped too. Its last lines above say why. "
        "Every message received is kept; start again with: make run",
        file=sys.stderr,
    )
    return 1


class _StartBarrier:
    """A start barrier made of a named pipe: a shell that opens it for reading blocks until someone opens it
    for writing."""

    def __enter__(self) -> "_StartBarrier":
        self._folder = tempfile.TemporaryDirectory(prefix="civicdesk-")
        self._path = Path(self._folder.name) / "barrier"
        os.mkfifo(self._path, 0o600)
        self._descriptor: int | None = None
        self.wait = f": < {shlex.quote(str(self._path))}"
        return self

    def open(self) -> None:
        # Read and write, so that this does not wait for a reader; and kept open, for a reader that comes
        # later.
        self._descriptor = os.open(self._path, os.O_RDWR)

    def __exit__(self, *_: object) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._folder.cleanup()
