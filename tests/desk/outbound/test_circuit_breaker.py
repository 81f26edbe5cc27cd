"""The breaker, stopped inboxes and lost leases: no provider is flooded, and a broken account is reported."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
import structlog

from channels.base import (
    Channel,
    Inbound,
    InboxBroken,
    Request,
    RetryLater,
    Sent,
    Undeliverable,
    Unreachable,
)
from city import InboxConfig
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.rate_limits import RateLimits
from desk.runtime.timing import BreakerTiming
from desk.store.outbound import inbox_health as health
from desk.store.outbound.outbox import OutboxItem
from desk.store.pool import Store
from tests.support.clock import Ticks
from tests.support.desk import QUICK, Desk
from tests.support.fake_bot import says
from tests.support.providers import Provider
from tests.support.waiting import eventually


@pytest.fixture
def sms(desk: Desk) -> Desk:
    inboxes = [InboxConfig(name=name, channel="sms") for name in ("sms", "other")]
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, *inboxes))
    desk.bot.behaviour = says({"text": "first"})
    return desk


async def write(desk: Desk, number: int, inbox: str = "sms") -> None:
    await desk.intake.receive(inbox, [Inbound(f"{inbox}{number}", f"+1555{number}", "message", "hi")])


async def states(desk: Desk, inbox: str = "sms") -> list[str]:
    rows = await desk.store.pool.fetch("SELECT state FROM outbox WHERE inbox = $1 ORDER BY id", inbox)
    return [row["state"] for row in rows]


async def is_state(desk: Desk, wanted: Callable[[list[str]], bool], inbox: str = "sms") -> bool:
    return wanted(await states(desk, inbox))


def fails(error: Exception, until: asyncio.Event) -> Callable[[str, int], Sent]:
    def behave(key: str, _: int) -> Sent:
        if not until.is_set():
            raise error
        return Sent(f"sms-{key}")

    return behave


async def test_a_refused_account_stops_its_inbox_alone_and_tells_the_operator_once(sms: Desk) -> None:
    mended = asyncio.Event()
    broken = Provider(fails(InboxBroken("the token is refused", "190"), mended))
    fine = Provider()
    with structlog.testing.capture_logs() as logs:
        async with sms.working(city=sms.city, channels={"sms": broken, "other": fine}):
            await write(sms, 1)
            await eventually(lambda: stopped(sms))
            for number in (2, 3):
                await write(sms, number)
            await write(sms, 1, "other")
            await eventually(lambda: is_state(sms, lambda all_: all_ == ["sent"], "other"))
            await eventually(lambda: is_state(sms, lambda all_: len(all_) == 3))
            tried = sum(broken.tries.values())
            assert set(await states(sms)) == {"pending"}, "nothing is lost while it is stopped"
            mended.set()
            assert await health.mark_resumed(sms.store.pool, "sms")
            await eventually(lambda: is_state(sms, lambda all_: all_ == ["sent"] * 3))
    assert tried < 3 and len(broken.took) == 3
    paged = [one for one in logs if one["event"] == "inbox_stopped"]
    assert [(one["log_level"], one["inbox"], one["code"], one["page"]) for one in paged] == [
        ("error", "sms", "190", "operator")
    ]
    attempts = await sms.store.pool.fetch("SELECT attempts FROM outbox WHERE inbox = 'sms'")
    assert {row["attempts"] for row in attempts} == {1}, "what never left costs no try"


async def stopped(desk: Desk) -> bool:
    now = (await health.list_health(desk.store.pool)).get("sms")
    return now is not None and now.stopped_at is not None


async def test_enough_errors_open_the_breaker_and_one_message_goes_first(sms: Desk) -> None:
    up = asyncio.Event()
    provider = Provider(fails(RetryLater("no answer"), up))
    timings = replace(QUICK, breaker=BreakerTiming(errors=4, pause=0.3, longest=0.3, probe=5))
    async with sms.working(city=sms.city, channels={"sms": provider}, timings=timings):
        for number in range(6):
            await write(sms, number)
        await eventually(lambda: paused(sms))
        up.set()
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["sent"] * 6))
    assert sum(provider.tries.values()) < 6 * 5
    assert not await health.is_probing(sms.store.pool, "sms")


async def paused(desk: Desk) -> bool:
    now = (await health.list_health(desk.store.pool)).get("sms")
    return now is not None and now.probing


async def test_the_breaker_probes_with_one_and_waits_longer_each_time(store: Store) -> None:
    ticks = Ticks()
    channels: dict[str, Channel] = {"sms": Provider()}
    breaker, colleague = (
        CircuitBreaker(store, RateLimits(None), channels, BreakerTiming(errors=50), ticks) for _ in range(2)
    )
    for number in range(49):
        ticks.now += 1
        await breaker.failed("sms", f"error {number}")
    ticks.now += 30
    await breaker.failed("sms", "the oldest is more than a minute ago")
    assert not await health.is_probing(store.pool, "sms")
    for _ in range(50):
        ticks.now += 1
        await breaker.failed("sms", "error")
    now = (await health.list_health(store.pool))["sms"]
    assert now.probing and now.paused_until
    assert await breaker.may_send("sms", "ana") > 0, "the pause is not over"
    await store.pool.execute("UPDATE inbox_health SET paused_until = now()")
    first, second = await breaker.may_send("sms", "ana"), await colleague.may_send("sms", "ben")
    assert first == 0 and second > 0
    await breaker.failed("sms", "still down")
    seconds = await store.pool.fetchval(
        "SELECT extract(epoch FROM paused_until - changed_at)::float8 FROM inbox_health"
    )
    assert seconds == pytest.approx(60, abs=1)
    await store.pool.execute("UPDATE inbox_health SET paused_until = now()")
    assert await breaker.may_send("sms", "ana") == 0
    await breaker.went_well("sms")
    assert await colleague.may_send("sms", "ben") == 0


async def test_a_provider_may_ask_the_whole_inbox_to_wait(sms: Desk) -> None:
    provider = Provider(fails(RetryLater("429", after=3600, scope="inbox"), asyncio.Event()))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await write(sms, 1)
        await eventually(lambda: resting(sms))
        for number in (2, 3):
            await write(sms, number)
        await eventually(lambda: is_state(sms, lambda all_: len(all_) == 3))
    assert sum(provider.tries.values()) == 1


async def resting(desk: Desk) -> bool:
    now = (await health.list_health(desk.store.pool)).get("sms")
    return now is not None and now.paused_until is not None and not now.probing


async def test_a_reason_with_few_tries_gets_few(sms: Desk) -> None:
    provider = Provider(fails(RetryLater("131000", most=2), asyncio.Event()))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await write(sms, 1)
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["dead", "dead"]))
    assert set(provider.tries.values()) == {2}  # of the answer, and of the message that a person will come


async def test_a_safe_resend_is_made_where_the_key_makes_it_safe(sms: Desk) -> None:
    up = asyncio.Event()
    provider = Provider(fails(RetryLater("no answer", accepted_unknown=True), up))
    provider.capabilities = replace(provider.capabilities, idempotent=True)  # type: ignore[misc]  # a constant of the class, changed for the test
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await write(sms, 1)
        await provider.reached.wait()
        up.set()
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["sent"]))
    assert len(set(provider.tries)) == 1


async def test_who_blocked_us_is_not_written_to_again_until_it_writes(sms: Desk) -> None:
    open_ = asyncio.Event()
    provider = Provider(fails(Unreachable("blocked", "403"), open_))
    async with sms.working(city=sms.city, channels={"sms": provider}):
        await write(sms, 1)
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["dead"]))
        marked = await sms.store.pool.fetchval("SELECT unreachable_at FROM contacts WHERE inbox = 'sms'")
        assert marked is not None
        open_.set()
        await write(sms, 1)  # a repeat of the same message does not count
        await sms.intake.receive("sms", [Inbound("new", "+15551", "message", "hi again")])
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["dead", "sent"]))


async def test_a_refusal_of_one_message_says_that_the_inbox_works(sms: Desk) -> None:
    provider = Provider(fails(Undeliverable("too long", "100"), asyncio.Event()))
    timings = replace(QUICK, breaker=BreakerTiming(errors=2))
    async with sms.working(city=sms.city, channels={"sms": provider}, timings=timings):
        for number in range(4):
            await write(sms, number)
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["dead"] * 8))
    assert not await health.is_probing(sms.store.pool, "sms")


@pytest.mark.parametrize(
    "error",
    [RetryLater("the answer was lost", accepted_unknown=True), ConnectionResetError(), KeyError("id")],
)
async def test_what_may_have_been_taken_is_recorded_before_anything_that_the_database_may_refuse(
    sms: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """A database that goes away right then would leave it as being sent, and the sweep would send it twice."""
    provider = Provider(fails(error, asyncio.Event()))

    async def away(*_: object) -> None:
        raise ConnectionError

    async with sms.working(city=sms.city, channels={"sms": provider}) as (worker,):
        monkeypatch.setattr(worker.breaker, "asked_to_wait", away)
        monkeypatch.setattr(worker.breaker, "failed", away)
        await write(sms, 1)
        await eventually(lambda: is_state(sms, lambda all_: all_ == ["unknown"]))
    assert sum(provider.tries.values()) == 1


async def test_an_error_of_our_own_in_delivery_is_counted_and_tried_again(
    sms: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = Provider()
    async with sms.working(city=sms.city, channels={"sms": provider}) as (worker,):
        really, broken = worker.delivery._sender.send, iter([ValueError("words of a citizen")])

        async def send(item: OutboxItem) -> None:
            for error in broken:
                raise error
            await really(item)

        monkeypatch.setattr(worker.delivery._sender, "send", send)
        with structlog.testing.capture_logs() as logs:
            await write(sms, 1)
            await eventually(lambda: is_state(sms, lambda all_: all_ == ["sent"]))
    broke = [one for one in logs if one["event"] == "delivery_broke"]
    assert [one["error"] for one in broke] == ["ValueError"] and "citizen" not in str(broke)
    count = worker.metrics.registry.get_sample_value("civicdesk_broken_total", {"part": "delivery"})
    assert count == 1 and len(provider.took) == 1


@pytest.mark.parametrize(
    "error",
    [
        RetryLater("no answer"),
        RetryLater("the answer was lost", accepted_unknown=True),
        Undeliverable("refused"),
        InboxBroken("the token is refused"),
    ],
)
async def test_who_has_lost_the_lease_takes_back_nothing_that_another_has_sent(
    sms: Desk, error: Exception
) -> None:
    """A worker was suspended during a call to the provider: another took the item over and sent it."""
    asked, goes_on = asyncio.Event(), asyncio.Event()

    class Slow(Provider):
        async def send(self, request: Request, key: str) -> Sent:
            asked.set()
            await goes_on.wait()
            raise error

    async with sms.working(city=sms.city, channels={"sms": Slow()}):
        await write(sms, 1)
        await asked.wait()
        taken_over = "UPDATE outbox SET state = 'sent', lease_token = gen_random_uuid()"
        await sms.store.pool.execute(taken_over)
        goes_on.set()
    assert await states(sms) == ["sent"]
    assert await sms.store.pool.fetchval("SELECT state FROM conversations") == "bot"
