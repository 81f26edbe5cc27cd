"""A load generator's HTTP connection at minimal cost, so that the processor is left to the process under test.

It posts bytes prepared in advance on a persistent connection, and reads a status and a body of known length.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from bench.support.processes import BenchError


def post_bytes(url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The bytes of a POST request."""
    parts = urlsplit(url)
    lines = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get_bytes(url: str) -> bytes:
    """The bytes of a GET request."""
    parts = urlsplit(url)
    return f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()


class Connection:
    """One connection; `ask` sends a request and returns the status."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, url: str) -> "Connection":
        """Connect to the host and port of `url`."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port))

    async def ask(self, request: bytes) -> int:
        """Send the request and read the whole response. Raises BenchError if it is malformed."""
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        _, found, rest = head.partition(b"content-length:")
        if not found:
            raise BenchError(f"An answer (status {status}) does not say how long it is.")
        await self._reader.readexactly(int(rest.partition(b"\r\n")[0]))
        return status

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


async def post_all(urls: list[str], requests: Iterable[bytes], connections: int) -> tuple[list[float], float]:
    """Send every request, a limited number at once, to the URLs in turn. Returns the milliseconds of each and the total seconds.

    Raises BenchError if a response is not 200."""
    waiting = iter(requests)
    took: list[float] = []

    async def client(number: int) -> None:
        connection = await Connection.open(urls[number % len(urls)])
        try:
            for request in waiting:
                began = time.perf_counter()
                status = await connection.ask(request)
                took.append((time.perf_counter() - began) * 1000)
                if status != 200:
                    raise BenchError(f"A webhook was answered with {status}.")
        finally:
            connection.close()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(connections):
            group.create_task(client(number))
    return took, time.perf_counter() - began
