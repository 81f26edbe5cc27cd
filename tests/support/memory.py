"""How much memory a process took at its peak, as the kernel counted it."""

from pathlib import Path

MB = 1_048_576


def peak(process: int | str = "self") -> int:
    """The most resident memory of this process since its start or the last `forget_peak`, in bytes."""
    return _kilobytes(process, "VmHWM") * 1_024


def resident(process: int | str = "self") -> int:
    """The resident memory of this process now, in bytes."""
    return _kilobytes(process, "VmRSS") * 1_024


def forget_peak(process: int | str = "self") -> None:
    """The peak begins anew, at what the process holds now."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


def children(parent: int | str = "self", running: str = "") -> list[int]:
    """The child processes of all threads of `parent` with `running` in their command line."""
    threads = Path(f"/proc/{parent}/task").glob("*/children")
    found = [int(child) for thread in threads for child in thread.read_text().split()]
    return [one for one in found if running.encode() in Path(f"/proc/{one}/cmdline").read_bytes()]


def _kilobytes(process: int | str, name: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise AssertionError(f"{process} has no {name}: it ended")
