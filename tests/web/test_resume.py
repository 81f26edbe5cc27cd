"""No message is missing or repeated: dead servers, lost answers, closed tabs, expired sessions, poor connections."""

from __future__ import annotations

from playwright.async_api import expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, texts, write
from tests.web.fake_gateway import FakeGateway


async def test_server_killed_in_the_middle_of_a_reply(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "When is my bin collected?")
    await gateway.asked("GET stream")
    gateway.cut_events = 1
    await gateway.say("On Tuesday.")
    await gateway.until(lambda: gateway.cut_events == 0)
    await gateway.stop()
    await gateway.say("Put it out before 7.")
    await gateway.start()
    await expect(message(page, "Put it out before 7.")).to_have_count(1)
    await gateway.say("Anything else?")
    await expect(message(page, "Anything else?")).to_have_count(1)
    expected = ["When is my bin collected?", "On Tuesday.", "Put it out before 7.", "Anything else?"]
    assert await texts(page) == expected

    await page.reload()
    await open_chat(page)
    await expect(message(page, "Anything else?")).to_have_count(1)
    assert await texts(page) == expected


async def test_message_written_without_a_line_is_kept_and_sent_once(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await open_chat(page)
    gateway.unplugged = True
    await write(page, "There is a hole in the road")
    await write(page, "It is on Mill Street")
    await expect(message(page, "There is a hole")).to_contain_text("Not sent yet, trying again")
    await page.reload()
    await open_chat(page)
    await expect(message(page, "It is on Mill Street")).to_have_count(1)
    gateway.unplugged = False
    await expect(message(page, "It is on Mill Street")).to_contain_text("Sent")
    await expect(message(page, "There is a hole")).to_have_count(1)
    assert [one["text"] for one in gateway.contact.log] == [
        "There is a hole in the road",
        "It is on Mill Street",
    ]


async def test_lost_confirmation_does_not_double_the_message(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await expect(message(page, "Hello")).to_contain_text("Sent")
    gateway.mute_streams = True  # or the log would confirm the message before the widget asks again
    gateway.lose_answers = 2
    await write(page, "I lost my library card")
    await gateway.until(lambda: gateway.lose_answers == 0)
    gateway.mute_streams = False
    await gateway.say("You can get a new one.")
    await expect(message(page, "You can get a new one.")).to_have_count(1)
    assert await texts(page) == ["Hello", "I lost my library card", "You can get a new one."]
    assert len(gateway.contact.log) == 3


async def test_expired_session_begins_a_new_one_and_keeps_the_message(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "First")
    await expect(message(page, "First")).to_contain_text("Sent")
    gateway.contacts.clear()
    await write(page, "Second")
    await gateway.heard()
    await gateway.say("Welcome back.")
    await expect(message(page, "Welcome back.")).to_have_count(1)
    await expect(page.get_by_text("Your earlier conversation has expired")).to_be_visible()
    assert await texts(page) == ["Second", "Welcome back."]


async def test_refused_stream_falls_back_to_long_poll(gateway: FakeGateway, new_page: NewPage) -> None:
    gateway.refuse["GET stream"] = (502, "")
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await gateway.asked("wait=25")
    await gateway.say("Good morning.")
    await gateway.say("How can I help?")
    await expect(message(page, "How can I help?")).to_have_count(1)
    assert await texts(page) == ["Hello", "Good morning.", "How can I help?"]
    await expect(page.get_by_text("No connection.")).to_be_hidden()


async def test_stream_held_back_by_a_proxy_falls_back_to_long_poll(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    gateway.mute_streams = True
    page = await new_page()
    await page.clock.install()
    await open_chat(page)
    await write(page, "Hello")
    for count in (1, 2):
        await gateway.asked("GET stream", count)
        await page.clock.fast_forward(25_000)
    await gateway.asked("wait=25")
    await gateway.say("Good morning.")
    await expect(message(page, "Good morning.")).to_have_count(1)


async def test_two_tabs_share_one_conversation(gateway: FakeGateway, new_page: NewPage) -> None:
    first = await new_page()
    second = await first.context.new_page()
    await second.goto(gateway.url)
    await open_chat(first)
    await open_chat(second)
    await write(first, "From the first tab")
    await expect(message(second, "From the first tab")).to_have_count(1)
    await write(second, "From the second tab")
    await gateway.until(lambda: len(gateway.contact.log) == 2)
    await gateway.say("To both.")
    for page in (first, second):
        await expect(message(page, "To both.")).to_have_count(1)
        assert await texts(page) == ["From the first tab", "From the second tab", "To both."]


async def test_long_history_comes_back_whole(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "Hello")
    await expect(message(page, "Hello")).to_contain_text("Sent")
    for number in range(2, 452):
        await gateway.say(f"line {number}")
    await page.reload()
    await open_chat(page)
    await expect(message(page, "line 451")).to_have_count(1)
    assert await texts(page) == ["Hello", *(f"line {number}" for number in range(2, 452))]


async def test_refused_message_says_why_and_can_be_tried_again(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page()
    await open_chat(page)
    gateway.refuse["POST messages"] = (422, "This message cannot be read. Please write it as text.")
    await write(page, "Hello")
    await expect(message(page, "Hello")).to_contain_text("Not sent. This message cannot be read.")
    del gateway.refuse["POST messages"]
    await page.get_by_role("button", name="Try again").click()
    await expect(message(page, "Hello")).to_contain_text("Sent")
    assert len(gateway.contact.log) == 1


async def test_clearing_the_device_leaves_nothing_behind(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    await write(page, "My secret question")
    await expect(message(page, "My secret question")).to_contain_text("Sent")
    await page.get_by_role("button", name="Options").click()
    await page.get_by_role("button", name="Clear this chat").click()
    await page.get_by_role("button", name="Clear the chat").click()
    await expect(message(page, "My secret question")).to_have_count(0)
    await gateway.until(lambda: gateway.ended == set(gateway.contacts))
    kept = await page.evaluate("JSON.stringify(localStorage)")
    assert "secret" not in kept
    assert "token" not in kept
    await page.reload()
    await open_chat(page)
    assert await texts(page) == []
