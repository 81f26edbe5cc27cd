"""Rate limits: token buckets in Redis, shared by all gateways, or in memory while Redis is unavailable."""

import hashlib
import hmac
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gateway.problems import Problem

log = structlog.get_logger("gateway")


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, then `per_second`. An address may stand for a whole library, so it gets more."""

    burst: float
    per_second: float


RATES: dict[str, Rate] = {
    "session-by-address": Rate(60, 0.5),
    "post-by-session": Rate(20, 0.5),
    "post-by-address": Rate(200, 10),
    "photo-by-session": Rate(10, 0.1),
    "photo-by-address": Rate(60, 0.5),
    "part-by-session": Rate(120, 10),
    "part-by-address": Rate(600, 50),
    "read-by-session": Rate(120, 10),
    "read-by-address": Rate(1_200, 120),
    "page-by-address": Rate(120, 10),
    "search-by-address": Rate(300, 20),
    "georeport-by-address": Rate(60, 2),
    "status-by-address": Rate(60, 2),
}

SENTENCES = {
    "session": "Too many new conversations were started from your network. Please wait a moment and try again.",
    "post": "You are sending messages faster than we can take them. Nothing else was lost. Please wait a moment.",
    "photo": "You are sending photos faster than we can take them. Please wait a moment and send it again.",
    "part": "You are sending photos faster than we can take them. Please wait a moment and send it again.",
    "search": "Addresses are looked up faster than we can find them. Please wait a moment, or write the address.",
    "status": "Too many reports were looked up from your network. Please wait a moment and try again.",
    "read": "This page asks for news too often. Please wait a moment.",
    "page": "This page was loaded too often from your network. Please wait a moment, then load it again.",
}

# Redis is tried at most every few seconds while it is unavailable, so that an outage costs citizens no time.
REDIS_PAUSE = 5.0
LOCAL_BUCKETS = 20_000

# KEYS[1]: bucket; ARGV: burst, per second. Returns 0 if a token was taken, else the milliseconds to wait.
_TAKE = """
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000)
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = tonumber(kept[1]) or burst
tokens = math.min(burst, tokens + math.max(0, at - (tonumber(kept[2]) or at)) * rate / 1000)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) * 1000 / rate) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', at)
redis.call('PEXPIRE', KEYS[1], math.ceil(burst * 1000 / rate) + 1000)
return wait
"""


class Limits:
    """Token buckets. `secret` keys the digest that stands for an address, so that Redis stores none in clear
    text."""

    def __init__(
        self,
        redis: Redis,
        secret: str,
        *,
        scale: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._take = redis.register_script(_TAKE)
        self._secret = secret.encode()
        self._scale = scale
        self._clock = clock
        self._redis_after = -math.inf
        self._local: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def check(self, what: str, *, session: str | None = None, address: str | None = None) -> None:
        """Take one token of `what` for the session and for the address, or raise Problem 429."""
        for kind, who in (("session", session), ("address", address)):
            if who is None:
                continue
            wait = await self.take(f"{what}-by-{kind}", who)
            if wait > 0:
                raise Problem(429, "too_fast", SENTENCES[what], retry_after=wait)

    async def take(self, name: str, who: str) -> float:
        """Take one token. Returns 0, or the seconds to wait if there is none."""
        rate = RATES[name]
        rate = Rate(rate.burst * self._scale, rate.per_second * self._scale)
        digest = hmac.new(self._secret, f"{name}:{who}".encode(), hashlib.sha256).hexdigest()[:32]
        if self._clock() >= self._redis_after:
            try:
                wait = await self._take(
                    keys=[f"civicdesk:bucket:{digest}"], args=[rate.burst, rate.per_second]
                )
                return float(wait) / 1000
            except (RedisError, OSError, TimeoutError) as error:
                self._redis_after = self._clock() + REDIS_PAUSE
                log.warning("limits_in_memory", error=type(error).__name__)
        return self._take_locally(digest, rate)

    def _take_locally(self, key: str, rate: Rate) -> float:
        now = self._clock()
        tokens, at = self._local.pop(key, (rate.burst, now))
        tokens = min(rate.burst, tokens + (now - at) * rate.per_second)
        wait = 0.0
        if tokens >= 1:
            tokens -= 1
        else:
            wait = (1 - tokens) / rate.per_second
        self._local[key] = (tokens, now)
        if len(self._local) > LOCAL_BUCKETS:
            self._local.popitem(last=False)
        return wait
