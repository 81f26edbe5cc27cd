"""Composition roots of the bench: the product's gateway and worker with one more channel and a clock that can be shifted.

`python -m bench.fault.roots gateway` and `… worker`. Everything else is the product's own code.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.fault.peers.channel import CourierChannel
from channels.registry import CHANNELS, ChannelSetup
from desk import worker
from gateway import __main__ as gateway


def main(role: str) -> int:
    """Run the process. Returns its exit code."""
    environ = os.environ

    def courier(_: ChannelSetup) -> CourierChannel:
        return CourierChannel(
            environ["COURIER_URL"], environ.get("COURIER_SECRET", ""), environ.get("COURIER_TOKEN", "")
        )

    channels = {**CHANNELS, "courier": courier}
    clock = _Clock(Path(environ["COURIER_CLOCK"]))
    return (gateway.main if role == "gateway" else worker.main)(channels, clock.now)


class _Clock:
    """The present time, shifted by the number of seconds in the file."""

    def __init__(self, wrong: Path) -> None:
        self._wrong = wrong

    def now(self) -> datetime:
        """The shifted time."""
        try:
            seconds = float(self._wrong.read_text() or 0)
        except (OSError, ValueError):
            seconds = 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
