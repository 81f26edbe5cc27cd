"""Bodies are read to a limit, in time, and never in countless little pieces."""

import asyncio
import tracemalloc

import pytest

from forms.body import FREE_READS, chunks, discard, read_body
from forms.errors import BodyRefused
from forms.memory import FREE, BodyMemory


class Stream:
    """A body in pieces, as Sanic hands them out."""

    def __init__(self, pieces: int, size: int, *, ends: bool = True) -> None:
        self.request_body: object = True
        self.read_pieces = 0
        self._pieces, self._size, self._ends = pieces, size, ends

    async def read(self) -> bytes | None:
        if self.read_pieces == self._pieces:
            if not self._ends:
                await asyncio.Event().wait()
            self.request_body = None
            return None
        self.read_pieces += 1
        return b"x" * self._size


async def refused(stream: Stream, limit: int, seconds: float = 30) -> int:
    with pytest.raises(BodyRefused) as error:
        await read_body(stream, limit, seconds=seconds)
    return error.value.status


async def test_a_body_within_its_limit_is_whole() -> None:
    assert await read_body(Stream(4, 250), 1_000) == b"x" * 1_000


async def test_a_body_over_its_limit_is_received_and_never_held() -> None:
    stream = Stream(640, 65_536)
    tracemalloc.start()
    try:
        assert await refused(stream, 65_536) == 413
        assert tracemalloc.get_traced_memory()[1] < 1_048_576, "of 40 MB that arrived"
    finally:
        tracemalloc.stop()
    assert stream.read_pieces == 640, "a browser shows the refusal only after it has sent everything"


async def test_bodies_share_the_memory_that_there_is_for_them() -> None:
    memory = BodyMemory(most=3 * FREE, most_of_one=3 * FREE)

    async def read(who: str, pieces: int) -> int:
        with memory.share(who) as grow:
            try:
                return len(await read_body(Stream(pieces, FREE), 10 * FREE, grow=grow))
            except BodyRefused as error:
                return error.status

    assert await read("one", 3) == 3 * FREE
    assert await read("one", 4) == 429, "more than the share of one address"
    with memory.share("one") as first, memory.share("two") as second:
        first(3 * FREE)
        second(2 * FREE)
        assert await read("three", 2) == 429, "more than there is for all"
        assert await read("three", 1) == FREE, "what is small is read in any case"
        assert await read("one", 1) == 429, "but of a client that holds its whole share already"
    assert await read("three", 3) == 3 * FREE, "all of it was given back"


async def test_a_body_that_stops_arriving_is_not_waited_for() -> None:
    assert await refused(Stream(1, 10, ends=False), 1_000, seconds=0.05) == 408


async def test_a_body_of_single_bytes_is_refused_after_so_many_reads() -> None:
    stream = Stream(1_000_000, 1)
    assert await refused(stream, 2_000_000) == 400
    assert stream.read_pieces < FREE_READS * 1.1


async def test_a_large_body_in_ordinary_pieces_is_no_reason_to_refuse() -> None:
    assert sum([len(data) async for data in chunks(Stream(10_000, 1_448))]) == 14_480_000


async def test_discarding_stops_at_its_limit() -> None:
    stream = Stream(1_000, 65_536)
    await discard(stream, 1_000_000, 5)
    assert stream.read_pieces == 16
