"""The real channels at work for the desk: what citizens see while the bot thinks, and what happens to refused messages."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from channels.base import Channel
from city import InboxConfig
from desk.store.outbound import dead_letters
from tests.support.desk import Desk
from tests.support.fake_bot import WaitingBot, says
from tests.support.sockets import serving
from tests.support.specimens import SPECIMENS, instagram, line, messenger, telegram, whatsapp
from tests.support.specimens.base import Specimen
from tests.support.waiting import eventually

SHOWN = {
    # What each provider is told: that it was read, that somebody writes.
    "whatsapp": ["read"],
    "messenger": ["mark_seen", "typing_on"],
    "instagram": ["mark_seen", "typing_on"],
    "telegram": ["typing"],
    "line": ["read", "loading"],
}
present = pytest.mark.parametrize(
    "specimen",
    [one.SPECIMEN for one in (whatsapp, messenger, instagram, telegram, line)],
    ids=lambda one: one.channel,
)


def with_inboxes(desk: Desk, *names: str) -> None:
    inboxes = [InboxConfig(name=name, channel=name) for name in names]
    desk.city = msgspec.structs.replace(desk.city, inboxes=(*desk.city.inboxes, *inboxes))


async def written(desk: Desk, specimen: Specimen, channel: Channel) -> None:
    """A citizen's text, as the provider posts it, now."""
    arrival = specimen.deliver(specimen.fixtures()["text"])
    channel.verify(arrival)
    found = [replace(one, sent_at=None) for one in channel.parse(arrival)]
    await desk.intake.receive(specimen.channel, found)


def action(call: dict[str, Any]) -> str | None:
    """What a call shows beside a message; None for a message."""
    if "markAsReadToken" in call or "loadingSeconds" in call:
        return "read" if "markAsReadToken" in call else "loading"
    return call.get("status") or call.get("sender_action") or call.get("action")


@asynccontextmanager
async def platform(
    specimen: Specimen, calls: list[dict[str, Any]], typing: int = 200
) -> AsyncIterator[Channel]:
    """The channel at a provider that takes messages, and answers everything else with the status `typing`."""

    async def answer(request: web.Request) -> web.Response:
        call = await request.json() if request.method == "POST" else {}
        if request.method == "POST":
            calls.append(call)
        taken = {"messages": [{"id": "wamid.1"}], "message_id": "m_1", "result": {"message_id": 1}}
        return web.json_response(taken, status=200 if action(call) is None else typing)

    async with serving(answer) as url, aiohttp.ClientSession() as http:
        yield specimen.open(http, api_url=url, names="no")


@present
async def test_the_citizen_sees_that_it_was_read_and_that_somebody_writes_until_the_answer(
    desk: Desk, specimen: Specimen
) -> None:
    with_inboxes(desk, specimen.channel)
    calls: list[dict[str, Any]] = []
    thinking = desk.bot.behaviour = WaitingBot(says({"text": "On Tuesday."}))
    wanted = SHOWN[specimen.channel]
    async with (
        platform(specimen, calls) as channel,
        desk.working(city=desk.city, channels={specimen.channel: channel}),
    ):
        await written(desk, specimen, channel)
        await thinking.reached.wait()
        await eventually(lambda: _true(len(calls) >= len(wanted)))
        assert [action(one) for one in calls] == wanted
        thinking.opened.set()
        await eventually(lambda: _all(desk, "sent"))
    assert [action(one) for one in calls] == [*wanted, None], "after the answer nobody writes any more"


@present
async def test_who_cannot_show_it_answers_all_the_same(desk: Desk, specimen: Specimen) -> None:
    with_inboxes(desk, specimen.channel)
    calls: list[dict[str, Any]] = []
    desk.bot.behaviour = says({"text": "On Tuesday."})
    async with (
        platform(specimen, calls, typing=500) as channel,
        desk.working(city=desk.city, channels={specimen.channel: channel}),
    ):
        await written(desk, specimen, channel)
        await eventually(lambda: _all(desk, "sent"))
    assert await desk.store.pool.fetchval("SELECT count(*) FROM inbox_health WHERE probing") == 0


_SPECIMENS = {one.channel: one for one in SPECIMENS}
TOO_LONG: dict[str, tuple[int, Any]] = {
    # How each says that a text is longer than it takes: if a figure of ours is above theirs, this is what happens.
    # A mail is never cut; one too big is refused like any other (test_contract_sending.py).
    "whatsapp": (
        400,
        {"error": {"code": 100, "message": "Param text['body'] must be at most 1 characters long."}},
    ),
    "messenger": (
        400,
        {"error": {"code": 100, "message": "(#100) Length of param message[text] must be less"}},
    ),
    "instagram": (
        400,
        {"error": {"code": 100, "message": "(#100) Length of param message[text] must be less"}},
    ),
    "line": (
        400,
        {"message": "The request body has 1 error(s)", "details": [{"property": "messages[0].text"}]},
    ),
    "telegram": (400, {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}),
    "sms": (
        400,
        {"code": 21617, "message": "The concatenated message body exceeds the limit", "status": 400},
    ),
}


async def test_what_a_provider_finds_too_long_is_a_dead_letter_on_every_channel_and_no_silence(
    desk: Desk,
) -> None:
    """A person gets the conversation, sees it as failed there with the provider's reason, and can send it again."""
    with_inboxes(desk, *TOO_LONG)
    desk.bot.behaviour = says({"text": "a long answer with secret words"})
    opened: dict[str, Channel] = {}
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        for name, (status, document) in TOO_LONG.items():
            url = await stack.enter_async_context(serving(_answering(status, document)))
            opened[name] = _SPECIMENS[name].open(http, api_url=url, names="no")
        async with desk.working(city=desk.city, channels=opened):
            for name, channel in opened.items():
                await written(desk, _SPECIMENS[name], channel)
            await eventually(lambda: _all(desk, "dead", 2 * len(opened)))
    letters = await dead_letters.list_dead_letters(desk.store.pool)
    assert {one.inbox for one in letters} == set(TOO_LONG)
    assert all(one.error and "secret words" not in one.error for one in letters)
    failed = await desk.store.pool.fetch("SELECT status FROM messages WHERE author = 'bot'")
    assert {row["status"] for row in failed} == {"failed"}
    states = await desk.store.pool.fetch("SELECT state, handoff_reason FROM conversations")
    assert [tuple(row) for row in states] == [("queued", "failed")] * len(opened)
    stopped = await desk.store.pool.fetchval(
        "SELECT count(*) FROM inbox_health WHERE stopped_at IS NOT NULL OR probing"
    )
    assert stopped == 0, "one message too long says nothing about the inbox"
    marked = await desk.store.pool.fetchval("SELECT count(*) FROM contacts WHERE unreachable_at IS NOT NULL")
    assert marked == 0, "nor about the citizen"


async def test_what_an_sms_costs_is_counted(desk: Desk) -> None:
    with_inboxes(desk, "sms")
    desk.bot.behaviour = says({"text": "On Tuesday. " * 30})
    taken = {"sid": "SM" + "0" * 32, "num_segments": "3"}
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        url = await stack.enter_async_context(serving(_answering(201, taken)))
        sms = _SPECIMENS["sms"].open(http, api_url=url)
        (worker,) = await stack.enter_async_context(desk.working(city=desk.city, channels={"sms": sms}))
        await written(desk, _SPECIMENS["sms"], sms)
        await eventually(lambda: _all(desk, "sent"))
    counted = worker.metrics.registry.get_sample_value("civicdesk_delivered_units_total", {"inbox": "sms"})
    assert counted == 3


def _answering(status: int, document: Any) -> Any:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response(document, status=status)

    return answer


async def _true(done: bool) -> bool:
    return done


async def _all(desk: Desk, state: str, count: int = 1) -> bool:
    rows = await desk.store.pool.fetch("SELECT state FROM outbox")
    return len(rows) == count and {row["state"] for row in rows} == {state}
