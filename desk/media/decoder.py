"""Passes pictures to a resource-limited child process, one at a time, and replaces the process when it
dies. A picture decoder is the code that strangers attack first. In a process of its own it can reach
neither the gateway's memory nor its secrets (none are in its environment), and it does not block an event
loop.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import msgspec
import structlog

from desk.media.photos import SENTENCES, BadPhoto, Fit
from desk.media.waiting_line import Busy, WaitingLine

log = structlog.get_logger("media")

SECONDS = 40.0  # for one picture, whatever the process does; the kernel allows it 15 of CPU time
IDLE = 60.0  # seconds after which an idle process is ended
JOBS = 200  # after which a process is replaced
LINE_BYTES = 4_096
BUSY_SECONDS = 10.0  # after which a person may try again
CONTENT_TYPES = ("image/jpeg", "image/png")


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    content_type: str | None = None
    refused: str | None = None


class PhotoDecoder:
    """Starts its process when the first picture arrives. Call `close` at the end."""

    def __init__(self, line: WaitingLine | None = None, *, idle: float = IDLE) -> None:
        self._line = line or WaitingLine()
        self._idle = idle
        self._child: asyncio.subprocess.Process | None = None
        self._jobs = 0
        self._ending: asyncio.TimerHandle | None = None

    @property
    def process_id(self) -> int | None:
        """The child process's id, while there is one."""
        return self._child.pid if self._child is not None else None

    async def decode(self, source: Path, target: Path, fit: Fit, who: str) -> str:
        """Write the picture in `source`, re-encoded, to `target`; returns its content type. `who` is the
        sender, for fairness. Raises BadPhoto."""
        try:
            async with self._line.turn(who):
                return await self._decode(source, target, fit)
        except Busy:
            raise BadPhoto("photo_busy", retry_after=BUSY_SECONDS) from None

    async def close(self) -> None:
        """End the process."""
        await self._end()

    async def _decode(self, source: Path, target: Path, fit: Fit) -> str:
        job = {"source": str(source), "target": str(target), "longest": fit.longest, "most": fit.most}
        if self._ending is not None:
            self._ending.cancel()
        try:
            if self._jobs >= JOBS:
                await self._end()
            child = await self._started()
            async with asyncio.timeout(SECONDS):
                answer = await _ask(child, json.dumps(job).encode() + b"\n")
        except (OSError, ValueError, TimeoutError) as error:
            code = await self._end()
            log.warning("photo_process_died", error=type(error).__name__, code=code)
            raise BadPhoto("photo_damaged") from None
        except BaseException:
            # The caller was cancelled: its work must not continue.
            await asyncio.shield(self._end())
            raise
        self._jobs += 1
        self._ending = asyncio.get_running_loop().call_later(self._idle, self._end_idle)
        if answer.content_type in CONTENT_TYPES:
            return str(answer.content_type)
        raise BadPhoto(answer.refused if answer.refused in SENTENCES else "photo_damaged")

    async def _started(self) -> asyncio.subprocess.Process:
        if self._child is None or self._child.returncode is not None:
            self._jobs = 0
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "desk.media.decoding"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=LINE_BYTES,
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
            )
            log.info("photo_process_started", process=self._child.pid)
        return self._child

    async def _end(self) -> int | None:
        child, self._child = self._child, None
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if child is None:
            return None
        if child.returncode is None:
            child.kill()
        code = await child.wait()
        # Nothing else would close a pipe that is still open.
        transport: Any = getattr(child, "_transport", None)
        if transport is not None:
            transport.close()
        return code

    def _end_idle(self) -> None:
        # The process exits at the end of its input; there is nothing to wait for.
        child, self._child = self._child, None
        if child is not None and child.stdin is not None:
            child.stdin.close()


async def _ask(child: asyncio.subprocess.Process, line: bytes) -> _Answer:
    """Raises OSError if the process has died, ValueError if it answers in any other form than ours."""
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write(line)
    await child.stdin.drain()
    answer = await child.stdout.readline()
    if not answer.endswith(b"\n"):
        raise ConnectionResetError
    return msgspec.json.decode(answer, type=_Answer)
