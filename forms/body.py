"""Reads a request body up to a limit as it arrives. Anything over the limit is discarded, never held in
memory."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from forms.errors import BodyRefused, too_large, too_slow

SECONDS = 30.0
"""For a whole body without a file: a client that sends a byte now and then is not waited for."""
FREE_READS = 2_048
BYTES_A_READ = 512
"""On average, after the first reads: a chunk costs the same whether it carries one byte or a thousand."""


class BodyStream(Protocol):
    """What Sanic's `request.stream` offers."""

    request_body: object

    async def read(self) -> bytes | None:
        """The next chunk, or None at the end of the body."""
        ...


async def chunks(stream: BodyStream) -> AsyncIterator[bytes]:
    """The body as it arrives. Raises BodyRefused 400 if it comes in far too many pieces."""
    reads = size = 0
    while stream.request_body and (data := await stream.read()):
        reads += 1
        size += len(data)
        if reads > FREE_READS + size // BYTES_A_READ:
            raise BodyRefused(400, "bad_request", "This request could not be read. Nothing was changed.")
        yield data


def _any_size(_: int) -> None:
    """No memory is counted."""


async def read_body(
    stream: BodyStream, limit: int, *, seconds: float = SECONDS, grow: Callable[[int], None] = _any_size
) -> bytes:
    """The body, of at most `limit` bytes. Raises BodyRefused 413, 408, 429 or 400, and whatever the stream raises.
    `grow` is told how large it is so far, and may refuse it (forms/memory.py).

    A body that is refused is received to its end (bounded by the server's own limit) and discarded, because
    a browser shows our response only once it has sent everything."""
    kept, size, refused = bytearray(), 0, None
    try:
        async with asyncio.timeout(seconds):
            async for data in chunks(stream):
                size += len(data)
                if size > limit:
                    refused = too_large()
                elif refused is None:
                    try:
                        grow(size)
                    except BodyRefused as error:
                        refused = error
                if refused is None:
                    kept += data
                else:
                    kept.clear()
    except TimeoutError:
        raise too_slow() from None
    if refused is not None:
        raise refused
    return bytes(kept)


async def discard(stream: BodyStream, most: int, seconds: float) -> None:
    """Receive and discard up to `most` bytes, so that a browser reads the refusal that follows. Never raises."""
    left = most
    try:
        async with asyncio.timeout(seconds):
            async for data in chunks(stream):
                left -= len(data)
                if left <= 0:
                    return
    except Exception:
        return  # the refusal that follows is the one that counts
