"""One turn at a time in a conversation, in order, without polling."""

import asyncio

from bot.turn.stores.lock_store import FairLockStore


async def test_turns_of_one_conversation_follow_each_other_in_order() -> None:
    locks, told, running = FairLockStore(), [], 0

    async def turn(number: int) -> None:
        nonlocal running
        async with locks.lock("c1"):
            running += 1
            assert running == 1
            await asyncio.sleep(0)
            told.append(number)
            running -= 1

    await asyncio.gather(*(turn(number) for number in range(50)))
    assert told == list(range(50))
    assert locks._held == {}


async def test_other_conversations_do_not_wait() -> None:
    locks = FairLockStore()
    async with locks.lock("c1"), locks.lock("c2"):
        assert set(locks._held) == {"c1", "c2"}


async def test_a_turn_that_fails_lets_the_next_one_in() -> None:
    locks = FairLockStore()
    for _ in range(2):
        try:
            async with locks.lock("c1"):
                raise ValueError
        except ValueError:
            pass
    assert locks._held == {}
