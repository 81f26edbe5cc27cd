"""A small IMAP server for mails that hoodiecrow cannot serve: it does not parse them, and returns the requested bytes."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_FETCH = re.compile(rb"UID FETCH (\d+) \(?BODY\.PEEK\[(HEADER)?\]<(\d+)\.(\d+)>\)?", re.IGNORECASE)
_STORE = re.compile(rb"UID STORE (\d+) \+FLAGS \(([^)]*)\)", re.IGNORECASE)


@dataclass
class PlainImap:
    """`flags` of each mail, by its place. `asked` are (start, length) of each fetch. `refused` are the numbers of the
    mails that it does not give (NO), `unmarkable` those that it does not mark; with `drops` it hangs up instead, and
    with `empty` it says OK and gives nothing."""

    mails: Sequence[bytes]
    port: int = 0
    flags: list[set[bytes]] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    refused: set[int] = field(default_factory=set)
    unmarkable: set[int] = field(default_factory=set)
    drops: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    sessions: int = 0
    searches: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        writer.write(b"* OK ready\r\n")
        try:
            while line := await reader.readline():
                tag, _, command = line.strip().partition(b" ")
                found = _FETCH.match(command) or _STORE.match(command)
                if found and int(found[1]) in self.drops and b"FETCH" in found[0].upper():
                    break
                if found and int(found[1]) in (
                    self.refused if b"FETCH" in found[0].upper() else self.unmarkable
                ):
                    writer.write(tag + b" NO not this one\r\n")
                    await writer.drain()
                    continue
                for answer in self._answers(command):
                    writer.write(answer)
                writer.write(tag + b" OK done\r\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answers(self, command: bytes) -> list[bytes]:
        word = command.split()[0].upper()
        if word == b"CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n"]
        if word == b"SELECT":
            return [b"* OK [UIDVALIDITY 7] valid\r\n* %d EXISTS\r\n" % len(self.mails)]
        if b"SEARCH" in command.upper():
            self.searches += 1
            self.changed.set()
            open_ = [str(place + 1) for place, flags in enumerate(self.flags) if not flags]
            return [f"* SEARCH {' '.join(open_)}\r\n".encode()]
        if found := _FETCH.match(command):
            if int(found[1]) in self.empty:
                return []
            return self._fetched(int(found[1]), bool(found[2]), int(found[3]), int(found[4]))
        if found := _STORE.match(command):
            self.flags[int(found[1]) - 1].update(found[2].split())
            self.changed.set()
        return []

    def _fetched(self, uid: int, header: bool, start: int, length: int) -> list[bytes]:
        self.asked.append((start, length))
        mail = self.mails[uid - 1]
        if header:
            mail = mail[: mail.find(b"\r\n\r\n") + 4]
        piece = mail[start : start + length]
        name = b"BODY[HEADER]" if header else b"BODY[]"
        return [
            b"* %d FETCH (UID %d %s<%d> {%d}\r\n" % (uid, uid, name, start, len(piece)),
            piece,
            b")\r\n",
        ]


@asynccontextmanager
async def plain_imap(*mails: bytes) -> AsyncIterator[PlainImap]:
    """The server while the block runs."""
    imap = PlainImap(mails, flags=[set() for _ in mails])
    server = await asyncio.start_server(imap.serve, "127.0.0.1", 0)
    imap.port = server.sockets[0].getsockname()[1]
    try:
        yield imap
    finally:
        server.close()
        await server.wait_closed()
