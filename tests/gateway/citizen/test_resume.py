"""Resuming by number: no message is missing or repeated, whatever happens in between."""

import asyncio

from tests.support.gateway import Citizen, RunningGateway, next_event
from tests.support.waiting import eventually


async def test_pages_of_two_hundred_cover_the_log_once(gateway: RunningGateway, citizen: Citizen) -> None:
    contact = await citizen.contact_id()
    for number in range(1, 452):
        await gateway.say(contact, f"message {number}")
    seen, after, pages = [], 0, 0
    while True:
        page = await citizen.poll(after)
        seen += [message["seq"] for message in page["messages"]]
        after, pages = page["last_seq"], pages + 1
        if not page["more"]:
            break
    assert seen == list(range(1, 452)) and pages == 3


async def test_a_long_poll_waits_for_the_first_message(gateway: RunningGateway, citizen: Citizen) -> None:
    contact = await citizen.contact_id()
    await gateway.say(contact, "one")
    waiting = asyncio.create_task(citizen.poll(after=1, wait=25))
    await eventually(lambda: gateway.live_readers(contact))
    assert not waiting.done()
    await gateway.say(contact, "two")
    async with asyncio.timeout(10):
        page = await waiting
    assert [message["text"] for message in page["messages"]] == ["two"]
    assert (page["last_seq"], page["more"]) == (2, False)


async def test_a_long_poll_without_news_comes_back_empty(citizen: Citizen) -> None:
    page = await citizen.poll(after=0, wait=1)
    assert (page["messages"], page["last_seq"]) == ([], 0)


async def test_bad_numbers_get_a_sentence(citizen: Citizen) -> None:
    for query in (
        "after=-1",
        "after=x",
        "after=99999999999999999999",
        "after=1&wait=-5",
        "after=1&wait=x",
        "after=１",
    ):
        status, body = await citizen.get(f"/chat/v1/messages?{query}")
        assert status == 400 and body["error"]["message"].endswith("."), query


async def test_windows_that_come_and_go_see_each_message_once(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    contact = await citizen.contact_id()
    total = 120

    async def worker() -> None:
        for number in range(1, total + 1):
            await gateway.say(contact, f"message {number}")

    async def streaming() -> list[int]:
        seen: list[int] = []
        lines = 0
        while len(seen) < total:
            # A line that breaks after a few messages, again and again, in the middle of the writing.
            async with citizen.stream(after=seen[-1] if seen else 0) as stream:
                for _ in range(7):
                    if len(seen) == total:
                        break
                    seen.append((await next_event(stream, "message"))["seq"])
            lines += 1
        assert lines > 10
        return seen

    async def polling() -> list[int]:
        seen: list[int] = []
        while len(seen) < total:
            page = await citizen.poll(after=seen[-1] if seen else 0, wait=20)
            seen += [message["seq"] for message in page["messages"]]
        return seen

    async with asyncio.timeout(120):
        results = await asyncio.gather(streaming(), polling(), polling(), worker())
    for seen in results[:3]:
        assert seen == list(range(1, total + 1))


async def test_a_stream_replays_then_follows(gateway: RunningGateway, citizen: Citizen) -> None:
    contact = await citizen.contact_id()
    await gateway.say(contact, "before")
    await gateway.say(contact, "also before")
    async with citizen.stream(after=1) as stream:
        first = await next_event(stream, "message")
        assert (first["seq"], first["text"], first["author"]) == (2, "also before", "bot")
        state = await next_event(stream, "state")
        assert state["owner"] == "bot"
        await gateway.say(contact, "after")
        assert (await next_event(stream, "message"))["seq"] == 3


async def test_a_stream_resumes_by_last_event_id(gateway: RunningGateway, citizen: Citizen) -> None:
    contact = await citizen.contact_id()
    for text in ("one", "two", "three"):
        await gateway.say(contact, text)
    async with gateway.http.get(
        f"{gateway.base}/chat/v1/stream", headers={**citizen.headers, "last-event-id": "2"}
    ) as answer:
        from tests.support.gateway import events_of

        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        assert (await next_event(events_of(answer), "message"))["text"] == "three"


async def test_a_text_cannot_break_out_of_its_event(gateway: RunningGateway, citizen: Citizen) -> None:
    text = "line\n\nevent: state\ndata: {}\r\nid: 99\u2028end"
    await gateway.say(await citizen.contact_id(), text)
    async with citizen.stream() as stream:
        assert (await next_event(stream, "message"))["text"] == text


async def test_too_many_windows_get_a_sentence_and_closing_one_helps(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    import contextlib

    async with contextlib.AsyncExitStack() as stack:
        for _ in range(9):
            await stack.enter_async_context(citizen.stream())
        async with citizen.stream():
            status, body = await citizen.get("/chat/v1/stream")
            assert (status, body["error"]["code"]) == (429, "too_many_windows")

        async def one_has_ended() -> bool:
            return await gateway.metric("civicdesk_streams") <= 9

        await eventually(one_has_ended)
        async with citizen.stream() as stream:
            assert await next_event(stream, "state")


async def test_a_window_that_goes_leaves_nothing_behind(gateway: RunningGateway, citizen: Citizen) -> None:
    contact = await citizen.contact_id()
    async with citizen.stream() as stream:
        await next_event(stream, "state")
        assert gateway.live_readers(contact) == 1

    async def nobody_is_left() -> bool:
        return not gateway.live_readers(contact) and not await gateway.metric("civicdesk_streams")

    await eventually(nobody_is_left)
