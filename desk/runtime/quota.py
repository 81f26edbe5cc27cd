"""Limits how many of a thing are allowed within a time, counted in Redis across all workers. While Redis is
unavailable, each worker counts for itself, which is logged. The counts need not be preserved.
"""

import math
import time
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels.kit.allowance import OwnAllowance

log = structlog.get_logger("delivery")

REDIS_PAUSE = 5.0  # Redis is tried at most this often while it is unavailable

# KEYS: what is counted; ARGV: this item, the maximum, and the period in milliseconds. One sorted set per
# thing counted, its members scored by arrival time, so that the window slides and no hour boundary lets twice
# as many through.
_MAY = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', at - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], at, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""


class Quota:
    """Implements Allowance (channels/kit/allowance.py)."""

    def __init__(self, redis: Redis, clock: Callable[[], float] = time.monotonic) -> None:
        self._script = redis.register_script(_MAY)
        self._clock = clock
        self._alone = OwnAllowance(clock)
        self._redis_after = -math.inf

    async def may(self, what: str, one: str, most: int, seconds: float) -> bool:
        """Count `one` more of `what`; False if that would exceed `most` within `seconds`."""
        if self._clock() >= self._redis_after:
            try:
                said = await self._script(
                    keys=[f"civicdesk:tally:{what}"], args=[one, most, math.ceil(seconds * 1000)]
                )
                return bool(said)
            except (RedisError, OSError, TimeoutError) as error:
                self._redis_after = self._clock() + REDIS_PAUSE
                log.warning("tally_in_memory", error=type(error).__name__)
        return await self._alone.may(what, one, most, seconds)
