"""The waiting line: short, and fair to those who send little."""

import asyncio

import pytest

from desk.media.waiting_line import Busy, Slots, WaitingLine


class Counter:
    """Serves; notes who came in which order."""

    def __init__(self, line: WaitingLine) -> None:
        self.line = line
        self.served: list[str] = []
        self.at_once = self.most_at_once = 0

    async def serve(self, who: str) -> None:
        async with self.line.turn(who):
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.served.append(who)
            await asyncio.sleep(0)
            self.at_once -= 1


async def test_many_of_one_delay_another_by_one() -> None:
    counter = Counter(WaitingLine(most=20, most_of_one=10))
    many = [asyncio.create_task(counter.serve("many")) for _ in range(8)]
    await asyncio.sleep(0)
    one = asyncio.create_task(counter.serve("one"))
    await asyncio.gather(*many, one)
    assert counter.served.index("one") <= 2
    assert counter.most_at_once == 1 and len(counter.served) == 9


async def test_a_full_line_refuses_at_once() -> None:
    line = WaitingLine(most=3, most_of_one=2)
    counter = Counter(line)
    tasks = []
    async with line.turn("first"):
        for who in ("a", "a", "b"):
            tasks.append(asyncio.create_task(counter.serve(who)))
        await asyncio.sleep(0)
        for who in ("a", "c"):
            with pytest.raises(Busy):
                await counter.serve(who)
    await asyncio.gather(*tasks)
    assert sorted(counter.served) == ["a", "a", "b"]


async def test_a_waiter_that_gives_up_delays_nobody() -> None:
    line = WaitingLine()
    counter = Counter(line)
    async with line.turn("first"):
        gone = asyncio.create_task(counter.serve("gone"))
        stays = asyncio.create_task(counter.serve("stays"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
    await stays
    assert counter.served == ["stays"]
    await counter.serve("next")


async def test_who_gives_up_in_the_moment_of_his_turn_passes_it_on() -> None:
    line = WaitingLine()
    counter = Counter(line)
    first = line.turn("first")
    await first.__aenter__()
    gone = asyncio.create_task(counter.serve("gone"))
    stays = asyncio.create_task(counter.serve("stays"))
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)  # the turn is given, and not yet taken
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await stays
    assert counter.served == ["stays"]


async def test_places_are_counted_by_who_takes_them() -> None:
    slots = Slots(most=3, most_of_one=2)
    with slots.slot("a"), slots.slot("a"):
        with pytest.raises(Busy), slots.slot("a"):
            pass
        with slots.slot("b"), pytest.raises(Busy), slots.slot("c"):
            pass
    with slots.slot("a"):
        pass
