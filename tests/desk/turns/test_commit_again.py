"""A commit that fails for a moment is made again with the same answer: the bot is asked once about each message."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest

from desk.store.dialogue import turns
from desk.store.pool import Executor, Store
from tests.support.desk import Desk
from tests.support.fake_bot import hands_off

PASSING: tuple[Callable[[], Exception], ...] = (
    TimeoutError,
    ConnectionError,
    lambda: asyncpg.DeadlockDetectedError("two waited for each other"),
)


@pytest.mark.parametrize("make", PASSING, ids=["timeout", "connection", "deadlock"])
async def test_a_commit_that_fails_is_made_again_and_the_bot_is_not_asked_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, make: Callable[[], Exception]
) -> None:
    add_turn, failures = turns.add_turn, [make(), make()]

    async def failing(*values: object, **named: object) -> None:
        if failures:
            raise failures.pop()
        await add_turn(*values, **named)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(turns, "add_turn", failing)
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello", "You said: hello"]
    assert not failures and len(desk.bot.asked) == 1
    assert await desk.store.pool.fetchval("SELECT max(attempts) FROM events") == 1


async def test_a_commit_whose_reply_is_lost_is_not_made_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bot.behaviour = hands_off("asked")
    contact = await desk.contact()
    transaction = Store.transaction
    lost: list[str] = []

    @asynccontextmanager
    async def cut(self: Store) -> AsyncIterator[Executor]:
        async with transaction(self) as executor:
            yield executor
        if not lost and await self.pool.fetchval("SELECT count(*) FROM turns"):
            lost.append("the connection was cut after the commit")
            raise ConnectionError

    async with desk.working():
        monkeypatch.setattr(Store, "transaction", cut)
        await desk.send(contact, "a person please")
        log = await desk.settled(contact)
    assert lost and len(desk.bot.asked) == 1
    assert [m.author for m in log] == ["contact", "system"]
    assert (await desk.conversation(contact)).state == "queued"
    assert await desk.store.pool.fetchval("SELECT outcome FROM turns") == "handed_off"
