"""At most so many events within a period."""

from channels.kit.allowance import REMEMBERED, OwnAllowance


async def test_so_many_and_no_more_until_the_first_is_long_ago() -> None:
    now = [0.0]
    own = OwnAllowance(lambda: now[0])
    assert [await own.may("mail:a", str(one), 3, 60) for one in range(4)] == [True] * 3 + [False]
    assert await own.may("mail:b", "0", 3, 60), "another thing has its own count"
    now[0] = 59.9
    assert not await own.may("mail:a", "5", 3, 60)
    now[0] = 60.0
    assert await own.may("mail:a", "5", 3, 60)


async def test_the_same_one_again_is_not_counted() -> None:
    own = OwnAllowance(lambda: 0.0)
    assert [await own.may("a", "same", 1, 60) for _ in range(5)] == [True] * 5
    assert not await own.may("a", "other", 1, 60)


async def test_a_flood_of_things_takes_no_more_than_its_memory() -> None:
    own = OwnAllowance(lambda: 0.0)
    for one in range(REMEMBERED + 10):
        await own.may(str(one), "x", 1, 60)
    assert len(own._times) == REMEMBERED
