"""A bot that is down, slow, wrong, or whose conversation a person took: everybody gets a reply, and nothing is said twice."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web

from desk.worker import Timings
from tests.support.desk import Desk
from tests.support.fake_bot import Behaviour, Turn, WaitingBot, answer, echo, says
from tests.support.waiting import eventually


def _body(text: str, status: int = 200) -> Behaviour:
    async def behave(_turn: Turn) -> web.StreamResponse:
        return web.Response(text=text, status=status, content_type="application/json")

    return behave


def _changed(change: Callable[[dict[str, Any]], object]) -> Behaviour:
    async def behave(turn: Turn) -> web.StreamResponse:
        good = json.loads(answer(turn, {"text": "hello"}).text or "")
        change(good)
        return web.json_response(good)

    return behave


async def _hangs(_turn: Turn) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def _cuts_off(turn: Turn) -> web.StreamResponse:
    raise ConnectionResetError


BROKEN = {
    "500": _body('{"error": "crashed"}', 500),
    "401": _body('{"error": "signature"}', 401),
    "empty list": _body("[]"),
    "not JSON": _body("<html>It works!</html>"),
    "nothing": _body(""),
    "bad UTF-8": _body("\udcff".encode("utf-8", "surrogateescape").decode("latin-1")),
    "deeply nested": _body("[" * 100_000),
    "another message": _changed(lambda body: body.update(message_id=str(uuid4()))),
    "says nothing": _changed(lambda body: body.update(replies=[])),
    "says blanks": _changed(lambda body: body.update(replies=[{"text": " "}])),
    "no directives": _changed(lambda body: body.pop("directives")),
    "unknown directive": _changed(lambda body: body.update(directives=[{"type": "delete_everything"}])),
    "wrong directive": _changed(
        lambda body: body.update(directives=[{"type": "handoff", "reason": "bored"}])
    ),
    "wrong types": _changed(lambda body: body.update(replies=[{"text": 5}])),
    "too many replies": _changed(lambda body: body.update(replies=[{"text": "x"}] * 21)),
    "too large": _changed(lambda body: body.update(replies=[{"text": "x" * 300_000}])),
    "hangs": _hangs,
    "cuts off": _cuts_off,
}


@pytest.mark.parametrize("behaviour", BROKEN.values(), ids=BROKEN)
async def test_no_usable_answer_means_an_apology_and_a_person(desk: Desk, behaviour: Behaviour) -> None:
    desk.bot.behaviour = behaviour
    contact = await desk.contact()
    async with desk.working(try_seconds=0.3):
        await desk.send(contact, "hello?")
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system", "system"]
    assert "does not work right now" in log[1].text and "place in the queue: 1" in log[2].text
    conversation = await desk.conversation(contact)
    assert (conversation.state, conversation.handoff_reason) == ("queued", "failed")
    assert await desk.outcome(log[0]) == "failed"
    assert len(desk.bot.asked) <= 2


async def test_what_no_broken_answer_has_a_good_one_has(desk: Desk) -> None:
    desk.bot.behaviour = _changed(lambda body: None)
    contact = await desk.contact()
    async with desk.working(try_seconds=0.3):
        await desk.send(contact, "hello?")
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello?", "hello"]


async def test_one_failure_is_tried_again(desk: Desk) -> None:
    async def first_fails(turn: Turn) -> web.StreamResponse:
        return await (echo(turn) if len(desk.bot.asked) > 1 else _body("{}", 500)(turn))

    desk.bot.behaviour = first_fails
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello", "You said: hello"]
    assert {turn["message_id"] for turn in desk.bot.asked} == {str(log[0].id)}


async def test_messages_wait_for_a_bot_that_is_not_up_yet_and_are_answered(desk: Desk) -> None:
    await desk.bot.stop()
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "one")
        await desk.send(contact, "two")
        waiting = "SELECT count(*) FROM events WHERE waiting_since IS NOT NULL"
        await eventually(lambda: desk.store.pool.fetchval(waiting))
        # It is in the log at once, and no person was involved.
        assert [m.text for m in await desk.log(contact)] == ["one"]
        await desk.bot.start()
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["one", "You said: one", "two", "You said: two"]


async def test_a_bot_that_loads_its_model_is_waited_for(desk: Desk) -> None:
    async def loads(turn: Turn) -> web.StreamResponse:
        return await (echo(turn) if len(desk.bot.asked) > 3 else _body('{"error": "not_ready"}', 503)(turn))

    desk.bot.behaviour = loads
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        log = await desk.settled(contact)
    assert [m.text for m in log] == ["hello", "You said: hello"]


async def test_a_bot_that_never_comes_up_is_not_waited_for_for_ever(desk: Desk, patient: Timings) -> None:
    await desk.bot.stop()
    contact = await desk.contact()
    async with desk.working(timings=patient):
        await desk.send(contact, "one")
        await desk.send(contact, "two")
        log = await desk.settled(contact)
    # The second message finds the conversation in the queue, and is acknowledged without the bot.
    assert [m.author for m in log] == ["contact", "system", "system", "contact", "system"]
    assert (await desk.conversation(contact)).state == "queued"


async def test_an_answer_after_a_person_took_over_is_dropped(desk: Desk) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact, supervisor = await desk.contact(), await desk.agent(role="supervisor")
    async with desk.working():
        await desk.send(contact, "hello")
        await waiting_bot.reached.wait()
        await desk.ownership.claim(supervisor, (await desk.conversation(contact)).id)
        waiting_bot.opened.set()
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system"]
    assert "Ana" in log[1].text
    assert await desk.outcome(log[0]) == "dropped"


async def test_without_a_take_over_the_same_answer_is_said(desk: Desk) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        await waiting_bot.reached.wait()
        waiting_bot.opened.set()
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "bot"]


async def test_a_fence_that_moved_and_came_back_still_drops(desk: Desk) -> None:
    waiting_bot = WaitingBot()
    desk.bot.behaviour = waiting_bot
    contact, supervisor = await desk.contact(), await desk.agent(role="supervisor")
    async with desk.working():
        await desk.send(contact, "hello")
        await waiting_bot.reached.wait()
        conversation = await desk.conversation(contact)
        await desk.ownership.claim(supervisor, conversation.id)
        await desk.ownership.hand_back(supervisor, conversation.id)
        waiting_bot.opened.set()
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system", "system"]
    assert "back with the digital assistant" in log[2].text


async def test_a_value_the_database_refuses_is_no_reason_to_wait(desk: Desk) -> None:
    desk.bot.behaviour = says({"text": "hello"}, parse={"intent": "x", "confidence": 1e300})
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system", "system"]


async def test_an_error_of_our_own_ends_in_an_apology_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.bot.behaviour = says({"response": "utter_greet"})

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(desk.catalog, "compose", breaks)
    contact = await desk.contact()
    async with desk.working():
        await desk.send(contact, "hello")
        log = await desk.settled(contact)
    assert [m.author for m in log] == ["contact", "system", "system"]
    assert (await desk.conversation(contact)).handoff_reason == "failed"
