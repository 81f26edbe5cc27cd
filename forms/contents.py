"""What a file of a form contains, as it arrives: in memory, or in a folder where it may be large and of anybody.

A client chooses how many bytes come at once. They are put together, or 25 MB in pieces of 70 bytes would take 75 MB.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

TOGETHER = 65_536


class Contents(Protocol):
    """Bytes in the order in which they were added; they can be read again and again."""

    @property
    def size(self) -> int:
        """How many there are."""
        ...

    def add(self, data: bytes | bytearray) -> None:
        """Add these. Raises OSError where no more can be kept."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """All of them, a few at a time."""
        ...


class InMemory:
    """For small files, and for files of those who are signed in."""

    def __init__(self) -> None:
        self._full: list[bytes] = []
        self._last = bytearray()
        self.size = 0

    def add(self, data: bytes | bytearray) -> None:
        """Add these."""
        self.size += len(data)
        self._last += data
        if len(self._last) >= TOGETHER:
            self._full.append(bytes(self._last))
            self._last.clear()

    def __iter__(self) -> Iterator[bytes]:
        yield from self._full
        if self._last:
            yield bytes(self._last)


class OnDisk:
    """A file without a name in this folder: its space is free again once nobody holds it, also after a crash."""

    def __init__(self, folder: Path) -> None:
        self._file = -1
        self._file, name = tempfile.mkstemp(dir=folder)
        os.unlink(name)
        self._last = bytearray()
        self.size = 0

    def add(self, data: bytes | bytearray) -> None:
        """Add these. Raises OSError if the disk is full."""
        self.size += len(data)
        self._last += data
        if len(self._last) >= TOGETHER:
            self._write()

    def __iter__(self) -> Iterator[bytes]:
        self._write()
        place = 0
        while data := os.pread(self._file, TOGETHER, place):
            place += len(data)
            yield data

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def _write(self) -> None:
        while self._last:
            del self._last[: os.write(self._file, self._last)]
