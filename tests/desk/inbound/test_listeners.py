"""Listening channels and typing indicators: one listener for an inbox, and indicators that never cost an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import ClassVar

import msgspec
import pytest

from channels.base import (
    Capabilities,
    Inbound,
    InboxBroken,
    MalformedPayload,
    Request,
    RetryLater,
    Sent,
    Tries,
    Webhook,
)
from city import InboxConfig
from desk.inbound.listeners import Listeners
from desk.outbound.circuit_breaker import CircuitBreaker
from desk.outbound.rate_limits import RateLimits
from desk.runtime.timing import ListenerTiming
from desk.store.outbound import inbox_health as health
from desk.store.pool import Store
from tests.support.desk import Desk
from tests.support.fake_bot import WaitingBot, says
from tests.support.providers import Provider
from tests.support.waiting import eventually, forever


class Post:
    """A mail server: mails go to the listener; `listening` counts the listeners."""

    def __init__(self) -> None:
        self.letters: asyncio.Queue[str] = asyncio.Queue()
        self.taken: list[str] = []
        self.listening = 0
        self.error: Exception | None = None


class Mail(Provider):
    def __init__(self, post: Post) -> None:
        super().__init__()
        self.post = post

    async def listen(self, take: Callable[[Webhook], Awaitable[None]], tries: Tries) -> None:
        self.post.listening += 1
        try:
            while True:
                if self.post.error:
                    raise self.post.error
                letter = await self.post.letters.get()
                await take(Webhook({}, letter.encode()))
                self.post.taken.append(letter)
        finally:
            self.post.listening -= 1

    def parse(self, request: Webhook) -> list[Inbound]:
        text = request.body.decode()
        return [Inbound(text, "a@example.org", "message", text)]


@pytest.fixture
def mail(desk: Desk) -> Desk:
    inbox = InboxConfig(name="mail", channel="email")
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, inbox))
    desk.bot.behaviour = says({"text": "answer"})
    return desk


async def texts(desk: Desk) -> list[str]:
    return [row["text"] for row in await desk.store.pool.fetch("SELECT text FROM messages ORDER BY seq")]


async def test_what_arrives_is_committed_before_the_server_is_told(mail: Desk) -> None:
    post = Post()
    async with mail.working(city=mail.city, channels={"mail": Mail(post)}):
        post.letters.put_nowait("one")
        await eventually(lambda: _is(lambda: post.taken == ["one"]))
        assert await mail.store.pool.fetchval("SELECT count(*) FROM events") == 1
        await eventually(lambda: _texts_are(mail, ["one", "answer"]))


async def _is(condition: Callable[[], bool]) -> bool:
    return condition()


async def _texts_are(desk: Desk, wanted: list[str]) -> bool:
    return await texts(desk) == wanted


def listeners(store: Store, desk: Desk, channel: Mail) -> Listeners:
    breaker = CircuitBreaker(store, RateLimits(None), {"mail": channel})
    return Listeners(store, desk.intake, breaker, {"mail": channel}, ListenerTiming(lease=1.0, renew=0.1))


async def test_one_worker_listens_and_another_takes_over(mail: Desk) -> None:
    post = Post()
    stops = [asyncio.Event(), asyncio.Event()]
    running = [
        asyncio.create_task(listeners(mail.store, mail, Mail(post)).run(stop)) for stop in stops
    ]  # fmt: skip
    await eventually(lambda: _is(lambda: post.listening == 1))
    for number in range(3):
        post.letters.put_nowait(str(number))
    await eventually(lambda: _is(lambda: len(post.taken) == 3))
    assert post.listening == 1
    holder = "SELECT listener FROM inbox_health"
    first = await mail.store.pool.fetchval(holder)
    # A worker that vanished: its lease is over, and it finds out.
    await mail.store.pool.execute(
        "UPDATE inbox_health SET listener = gen_random_uuid(), listener_until = now() + interval '0.3 seconds'"
    )
    await eventually(lambda: _is(lambda: post.listening == 0))
    await eventually(lambda: _is(lambda: post.listening == 1))
    for stop in stops:
        stop.set()
    await asyncio.gather(*running)
    assert post.listening == 0 and await mail.store.pool.fetchval(holder) is None
    assert first is not None


async def test_stopped_while_its_lease_is_on_the_way_it_gives_it_back(
    mail: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, really = asyncio.Event(), health.claim_listener

    async def slow(*arguments: object) -> bool:
        await really(*arguments)  # type: ignore[arg-type]  # passed on as they came
        given.set()
        await forever()  # the connection to the database is slow, and the stop is faster

    monkeypatch.setattr(health, "claim_listener", slow)
    stop = asyncio.Event()
    running = asyncio.create_task(listeners(mail.store, mail, Mail(Post())).run(stop))
    await asyncio.wait_for(given.wait(), 30)
    stop.set()
    await running
    assert await mail.store.pool.fetchval("SELECT listener FROM inbox_health") is None


async def test_a_mailbox_that_refuses_us_stops_its_inbox(mail: Desk) -> None:
    post = Post()
    post.error = InboxBroken("the password is refused", "AUTHENTICATIONFAILED")
    stop = asyncio.Event()
    running = asyncio.create_task(listeners(mail.store, mail, Mail(post)).run(stop))

    async def stopped() -> bool:
        now = (await health.list_health(mail.store.pool)).get("mail")
        return now is not None and now.stopped_at is not None

    await eventually(stopped)
    stop.set()
    await running


async def test_a_mailbox_that_refuses_us_while_the_database_is_away_is_looked_at_again(
    mail: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post()
    post.error = InboxBroken("the password is refused", "AUTHENTICATIONFAILED")
    told, really = [], health.mark_stopped

    async def stop_inbox(*arguments: object) -> bool:
        told.append(1)
        if len(told) == 1:
            raise ConnectionError
        return await really(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(health, "mark_stopped", stop_inbox)
    stop = asyncio.Event()
    running = asyncio.create_task(listeners(mail.store, mail, Mail(post)).run(stop))
    await eventually(lambda: _is(lambda: len(told) > 1))
    stop.set()
    await running


async def test_what_cannot_be_read_is_the_channels_to_set_aside_and_never_counts_as_taken(mail: Desk) -> None:
    class Odd(Mail):
        aside: ClassVar[list[str]] = []

        async def listen(self, take: Callable[[Webhook], Awaitable[None]], tries: Tries) -> None:
            async def careful(arrival: Webhook) -> None:
                try:
                    await take(arrival)
                except MalformedPayload:
                    self.aside.append(arrival.body.decode())

            await super().listen(careful, tries)

        def parse(self, request: Webhook) -> list[Inbound]:
            if request.body == b"odd":
                raise MalformedPayload("this is no mail")
            return super().parse(request)

    post, stop = Post(), asyncio.Event()
    running = asyncio.create_task(listeners(mail.store, mail, Odd(post)).run(stop))
    for letter in ("odd", "fine"):
        post.letters.put_nowait(letter)
    await eventually(lambda: _is(lambda: post.taken == ["odd", "fine"]))
    stop.set()
    await running
    assert Odd.aside == ["odd"]
    assert await mail.store.pool.fetchval("SELECT count(*) FROM events") == 1


class Typing(Provider):
    """Shows typing indicators; `broken` makes each fail."""

    def __init__(self, broken: bool = False) -> None:
        super().__init__()
        self.capabilities = Capabilities(1000)  # type: ignore[misc]  # a constant of the class, changed for the test
        self.broken = broken
        self.marks: list[tuple[str, str, Mapping[str, str]]] = []

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        self.marks.append((contact, last_external_id, thread))
        return [Request("typing", {"text": ""})]

    async def send(self, request: Request, key: str) -> Sent:
        if request.operation == "typing":
            if self.broken:
                raise RetryLater("no")
            return Sent()
        return await super().send(request, key)


@pytest.mark.parametrize("broken", [False, True])
async def test_typing_is_shown_while_the_bot_thinks(mail: Desk, broken: bool) -> None:
    channel, breaker = Typing(broken), WaitingBot(says({"text": "answer"}))
    mail.bot.behaviour = breaker
    async with mail.working(city=mail.city, channels={"mail": channel}):
        inbound = Inbound("m1", "citizen", "message", "hi", thread={"token": "t"})
        await mail.intake.receive("mail", [inbound])
        await breaker.reached.wait()
        await eventually(lambda: _is(lambda: channel.marks == [("citizen", "m1", {"token": "t"})]))
        breaker.opened.set()
        await eventually(lambda: _texts_are(mail, ["hi", "answer"]))
