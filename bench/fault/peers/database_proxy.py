"""A proxy for PostgreSQL connections, so that a process can be killed at an exact statement.

Each process of the bench reaches the database through a port of its own. A trap names a statement; when it passes,
the trap's action runs while the process waits: before the statement reaches the server, or after the server did
it and before the process receives the result. The product is unchanged.
"""

import asyncio
import contextlib
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Trap:
    """`statement` is a part of the SQL. With `commit`, the trap is the COMMIT of a transaction that ran it.

    `holding` (bytes of a parameter) narrows it. `action` gets the proxy on which it
    fired and returns whether the process may go on (if not, it is dead); `times` is how often.
    """

    statement: str
    when: Literal["before", "after"]
    action: Callable[["DatabaseProxy"], Awaitable[bool]]
    commit: bool = False
    holding: bytes = b""
    times: int = 1
    sprung: asyncio.Event = field(default_factory=asyncio.Event)


class DatabaseProxy:
    """The port of one process. `name` is the process; `target` the server's Unix socket."""

    def __init__(self, name: str, target: str, traps: list[Trap]) -> None:
        self.name = name
        self.port = 0
        self._target = target
        self._traps = traps
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        """Listen on a free loopback port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close every connection."""
        if self._server:
            self._server.close()
        for writer in tuple(self._open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_unix_connection(self._target, limit=1 << 20)
        except OSError:
            writer.close()
            return
        self._open |= {writer, up_writer}
        line = _Line(self, self._traps)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(line.upward(reader, up_writer))
                group.create_task(line.downward(up_reader, writer))
        except* (OSError, RuntimeError, asyncio.IncompleteReadError, _Ended):
            # RuntimeError: the event loop raises it when a socket that it was writing to is gone.
            pass
        finally:
            for one in (writer, up_writer):
                self._open.discard(one)
                one.close()
                with contextlib.suppress(OSError):
                    await one.wait_closed()


class _Ended(Exception):
    """One side closed the connection: close the other."""


class _Line:
    """One connection: the statement behind each prepared name, and whether an answer is being held back."""

    def __init__(self, proxy: DatabaseProxy, traps: list[Trap]) -> None:
        self._proxy = proxy
        self._traps = traps
        self._names: dict[bytes, bytes] = {}
        self._ran: set[int] = set()  # traps whose statement ran in this transaction
        self._after: Trap | None = None

    async def upward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Client to server."""
        (length,) = struct.unpack("!I", head := await reader.readexactly(4))
        writer.write(head + await reader.readexactly(length - 4))
        while True:
            kind, body, raw = await _message(reader)
            if kind == b"X" or not raw:
                writer.write(raw)
                raise _Ended
            sql, value = self._sql(kind, body)
            trap = self._match(sql, value) if sql and self._traps else None
            if trap is not None and trap.when == "before":
                await self._spring(trap)
            elif trap is not None:
                self._after = trap
            writer.write(raw)
            await writer.drain()

    async def downward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Server to client. ReadyForQuery ends a statement, so that is where an answer can be held back."""
        held = b""
        while True:
            if not self._holds() and not held:
                data = await reader.read(1 << 16)
                if not data:
                    raise _Ended
                if not self._holds():  # a trap may have been set during the read
                    writer.write(data)
                    await writer.drain()
                    continue
                held = data
            while not _ready(held):
                more = await reader.read(1 << 16)
                if not more:
                    raise _Ended
                held += more
            trap, self._after = self._after, None
            if trap is not None:
                await self._spring(trap)
            writer.write(held)
            await writer.drain()
            held = b""

    def _holds(self) -> bool:
        return self._after is not None

    def _sql(self, kind: bytes, body: bytes) -> tuple[bytes, bytes]:
        if kind == b"P":
            name, sql = body.split(b"\0", 2)[:2]
            self._names[name] = sql
        elif kind == b"B":
            _, name, rest = body.split(b"\0", 2)
            return self._names.get(name, b""), rest
        elif kind == b"Q":
            return body.rstrip(b"\0"), b""
        return b"", b""

    def _match(self, sql: bytes, value: bytes) -> Trap | None:
        text = sql.decode("utf-8", "replace")
        ends = text.startswith(("COMMIT", "ROLLBACK"))
        for trap in tuple(self._traps):
            if trap.commit and ends and id(trap) in self._ran and text.startswith("COMMIT"):
                return self._take(trap)
            if trap.statement in text and trap.holding in value:
                if not trap.commit:
                    return self._take(trap)
                self._ran.add(id(trap))
        if ends:
            self._ran.clear()
        return None

    def _take(self, trap: Trap) -> Trap:
        trap.times -= 1
        if trap.times <= 0:
            self._traps.remove(trap)
        self._ran.clear()
        return trap

    async def _spring(self, trap: Trap) -> None:
        goes_on = await trap.action(self._proxy)
        trap.sprung.set()
        if not goes_on:
            raise _Ended


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes, bytes]:
    head = await reader.readexactly(5)
    kind, length = head[:1], struct.unpack("!I", head[1:])[0]
    body = await reader.readexactly(length - 4)
    return kind, body, head + body


def _ready(data: bytes) -> bool:
    # Z, length 5, one byte of state: the last message of every answer.
    return data[-6:-1] == b"Z\0\0\0\x05"
