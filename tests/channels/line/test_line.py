"""What arrives from LINE."""

import json

import jsonschema
import pytest

from channels.base import (
    Location,
)
from tests.channels.line import line_side
from tests.channels.line.line_side import FIXTURES, channel, only, parse
from tests.support.specimens.line import HEADER, PERSON, SECRET, batch, deliver, said

# What arrives


@pytest.mark.parametrize("name", FIXTURES)
def test_fixtures_are_what_line_documents(name: str) -> None:
    line_side.events().validate(json.loads(FIXTURES[name]))


def test_the_judge_sees_what_is_wrong() -> None:
    for damage in ({"text": 7}, {"type": "image"}, {"id": None}):
        document = json.loads(FIXTURES["text"])
        document["events"][0]["message"] |= damage
        with pytest.raises(jsonschema.ValidationError):
            line_side.events().validate(document)


@pytest.mark.slow
def test_lines_library_signs_and_reads_as_we_do() -> None:
    """It takes seconds to import, so only the tests that need it do."""
    from linebot.v3 import SignatureValidator, WebhookParser
    from linebot.v3.exceptions import InvalidSignatureError

    for name, body in FIXTURES.items():
        theirs = WebhookParser(SECRET).parse(body.decode(), deliver(body).headers[HEADER])
        assert [one.webhook_event_id for one in theirs] == [one.external_id for one in parse(name)]
    body = FIXTURES["text"]
    assert SignatureValidator(SECRET).validate(body.decode(), deliver(body).headers[HEADER])
    with pytest.raises(InvalidSignatureError):
        WebhookParser(SECRET).parse(body.decode(), deliver(body + b" ").headers[HEADER])


def test_the_verify_button_sends_no_event() -> None:
    channel().verify(deliver(FIXTURES["verify"]))
    assert parse("verify") == []


def test_a_text_keeps_what_a_reply_and_a_read_mark_need() -> None:
    inbound = only("text")
    assert (inbound.kind, inbound.text, inbound.contact) == ("message", "Où est la déchetterie ?", PERSON)
    assert inbound.external_id == "01KAMPQ7J1R2T3V4W5X6Y7Z801" and inbound.sent_at is not None
    assert inbound.thread == {"reply_token": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA01", "read_token": "30yhdy232wx7"}
    assert only("slash").text == "see /bottom of road"


def test_a_redelivery_has_the_same_id() -> None:
    first = json.loads(FIXTURES["redelivered"])
    first["events"][0]["deliveryContext"]["isRedelivery"] = False
    (inbound,) = channel().parse(deliver(json.dumps(first).encode()))
    assert inbound == only("redelivered")


def test_three_events_at_once_are_three() -> None:
    assert [(one.kind, one.text, one.button) for one in parse("three_at_once")] == [
        ("message", "One lamp is out", None),
        ("message", "on Elm Street", None),
        ("button", None, "q0Y_kq3Lw0aX-1bU"),
    ]


def test_files_and_places() -> None:
    assert only("image").media[0].content_type == "image/jpeg"
    assert only("image_of_a_set").thread["album"].startswith("E005")
    assert (only("file").media[0].name, only("audio").media[0].content_type) == ("plan.pdf", "audio/mp4")
    assert only("location").location == Location(40.7149, -74.0061, "Market Hall, 1 Market Square")
    assert only("pin").location == Location(40.714268, -74.005974)


def test_a_picture_that_is_not_lines_is_not_fetched() -> None:
    inbound = only("image_elsewhere")
    assert inbound.media == () and inbound.text == "https://pictures.example/1.jpg"


def test_who_blocks_us_is_unreachable_until_they_come_back() -> None:
    assert (only("unfollow").kind, only("unfollow").change) == ("contact", "unreachable")
    assert (only("follow").kind, only("follow").change) == ("contact", "reachable")


@pytest.mark.parametrize("name", ["standby", "group", "joined_group"])
def test_what_is_not_for_us_is_taken_and_ignored(name: str) -> None:
    assert only(name).kind == "ignored" and only(name).reason


def test_a_contact_is_lines_id_or_nobody() -> None:
    body = batch({**said(1, "x"), "source": {"type": "user", "userId": "../../etc"}})
    (found,) = channel().parse(deliver(body))
    assert (found.kind, found.contact) == ("ignored", "")


def test_a_sticker_without_words_is_a_message_that_cannot_be_read() -> None:
    found = only("sticker")
    assert (found.kind, found.text, found.media) == ("message", None, ()) and found.reason
