"""Reads mails in a child process with time and memory limits, so that no mail can stop the worker or exhaust
its memory.

One child serves all mailboxes of a process, one mail at a time. It is started for the first mail, kept for
the next ones (a start takes as long as reading 400 ordinary mails), and ended after some idle time. A child
that died, took too long or requested too much memory is replaced. Its answer is JSON of known types, never an
object.
"""

import asyncio
import os
import signal
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from channels.errors import MalformedPayload, RetryLater
from channels.mail.reading.limits import IMAGE_BYTES, MEBIBYTE, Unreadable
from channels.mail.reading.mail import Mail
from channels.mail.reading.process import READY

log = structlog.get_logger("email")

ROOT = Path(__file__).parents[2]
MODULE = "channels.mail.reading.process"
LONGEST_ANSWER = IMAGE_BYTES + MEBIBYTE  # bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one mail: `cpu_seconds` of processor time, `deadline` and `idle` in seconds, `memory` in
    bytes of address space.

    The largest mail takes about a second and 110 MB; together with the worker that fits into a 512 MB
    container.
    """

    cpu_seconds: int = 5
    deadline: float = 30.0  # allows for a busy machine
    memory: int = 160 * MEBIBYTE
    idle: float = 60.0


class MailPieces(Protocol):
    """The bytes of a mail, in pieces. `cut` is valid after the last: the mail is longer than the pieces."""

    cut: bool

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class TooCostly(Exception):
    """Reading the mail hit a limit, and would hit it again."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(reason)
        self.reason: Unreadable = reason


class ReaderDied(Exception):
    """The child ended, failed, or did not answer in time: possibly because of this mail."""


class MailReader:
    """Created once per process, and closed with it. Starts nothing before the first mail."""

    def __init__(self, limits: Limits = Limits(), module: str = MODULE) -> None:
        self._limits = limits
        self._module = module
        self._lock = asyncio.Lock()
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._reaping: set[asyncio.Task[None]] = set()

    async def read(self, pieces: MailPieces, own: str = "") -> Mail:
        """The mail; `own` is the inbox's address (`read_mail`). Raises TooCostly, ReaderDied, MalformedPayload if it is not a mail, RetryLater if no
        child can be started, and what `pieces` raises."""
        answer, content = await self._ask(f"mail {own}".strip(), pieces)
        if answer == "no mail":
            raise MalformedPayload("this is no mail")
        if answer != "mail":
            raise ReaderDied(f"it answered '{answer[:20]}'")
        try:
            return msgspec.json.decode(content, type=Mail)
        except msgspec.DecodeError:
            raise ReaderDied("its answer is no mail") from None

    async def image(self, pieces: MailPieces, number: int) -> bytes | None:
        """The bytes of one picture in a mail, None if there is no such picture. Raises what `read` raises."""
        answer, content = await self._ask(f"image {number}", pieces)
        return content if answer == "image" else None

    async def close(self) -> None:
        """End the child."""
        async with self._lock:
            self._end()
        if self._reaping:
            await asyncio.wait(self._reaping)

    async def _ask(self, task: str, pieces: MailPieces) -> tuple[str, bytes]:
        async with self._lock:
            if self._ending is not None:
                self._ending.cancel()
            process = self._process
            if process is None or process.returncode is not None:
                process = await self._start()
            try:
                answer, content = await self._exchange(process, task, pieces)
            except BaseException:
                self._end()  # half a request, or half an answer, is in transit
                raise
            if answer in ("memory", "broke"):
                self._end()
            else:
                self._ending = asyncio.get_running_loop().call_later(self._limits.idle, self._end)
        if answer == "memory":
            raise TooCostly("memory")
        if answer == "broke":
            raise ReaderDied(content[:200].decode("utf-8", "replace"))
        return answer, content

    async def _exchange(self, process: Process, task: str, pieces: MailPieces) -> tuple[str, bytes]:
        assert process.stdin is not None and process.stdout is not None
        try:
            await self._send(process.stdin, task.encode("ascii"))
            async for piece in pieces:
                if piece:
                    await self._send(process.stdin, piece)
            await self._send(process.stdin, b"")
            await self._send(process.stdin, b"cut" if pieces.cut else b"whole")
            async with asyncio.timeout(self._limits.deadline):
                answer = await self._receive(process.stdout)
                return answer.decode("ascii", "replace"), await self._receive(process.stdout)
        except TimeoutError:
            raise ReaderDied(f"no answer within {self._limits.deadline:g} s") from None
        except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.deadline):
                    await process.wait()
            if process.returncode == -signal.SIGXCPU:
                raise TooCostly("time") from None
            raise ReaderDied(f"it ended with {process.returncode}") from None

    async def _send(self, stdin: asyncio.StreamWriter, frame: bytes) -> None:
        stdin.write(struct.pack(">I", len(frame)))
        stdin.write(frame)
        async with asyncio.timeout(self._limits.deadline):
            await stdin.drain()

    async def _receive(self, stdout: asyncio.StreamReader) -> bytes:
        (length,) = struct.unpack(">I", await stdout.readexactly(4))
        if length > LONGEST_ANSWER:
            raise ReaderDied("its answer is too long")
        return await stdout.readexactly(length)

    async def _start(self) -> Process:
        # Its environment has nothing of ours: it does not need any secret.
        environment = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
        if "LD_LIBRARY_PATH" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        try:
            process = self._process = await asyncio.create_subprocess_exec(
                *(
                    sys.executable,
                    "-m",
                    self._module,
                    str(self._limits.cpu_seconds),
                    str(self._limits.memory),
                ),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=environment,
                start_new_session=True,  # Ctrl-C goes only to the worker, which ends the child
                limit=2 * MEBIBYTE,
            )
            assert process.stdout is not None
            async with asyncio.timeout(self._limits.deadline):
                ready = await self._receive(process.stdout)
        except (OSError, asyncio.IncompleteReadError, ReaderDied) as error:
            self._end()
            raise RetryLater(f"the mail reader cannot be started ({type(error).__name__})") from None
        except BaseException:
            self._end()
            raise
        assert ready == READY
        log.info("mail_reader_started", pid=process.pid)
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if process is not None:
            task = asyncio.create_task(_reap(process))
            self._reaping.add(task)
            task.add_done_callback(self._reaping.discard)


async def _reap(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.communicate()
