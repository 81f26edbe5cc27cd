"""What goes out by LINE: messages, keys and tokens."""

import pytest

from channels.base import (
    Button,
    MediaRef,
    RetryLater,
    Undeliverable,
)
from channels.kit.setup import ChannelSetup
from channels.line.channel import LineChannel
from tests.channels.line.line_side import CHOICES, KEY, PHOTO, REPLY, channel, line, messages
from tests.support.specimens.base import nobody
from tests.support.specimens.line import SPECIMEN

# What goes out


def test_long_text_and_photos_go_five_in_a_call_and_quick_replies_are_under_the_last() -> None:
    message = SPECIMEN.message("🦆 quack. " * 4_000, media=(PHOTO, PHOTO), buttons=CHOICES[:2])
    requests = channel().render(message)
    assert [len(messages(one)) for one in requests] == [5, 5]
    flat = [one for request in requests for one in messages(request)]
    assert ["quickReply" in one for one in flat] == [False] * 9 + [True]


def test_a_button_shows_its_whole_title_when_tapped() -> None:
    title = "Report a broken street light"
    (request,) = channel().render(SPECIMEN.message(buttons=(Button("b1", title), Button("b2", title + "s"))))
    actions = [item["action"] for item in messages(request)[0]["quickReply"]["items"]]
    assert [one["displayText"] for one in actions] == [title, title + "s"]
    assert len({one["label"] for one in actions}) == 2


def test_a_place_is_asked_for_with_lines_own_button_beside_the_others() -> None:
    (request,) = channel().render(SPECIMEN.message(asks_location=True, buttons=CHOICES[:1]))
    actions = [item["action"] for item in messages(request)[0]["quickReply"]["items"]]
    assert [one["type"] for one in actions] == ["location", "postback"]
    (request,) = channel().render(SPECIMEN.message(asks_location=True, buttons=CHOICES[:13]))
    assert "13. Choice number 13" in messages(request)[0]["text"]


def test_a_file_needs_an_address_that_line_calls() -> None:
    with pytest.raises(Undeliverable):
        channel().render(SPECIMEN.message(media=(MediaRef("m1", "image/jpeg", None, None),)))
    plain = MediaRef("m1", "image/jpeg", None, "http://desk.example/media/m1")
    (request,) = channel().render(SPECIMEN.message(media=(plain,)))
    assert messages(request)[1] == {"type": "text", "text": plain.url}, "as a link, for the citizen to open"
    (request,) = channel().render(
        SPECIMEN.message(media=(MediaRef("m2", "application/pdf", None, PHOTO.url),))
    )
    assert messages(request)[1] == {"type": "text", "text": PHOTO.url}


# Keys and tokens


async def test_a_push_whose_answer_was_lost_is_sent_again_and_arrives_once() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url)
        (request,) = ours.render(SPECIMEN.message())
        fake.next = [None]
        with pytest.raises(RetryLater) as raised:
            await ours.send(request, KEY)
        assert raised.value.accepted_unknown is False
        again = await ours.send(request, KEY)
        assert again.external_id == "461230"
        assert len(fake.seen) == 1 and len(fake.keys) == 1
        await ours.send(request, KEY.replace(":0", ":1"))
        assert len(fake.seen) == 2


async def test_two_inboxes_have_different_keys_for_the_same_message() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url)
        await ours.send(ours.render(SPECIMEN.message())[0], KEY)
        settings = {**SPECIMEN.settings, "api_url": fake.url}
        other = LineChannel(ChannelSetup(nobody, settings, "line-two", http=http))
        await other.send(ours.render(SPECIMEN.message())[0], KEY)
        assert len(fake.keys) == 2


async def test_a_free_reply_is_tried_first_and_pushed_when_its_token_is_used() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url, free_replies="yes")
        fake.reply_tokens.add(REPLY["reply_token"])
        (request,) = ours.render(SPECIMEN.message("first", thread=REPLY))
        assert (await ours.send(request, KEY)).external_id == "461230"
        (request,) = ours.render(SPECIMEN.message("second", thread=REPLY))
        await ours.send(request, KEY + "1")
        assert [path.rpartition("/")[2] for path, _ in fake.calls] == ["reply", "reply", "push"]
        assert fake.said == ["first", "second"]


async def test_only_the_first_call_may_use_the_reply_token() -> None:
    requests = channel(free_replies="yes").render(SPECIMEN.message("🦆 quack. " * 3_000, thread=REPLY))
    assert [one.operation for one in requests] == ["reply", "push"]
    assert [one.operation for one in channel().render(SPECIMEN.message(thread=REPLY))] == ["push"]


async def test_a_reply_whose_answer_was_lost_is_never_lost_itself() -> None:
    async with line() as (fake, http):
        ours = channel(http, api_url=fake.url, free_replies="yes")
        fake.reply_tokens.add(REPLY["reply_token"])
        (request,) = ours.render(SPECIMEN.message("hello", thread=REPLY))
        fake.next = [None]
        with pytest.raises(RetryLater):
            await ours.send(request, KEY)
        await ours.send(request, KEY)
        assert fake.said == ["hello", "hello"]  # the price of free replies, named in the setting's help
