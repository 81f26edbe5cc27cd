"""Side jobs do not wait for the turn, the turn does not wait for them, and their failures break nothing."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from channels.base import Request, RetryLater
from desk.model import Event, ReceivedMessage
from desk.turns import side_jobs
from desk.turns.side_jobs import SideJobs, Taps
from tests.support.providers import Provider
from tests.support.waiting import forever


class Straight:
    """What stands behind: gives the event as it is."""

    async def arrive(self, event: Event) -> Event:
        return event


def event(contact: UUID | None = None, **payload: Any) -> Event:
    now = datetime.now(UTC)
    return Event(
        7, "tg", "e1", contact or uuid4(), ReceivedMessage(**payload), now, "received", 0, 0, None, None
    )


class Clocks(Provider):
    """An app whose buttons show a spinner until we acknowledge the tap."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.stopped: list[tuple[Any, str]] = []
        self.error = error

    def tapped(self, thread: Mapping[str, str]) -> list[Request]:
        return [Request("stop", {"tap": thread["callback"]})] if "callback" in thread else []

    async def send(self, request: Request, key: str) -> Any:
        if self.error:
            raise self.error
        self.stopped.append((request.payload["tap"], key))


def tap(number: str = "1") -> Event:
    return event(button="b1", thread={"callback": number})


async def test_a_tap_is_answered_whoever_has_the_conversation() -> None:
    """It does not depend on the bot being asked: the clock turned for ever while an agent had the conversation."""
    app = Clocks()
    jobs = SideJobs(Straight(), tap=Taps({"tg": app}).acknowledge)
    await jobs.arrive(tap("42"))
    await jobs.settled()
    assert app.stopped == [("42", "7:tap:0")]


async def test_what_is_no_tap_stops_nothing() -> None:
    app = Clocks()
    taps = Taps({"tg": app, "line": Provider()})
    for one in (
        event(text="hi"),
        event(button="b1"),
        event(button="b1", thread={}),
        event(thread={"callback": "1"}),
    ):
        assert taps.acknowledge(one) is None
    assert Taps({"tg": Provider()}).acknowledge(tap()) is None and Taps({}).acknowledge(tap()) is None


async def test_an_app_that_does_not_listen_costs_the_citizen_nothing() -> None:
    jobs = SideJobs(Straight(), tap=Taps({"tg": Clocks(RetryLater("busy"))}).acknowledge)
    given = tap()
    assert await jobs.arrive(given) is given
    await jobs.settled()


async def test_one_thing_of_a_kind_at_a_time_for_each_contact_and_no_endless_queue() -> None:
    held, began = asyncio.Event(), 0

    async def hold() -> None:
        nonlocal began
        began += 1
        await held.wait()

    jobs = SideJobs(Straight(), name=lambda _: hold())
    same = uuid4()
    for _ in range(3):
        await jobs.arrive(event(same))
    for _ in range(side_jobs.WAITING + 50):
        await jobs.arrive(event())
    await asyncio.sleep(0)
    assert began == side_jobs.AT_ONCE
    held.set()
    await jobs.settled()
    assert began == side_jobs.WAITING


async def test_a_stop_waits_for_nothing() -> None:
    ended: list[str] = []

    async def long() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            ended.append("cut off")
            raise

    def work(_: Event) -> Coroutine[Any, Any, None]:
        return long()

    jobs = SideJobs(Straight(), one=work)
    await jobs.arrive(event())
    await asyncio.sleep(0)
    await jobs.stop()
    assert ended == ["cut off"]
