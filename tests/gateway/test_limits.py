"""Rate limits: a burst, then a steady rate; a sentence with Retry-After; in memory while Redis is down."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from structlog.testing import capture_logs

from desk.store.pool import Store
from gateway import deps
from gateway.limits import RATES, Limits
from gateway.problems import Problem
from tests.support import servers
from tests.support.gateway import running_gateway


class Time:
    """Monotonic seconds, moved by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def test_posts_beyond_the_burst_get_429_with_retry_after(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(pg_url, redis_url, tmp_path, store=store) as gateway:
        citizen, burst = await gateway.citizen(), int(RATES["post-by-session"].burst)
        answers = [await citizen.post(text=str(number)) for number in range(burst + 5)]
        refused = [body for status, body in answers if status == 429]
        assert answers[burst - 1][0] == 202 and refused
        assert refused[0]["error"]["code"] == "too_fast"
        assert len(await gateway.events()) == len(answers) - len(refused), "what was refused was not taken"
        async with gateway.http.post(
            f"{gateway.base}/chat/v1/messages", headers=citizen.headers, data=b"{}"
        ) as answer:
            assert answer.status == 429
            assert 1 <= int(answer.headers["retry-after"]) <= 4
        other = await gateway.citizen()
        assert (await other.post(text="not my fault"))[0] == 202


async def test_sessions_from_one_address_are_limited(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="0.05", CIVICDESK_TRUSTED_PROXIES="1"
    ) as gateway:

        async def opened(address: str) -> int:
            headers = {"x-forwarded-for": address}
            async with gateway.http.post(f"{gateway.base}/chat/v1/session", headers=headers) as answer:
                return answer.status

        assert [await opened("192.0.2.1") for _ in range(4)] == [201, 201, 201, 429]
        assert await opened("192.0.2.2") == 201
        # A household has a whole /64; so has one attacker.
        assert [await opened(f"2001:db8::{n}") for n in range(1, 5)] == [201, 201, 201, 429]
        # What the client itself put in front counts for nothing.
        assert await opened("203.0.113.9, 192.0.2.1") == 429


PAGES = (
    "/chat",
    "/chat?text=%3Cb%3E",
    "/chat/assistant",
    "/chat/assistant.csv",
    "/chat/assistant-topics.csv",
    "/chat/accessibility",
    "/chat/privacy",
    "/console/sign-in",
    "/console/sign-in/second",
    "/console/sign-in/new-password?link=x",
    "/console/sign-in/first-admin?link=x",
    "/console/sign-in/provider",
    "/console/sign-in/provider/callback?code=x",
)
TOKENS = ("/chat/v1/messages", "/chat/v1/stream", f"/chat/v1/media/{UUID(int=1)}")


@pytest.mark.parametrize(("paths", "what"), [(PAGES, "page-by-address"), (TOKENS, "read-by-address")])
async def test_what_anybody_may_load_is_limited_by_address_before_it_is_made(
    pg_url: str,
    redis_url: str,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    paths: Sequence[str],
    what: str,
) -> None:
    looked_up: list[str] = []

    async def look_up(_: Store, token: str, now: datetime) -> None:
        looked_up.append(token)

    monkeypatch.setattr(deps, "contact_of", look_up)
    scale = len(paths) / RATES[what].burst
    async with running_gateway(
        pg_url,
        redis_url,
        tmp_path,
        store=store,
        CIVICDESK_RATE_SCALE=str(scale),
        CIVICDESK_TRUSTED_PROXIES="1",
    ) as gateway:

        async def load(address: str) -> list[tuple[int, str]]:
            headers = {"x-forwarded-for": address, "authorization": f"Bearer {'a' * 43}"}
            answers = []
            for path in paths:
                async with gateway.http.get(
                    gateway.base + path, headers=headers, allow_redirects=False
                ) as answer:
                    answers.append((answer.status, answer.headers.get("retry-after", "")))
            return answers

        assert 429 not in [status for status, _ in await load("192.0.2.1")], "the first of each"
        before = len(looked_up)
        again = await load("192.0.2.1")
        assert [status for status, _ in again] == [429] * len(paths)
        assert len(looked_up) == before, "no token is looked up"
        assert all(int(seconds) >= 1 for _, seconds in again)
        assert 429 not in [status for status, _ in await load("192.0.2.2")], "others load them as before"


async def test_forwarded_addresses_do_not_count_without_a_proxy(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="0.05"
    ) as gateway:
        statuses = []
        for number in range(4):
            headers = {"x-forwarded-for": f"192.0.2.{number}"}
            async with gateway.http.post(f"{gateway.base}/chat/v1/session", headers=headers) as answer:
                statuses.append(answer.status)
        assert statuses == [201, 201, 201, 429]


async def test_web_chats_of_one_network_share_a_digest_that_tells_no_address(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_TRUSTED_PROXIES="1"
    ) as gateway:
        for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"):
            headers = {"x-forwarded-for": address}
            async with gateway.http.post(f"{gateway.base}/chat/v1/session", headers=headers) as answer:
                assert answer.status == 201
        rows = await store.pool.fetch("SELECT origin FROM contacts ORDER BY created_at")
        one, same, other, household, neighbour = [row["origin"] for row in rows]
        assert one == same and len({one, other, household}) == 3 and household == neighbour
        assert all(len(origin) == 16 and b"192.0.2" not in origin for origin in (one, other, household))


async def test_two_gateways_share_one_bucket(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        one, two = Limits(redis, "s" * 16), Limits(redis, "s" * 16)
        burst = int(RATES["photo-by-session"].burst)
        waits = [await (one, two)[n % 2].take("photo-by-session", "x") for n in range(burst + 2)]
        assert waits[:burst] == [0] * burst and min(waits[burst:]) > 0
        assert await one.take("photo-by-session", "y") == 0
        keys = [key async for key in redis.scan_iter("civicdesk:bucket:*")]
        assert keys and all([0 < await redis.pttl(key) <= 110_000 for key in keys])


async def test_addresses_are_not_kept_in_clear(redis_url: str) -> None:
    async with Redis.from_url(redis_url, decode_responses=True) as redis:
        await Limits(redis, "s" * 16).take("post-by-address", "192.0.2.77")
        assert not [key async for key in redis.scan_iter("*192.0.2.77*")]


async def test_in_memory_while_redis_is_away_and_back_again(mortal_redis: servers.PrivateRedis) -> None:
    time = Time()
    redis = Redis.from_url(mortal_redis.url, retry=Retry(NoBackoff(), 0))
    limits = Limits(redis, "s" * 16, clock=time)
    mortal_redis.kill()
    burst = int(RATES["photo-by-session"].burst)
    for _ in range(burst):
        await limits.check("photo", session="x")
    with pytest.raises(Problem) as refused:
        await limits.check("photo", session="x")
    assert refused.value.status == 429 and refused.value.retry_after == pytest.approx(10)
    time.now += 10
    await limits.check("photo", session="x")
    mortal_redis.start()
    time.now += 10
    await limits.check("photo", session="x")
    assert [key async for key in redis.scan_iter("civicdesk:bucket:*")], "Redis counts again"
    await redis.aclose()


async def test_a_hundred_at_once_take_no_more_than_the_burst(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        limits = Limits(redis, "s" * 16)
        waits = await asyncio.gather(*(limits.take("post-by-session", "x") for _ in range(100)))
        free = sum(wait == 0 for wait in waits)
        assert RATES["post-by-session"].burst <= free <= RATES["post-by-session"].burst + 5


async def test_a_proxy_that_is_not_configured_is_named_once(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    for proxies, said in (("0", 1), ("1", 0)):
        with capture_logs() as logs:
            async with running_gateway(
                pg_url, redis_url, tmp_path, store=store, CIVICDESK_TRUSTED_PROXIES=proxies
            ) as gateway:
                for forwarded in ({}, {"x-forwarded-for": "192.0.2.1"}, {"x-forwarded-for": "192.0.2.2"}):
                    async with gateway.http.get(f"{gateway.base}/live", headers=forwarded) as answer:
                        assert answer.status == 200
        warnings = [one for one in logs if one["event"] == "forwarded_header_ignored"]
        assert len(warnings) == said and all(
            "CIVICDESK_TRUSTED_PROXIES" in one["sentence"] for one in warnings
        )
