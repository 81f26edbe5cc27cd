"""Rate limits: a token bucket for each inbox and each contact, shared by all workers in Redis.

During a Redis outage each worker uses local buckets at a fraction of the rate: too slow is safe, while too
fast gets the inbox blocked.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from channels.base import Capabilities

log = structlog.get_logger("delivery")

REDIS_PAUSE = 5.0  # seconds between attempts to reach Redis during an outage
ALONE = 0.25  # of the rate: the share of one worker of perhaps four while they cannot coordinate
BUCKETS = 20_000
RESERVED = 0.25  # of an inbox's burst: reserved by broadcasts for conversations

# KEYS: the buckets, e.g. inbox and contact; ARGV: burst, rate per second and reserve of each. One token is taken from
# every bucket if all keep their reserve, else from none. Returns 0, else the milliseconds until all can give
# one.
_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local wait, left = 0, {}
for i, key in ipairs(KEYS) do
  local burst, rate, reserve = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local kept = redis.call('HMGET', key, 'tokens', 'at')
  local tokens = tonumber(kept[1]) or burst
  tokens = math.min(burst, tokens + math.max(0, at - (tonumber(kept[2]) or at)) * rate / 1000)
  left[i] = tokens
  if tokens < 1 + reserve then wait = math.max(wait, math.ceil((1 + reserve - tokens) * 1000 / rate)) end
end
for i, key in ipairs(KEYS) do
  local burst, rate = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  local tokens = left[i]
  if wait == 0 then tokens = tokens - 1 end
  redis.call('HSET', key, 'tokens', tostring(tokens), 'at', at)
  redis.call('PEXPIRE', key, math.ceil(burst * 1000 / rate) + 1000)
end
return wait
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`burst` tokens at once, then `rate` per second; `reserve` tokens are left for others."""

    key: str
    burst: float
    rate: float
    reserve: float = 0.0


class RateLimits:
    """Call `take` before each call of a provider. `redis` is None if there is only one worker."""

    def __init__(self, redis: Redis | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._script = redis.register_script(_TAKE) if redis is not None else None
        self._share = 1.0 if redis is None else ALONE
        self._clock = clock
        self._redis_after = -math.inf
        self._local: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def take(
        self, inbox: str, contact: str, capabilities: Capabilities, *, bulk: bool = False
    ) -> float:
        """Take one token each for the inbox and the contact (our id), or none. Returns the seconds to wait, 0
        to send.

        `bulk` leaves part of the inbox's tokens to conversations."""
        burst = capabilities.burst
        # A bucket of one token has none to reserve; a conversation then waits for one token at most.
        reserve = min(RESERVED * burst, burst - 1) if bulk else 0.0
        buckets = (
            Bucket(f"civicdesk:rate:{{{inbox}}}", burst, capabilities.per_second, reserve),
            Bucket(
                f"civicdesk:rate:{{{inbox}}}:{contact}",
                capabilities.contact_burst,
                capabilities.contact_per_second,
            ),
        )
        if self._script is not None and self._clock() >= self._redis_after:
            try:
                wait = await self._script(
                    keys=[one.key for one in buckets],
                    args=[number for one in buckets for number in (one.burst, one.rate, one.reserve)],
                )
                return float(wait) / 1000
            except (RedisError, OSError, TimeoutError) as error:
                self._redis_after = self._clock() + REDIS_PAUSE
                log.warning("rates_in_memory", error=type(error).__name__)
        return self._alone(buckets)

    def _alone(self, buckets: tuple[Bucket, ...]) -> float:
        now = self._clock()
        left: dict[str, float] = {}
        wait = 0.0
        for one in buckets:
            burst, rate = max(1.0, one.burst * self._share), one.rate * self._share
            tokens, at = self._local.pop(one.key, (burst, now))
            left[one.key] = min(burst, tokens + (now - at) * rate)
            needed = 1 + min(one.reserve * self._share, burst - 1)
            if left[one.key] < needed:
                wait = max(wait, (needed - left[one.key]) / rate)
        for key, tokens in left.items():
            self._local[key] = (tokens - 1 if wait == 0 else tokens, now)
        while len(self._local) > BUCKETS:
            self._local.popitem(last=False)
        return wait
