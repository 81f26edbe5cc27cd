"""What fails in the connectors of Rasa 3.6.21 (rasa/core/channels, by file and line), and does not here.

Each test is named after the failure. What is asked of every channel alike (signatures, batches, limits) is in
test_contract.py as well; that nothing forged is kept is in test_at_the_gateway.py.
"""

import aiohttp
import pytest

from channels.base import AnswersTaps, Button, Handshakes, NotAuthentic, RetryLater
from tests.channels.meta import meta_side
from tests.channels.meta.meta_side import BOTH, choices, kind_of, messages, only
from tests.channels.telegram.telegram_side import (
    CHANNEL,
    NAMES,
    bot_api,
    channel,
    error,
    fixture,
    parse,
    post,
)
from tests.support.specimens import sms, telegram
from tests.support.specimens.base import Specimen
from tests.support.specimens.meta_common import forgeries
from tests.support.specimens.meta_messaging import said, webhook
from tests.support.twilio_side import SMS
from tests.support.twilio_side import fixture as form
from tests.support.twilio_side import post as twilio_posts

# facebook.py


@BOTH
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "nothing"])
def test_the_request_does_not_choose_the_algorithm(specimen: Specimen, algorithm: str) -> None:
    """facebook.py:405-417 takes any name of hashlib from the header, MD5 too, and crashes on what is none."""
    body = specimen.fixtures()["text"]
    named = [
        forged
        for forged in forgeries(body).values()
        if any(value.startswith(algorithm) for value in forged.headers.values())
    ]
    assert named
    for forged in named:
        with pytest.raises(NotAuthentic):
            specimen.open().verify(forged)


@BOTH
def test_three_in_a_batch_are_three(specimen: Specimen) -> None:
    """facebook.py:98-105 returns inside its loops: one of three is handled."""
    found = meta_side.parse(
        specimen, webhook(kind_of(specimen), {"messaging": [said(f"{n}", n) for n in range(3)]})
    )
    assert [one.text for one in found if one.kind == "message"] == ["0", "1", "2"]


@BOTH
def test_standby_and_changes_do_not_crash(specimen: Specimen) -> None:
    """facebook.py:100 reads entry["messaging"]: standby and changes are a KeyError, answered with 500."""
    kind = kind_of(specimen)
    (owner, heard) = meta_side.parse(specimen, specimen.fixtures()["standby"])
    # Another app answers: ours only listens, and the desk is told to be silent before it gets the text.
    assert (owner.change, heard.kind, heard.text) == ("routed_away", "message", "Is somebody there?")
    (change,) = meta_side.parse(specimen, webhook(kind, {"changes": [{"field": "feed", "value": {}}]}))
    assert change.kind == "ignored"
    assert meta_side.parse(specimen, webhook(kind, {})) == []


@BOTH
@pytest.mark.parametrize("name", ["echo", "echo_of_an_image"])
def test_our_own_echo_is_not_answered(specimen: Specimen, name: str) -> None:
    """facebook.py:113-128 looks for is_echo in texts alone: the echo of an image is answered, and its echo, and so on."""
    assert only(specimen, name).kind in ("ignored", "receipt")


@BOTH
def test_the_page_is_never_a_citizen(specimen: Specimen) -> None:
    """Even an echo that does not say that it is one."""
    ours = said("Hello", 1)
    ours["sender"], ours["recipient"] = ours["recipient"], ours["sender"]
    (found,) = meta_side.parse(specimen, webhook(kind_of(specimen), {"messaging": [ours]}))
    assert found.kind == "ignored"


@BOTH
def test_four_buttons_are_four_and_long_text_is_split(specimen: Specimen) -> None:
    """facebook.py:184 drops the fourth button without a word, and sends more than 2,000 characters, which are refused."""
    (shown,) = messages(specimen, specimen.message(buttons=choices("One", "Two", "Three", "Four")))
    assert [one["payload"] for one in shown["quick_replies"]] == ["b0", "b1", "b2", "b3"]
    parts = messages(specimen, specimen.message("The office is open on weekdays. " * 200))
    assert len(parts) >= 4 and all(part["text"].endswith("weekdays.") for part in parts)


# telegram.py


def test_a_forged_telegram_post_is_refused() -> None:
    """telegram.py:215-226 knows no secret token: whoever knows the bot's name may post."""
    for body in telegram.SPECIMEN.fixtures().values():
        for forged in telegram.SPECIMEN.forgeries(body).values():
            with pytest.raises(NotAuthentic):
                CHANNEL.verify(forged)


@pytest.mark.parametrize(
    "name",
    ["blocked", "poll", "poll_in_chat", "poll_answer", "channel_post", "edited_channel_post", "edited"],
)
def test_my_chat_member_and_polls_and_other_updates_do_not_crash(name: str) -> None:
    """telegram.py:235-239 is an AttributeError without `message`: a 500, repeated for a day, and the chat is held up."""
    assert parse(name).kind in ("contact", "ignored", "message")


def test_see_bottom_of_road_arrives_whole() -> None:
    """telegram.py:237 takes "/bot" out of what a citizen writes: "see tom of road"."""
    update = fixture("text")
    update["message"]["text"] = "see /bottom of road"
    (found,) = CHANNEL.parse(post(update))
    assert found.text == "see /bottom of road"


def test_a_photo_with_a_caption_is_not_dropped() -> None:
    """telegram.py:243 takes neither, and answers nothing."""
    found = parse("photo_with_caption")
    assert found.text and len(found.media) == 1


def test_a_tap_is_answered_and_an_edit_is_no_new_message() -> None:
    """telegram.py:243 leaves a clock on the button for ever, and takes an edited message for another one."""
    assert isinstance(CHANNEL, AnswersTaps)
    assert [one.operation for one in CHANNEL.tapped(parse("button").thread)] == ["answerCallbackQuery"]
    assert parse("edited").edits


def test_4096_units_and_64_bytes_are_kept() -> None:
    """telegram.py sends longer texts and longer payloads, which Telegram refuses."""
    for request in CHANNEL.render(
        telegram.SPECIMEN.message("word " * 3_000, buttons=(Button("x" * 65, "A"),))
    ):
        telegram.SPECIMEN.within(request)


async def test_starting_and_reading_ask_telegram_nothing() -> None:
    """Rasa's asks who the bot is for each update, and does not start when Telegram is busy."""
    async with bot_api() as (api, http):
        api.next = [(429, error(429, "Too Many Requests: retry after 5", retry_after=5))]
        ours = channel(http, api_url=api.url)
        for name in NAMES:
            ours.verify(post(fixture(name)))
            ours.parse(post(fixture(name)))
        assert api.calls == [] and len(api.next) == 1


def test_nobody_sets_the_webhook_from_outside() -> None:
    """Rasa's does it for whoever asks for /set_webhook. A channel without a handshake answers no GET."""
    assert not isinstance(CHANNEL, Handshakes)


# twilio.py


def test_a_forged_twilio_post_is_refused() -> None:
    """twilio.py:129-146 looks at no signature."""
    for body in sms.SPECIMEN.fixtures().values():
        for forged in sms.SPECIMEN.forgeries(body).values():
            with pytest.raises(NotAuthentic):
                SMS.verify(forged)


def test_the_same_text_posted_twice_has_the_same_id() -> None:
    """twilio.py:129-146 does not look at MessageSid: a repeated post is a second message."""
    first, again = (SMS.parse(twilio_posts(form("text")))[0] for _ in range(2))
    assert first.external_id == again.external_id


def test_pictures_without_a_body_do_not_crash() -> None:
    """twilio.py:141-145 calls `replace` on None: a 500."""
    (found,) = SMS.parse(twilio_posts(form("photos_without_body")))
    assert found.media and found.text is None


def test_a_location_is_numbers_and_no_text_in_single_quotes() -> None:
    """twilio.py:137 makes /locationData{'Latitude': …} of it, which is no JSON."""
    (found,) = SMS.parse(twilio_posts(form("location")))
    assert found.location and isinstance(found.location.latitude, float) and "{" not in (found.text or "")


async def test_a_busy_twilio_is_asked_again_later() -> None:
    """twilio.py:36-50 blocks every other conversation while it waits, and gives a message up after one try."""
    async with sms.SPECIMEN.provider("busy") as settings, aiohttp.ClientSession() as http:
        busy = sms.SPECIMEN.open(http, **settings)
        (request,) = busy.render(sms.SPECIMEN.message())
        with pytest.raises(RetryLater):
            await busy.send(request, "m1:0")
