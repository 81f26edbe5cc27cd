"""Quotas are counted across all workers; without Redis each worker counts by itself."""

import asyncio
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from desk.runtime.quota import Quota


async def test_two_workers_count_together_and_a_second_try_counts_once(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    one, other, what = Quota(redis), Quota(redis), f"mail:{uuid4()}"
    said = [
        await worker.may(what, f"{place}", 3, 60) for place, worker in enumerate((one, other, one, other))
    ]
    assert said == [True, True, True, False]
    assert await other.may(what, "0", 3, 60), "counted before, by the other worker"
    assert not await one.may(what, "4", 3, 60)
    assert 0 < await redis.pttl(f"civicdesk:tally:{what}") <= 60_000, "nothing stays behind"
    assert await redis.zcard(f"civicdesk:tally:{what}") == 3
    await redis.aclose()


async def test_of_many_at_once_no_more_than_the_limit_may(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    what = f"mail:{uuid4()}"
    workers = [Quota(redis) for _ in range(4)]
    said = await asyncio.gather(*(workers[n % 4].may(what, str(n), 7, 60) for n in range(40)))
    assert sum(said) == 7
    await redis.aclose()


async def test_what_is_longer_ago_than_the_window_does_not_count(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    quota, what = Quota(redis), f"mail:{uuid4()}"
    await redis.zadd(f"civicdesk:tally:{what}", {"old": 0, "older": 1})
    assert [await quota.may(what, one, 1, 60) for one in ("a", "b")] == [True, False]
    await redis.aclose()


async def test_without_redis_each_worker_counts_for_itself() -> None:
    nobody: Redis = Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2, retry=Retry(NoBackoff(), 0))
    quota = Quota(nobody)
    assert [await quota.may("a", str(one), 2, 60) for one in range(3)] == [True, True, False]
    await nobody.aclose()
