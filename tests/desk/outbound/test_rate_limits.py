"""Rates: an inbox and each of its contacts have their own, shared by all workers, and no less without Redis."""

from dataclasses import replace

from redis.asyncio import Redis

from channels.base import Capabilities
from desk.outbound.rate_limits import RateLimits
from tests.support.clock import Ticks

SLOW = Capabilities(100, per_second=1000, burst=1000, contact_per_second=0.01, contact_burst=2)


async def test_a_token_is_taken_from_inbox_and_contact_or_from_neither(redis_url: str) -> None:
    redis: Redis = Redis.from_url(redis_url)
    one, other = RateLimits(redis), RateLimits(redis)
    assert [await one.take("in", "ana", SLOW) for _ in range(2)] == [0, 0]
    assert 99 < await other.take("in", "ana", SLOW) <= 100, "two workers share one bucket"
    assert await other.take("in", "ben", SLOW) == 0
    tight = replace(SLOW, burst=1, per_second=0.01)
    assert await one.take("tight", "ana", tight) == 0
    assert await one.take("tight", "ben", tight) > 99
    kept = await redis.hget("civicdesk:rate:{tight}:ben", "tokens")
    assert kept is not None and float(kept) == 2, "what the inbox refused costs the contact nothing"
    await redis.aclose()


async def test_without_redis_each_worker_is_slower_and_never_stops() -> None:
    ticks = Ticks()
    rates = RateLimits(Redis(host="127.0.0.1", port=9, socket_connect_timeout=0.2), ticks)
    capabilities = Capabilities(100, per_second=8, burst=8, contact_per_second=8, contact_burst=8)
    waits = [await rates.take("in", "ana", capabilities) for _ in range(3)]
    assert waits[:2] == [0, 0] and 0 < waits[2] <= 0.5
    ticks.now += waits[2]
    assert await rates.take("in", "ana", capabilities) == 0
