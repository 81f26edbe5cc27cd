"""Resource usage of a process, from Linux's own counters."""

import os
from contextlib import suppress
from pathlib import Path

from bench.support.processes import BenchError

TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int, *, family: bool = False) -> float:
    """User and system time of a process; with `family`, of all its descendants too, including those that have ended."""
    own = _times(pid)
    seconds = sum(own[:4] if family else own[:2]) / TICK
    if family:
        seconds += sum(processor_seconds(child, family=True) for child in _children(pid))
    return seconds


def memory_bytes(pid: int) -> int:
    """Resident memory of the process, with its proportional share of shared pages."""
    for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise BenchError(f"The memory of process {pid} cannot be read.")


def named(pid: int, module: str) -> int:
    """The descendant of this process that runs `python -m module`."""
    for child in _children(pid):
        words = _read(Path(f"/proc/{child}/cmdline")).split("\0")
        if "-m" in words and words[words.index("-m") + 1] == module:
            return child
        with suppress(BenchError):
            return named(child, module)
    raise BenchError(f"No descendant of process {pid} runs {module}.")


def machine() -> str:
    """One line about this machine, printed with every table."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _read(Path("/proc/cpuinfo")).splitlines()
            if line.startswith("model name")
        ),
        "unknown processor",
    )
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {model}; load {load:.1f} when this was printed"


def _times(pid: int) -> tuple[int, int, int, int]:
    fields = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return int(fields[11]), int(fields[12]), int(fields[13]), int(fields[14])


def _children(pid: int) -> list[int]:
    return [int(one) for one in _read(Path(f"/proc/{pid}/task/{pid}/children")).split()]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        raise BenchError(f"{path} cannot be read: this bench needs Linux, and the process alive.") from None
