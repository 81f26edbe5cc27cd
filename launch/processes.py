"""Run the Procfile: honcho does the work; who stopped first is named in a sentence."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile
from honcho.printer import Printer

# A process finishes or releases its work within 15 seconds of SIGTERM; honcho's own patience is 5.
honcho.manager.KILL_WAIT = 20

_STOPPED = re.compile(r"(\w+) stopped \(rc=(-?\d+)\)")


class NamingPrinter(Printer):  # type: ignore[misc]  # honcho ships no types
    """honcho's printer, which also remembers who stopped first and whether it was asked to."""

    first_stopped: tuple[str, int] | None = None
    asked = False

    def write(self, message: honcho.manager.Message) -> None:
        text = message.data if isinstance(message.data, str) else message.data.decode(errors="replace")
        if message.name == honcho.manager.SYSTEM_PRINTER_NAME:
            if " received" in text and self.first_stopped is None:
                self.asked = True
            found = _STOPPED.match(text)
            if found and self.first_stopped is None:
                self.first_stopped = (found[1], int(found[2]))
        super().write(message)


def run_processes(procfile: Path, environ: Mapping[str, str]) -> int:
    """Start every process of the Procfile and wait. Returns 0 after Ctrl-C or SIGTERM, else 1."""
    printer = NamingPrinter(sys.stdout)
    manager = honcho.manager.Manager(printer)
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        manager.add_process(name, command, env=dict(environ))
    manager.loop()
    if printer.asked or printer.first_stopped is None:
        return 0
    name, code = printer.first_stopped
    print(
        f"The {name} process stopped (exit code {code}), so Civicdesk stopped too. Its last lines above say why. "
        "Every message received is kept; start again with: make run",
        file=sys.stderr,
    )
    return 1
