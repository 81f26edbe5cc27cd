"""What arrives from Telegram."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import (
    AnswersTaps,
    Inbound,
    Location,
    MediaRef,
    NotAuthentic,
    Request,
    ShowsTyping,
    Webhook,
)
from tests.channels.telegram.telegram_side import CHANNEL, CITIZEN, NAMES, SECRET, fixture, judge, parse, post

# What arrives


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-telegram-bot-api-secret-token": ""}, {"x-telegram-bot-api-secret-token": SECRET + "x"}],
)
def test_a_forged_post_is_refused(headers: dict[str, str]) -> None:
    forged = post(fixture("text"))
    CHANNEL.verify(forged)
    with pytest.raises(NotAuthentic):
        CHANNEL.verify(Webhook(headers, forged.body))


@pytest.mark.parametrize("name", NAMES)
def test_fixtures_are_what_telegram_documents(name: str) -> None:
    update = fixture(name)
    assert judge().update(update) == []
    assert parse(name).external_id == str(update["update_id"])


def test_the_judge_sees_what_is_wrong() -> None:
    update = fixture("text")
    assert judge().update({**update, "message": {**update["message"], "date": "today"}}) == [
        "Update.message.date is no Integer"
    ]
    del update["message"]["chat"]["id"]
    assert judge().update({**update, "extra": 1}) == [
        "Update.extra is not known",
        "Update.message.chat.id is missing",
    ]


def test_a_text_names_who_wrote_and_in_which_language() -> None:
    assert parse("text") == Inbound(
        external_id="902144001",
        contact=CITIZEN,
        kind="message",
        text="Bonjour, quand passe la collecte des bacs ?",
        name="Amélie Roy",
        language="fr",
        sent_at=datetime(2026, 11, 22, 9, 38, 31, tzinfo=UTC),
        ref="71530042:311",
    )


def test_a_slash_inside_a_text_stays() -> None:
    assert parse("slash").text == "see /bottom of road"


def test_the_start_button_is_a_greeting_in_the_citizens_language() -> None:
    assert parse("start").text == "Bonjour"
    assert parse("start_link").thread == {"start": "poster-12"}
    odd = fixture("start")
    odd["message"]["text"] = "/start the pump again"
    assert CHANNEL.parse(post(odd))[0].text == "/start the pump again"


def test_a_photo_keeps_its_caption_and_the_largest_size_is_taken() -> None:
    inbound = parse("photo_with_caption")
    assert inbound.text == "Nid-de-poule devant le 12"
    assert inbound.media == (MediaRef("AgACAgIAAxkBAAI7p1280", "image/jpeg"),)
    assert parse("photo").text is None and parse("photo").media


def test_an_album_is_three_photos_that_belong_together() -> None:
    album = [parse(f"album_{number}") for number in (1, 2, 3)]
    assert len({one.external_id for one in album}) == len({one.media for one in album}) == 3
    assert {one.thread["album"] for one in album} == {"13644881230987"}
    assert [one.text for one in album] == ["Trois vues du même arbre", None, None]


def test_files_and_voices_are_passed_on_with_their_type() -> None:
    assert parse("picture_as_file").media == (MediaRef("BQACAgIAAxkBAAIDoc", "image/png", "lamp.png"),)
    assert parse("voice").media[0].content_type == "audio/ogg"
    assert parse("sticker").text == "👍"
    # Telegram gives no type for a video note.
    message = {"message_id": 7, "date": 1795363200, "chat": {"id": 71530042, "type": "private"}}
    (note,) = CHANNEL.parse(post({"update_id": 9, "message": {**message, "video_note": {"file_id": "n1"}}}))
    assert note.media == (MediaRef("n1", "video/mp4"),)


def test_a_pin_and_a_venue_are_places() -> None:
    assert parse("location").location == Location(40.714268, -74.005974)
    assert parse("venue").location == Location(40.7149, -74.0061, "Market Hall, 1 Market Square")


def test_only_ones_own_number_becomes_the_contacts_number() -> None:
    assert (parse("own_number").text, parse("own_number").phone) == ("+12125550142", "+12125550142")
    assert (parse("number_of_another").text, parse("number_of_another").phone) == (
        "Ray, +12125550199",
        None,
    )


@pytest.mark.parametrize(
    ("name", "data"), [("button", "p9Z_kq3Lw0aX-1bT"), ("button_of_old_message", "q0Y_kq3Lw0aX-1bU")]
)
def test_a_tapped_button_is_its_payload(name: str, data: str) -> None:
    inbound = parse(name)
    assert (inbound.kind, inbound.button, inbound.contact) == ("button", data, CITIZEN)


def test_a_tapped_button_stops_its_clock() -> None:
    assert isinstance(CHANNEL, ShowsTyping) and isinstance(CHANNEL, AnswersTaps)
    (stops,) = CHANNEL.tapped(parse("button").thread)
    assert stops == Request("answerCallbackQuery", {"callback_query_id": "307210981270019983"})
    assert CHANNEL.tapped({}) == []
    (typing,) = CHANNEL.typing(CITIZEN, "1", parse("button").thread)
    assert typing.operation == "sendChatAction"
    calls = [stops, typing]
    assert not [wrong for call in calls for wrong in judge().call(call.operation, dict(call.payload))]


def test_who_blocks_us_is_unreachable_until_they_come_back() -> None:
    assert (parse("blocked").kind, parse("blocked").change) == ("contact", "unreachable")
    assert (parse("unblocked").change, parse("unblocked").contact) == ("reachable", CITIZEN)


def test_a_group_that_moved_says_where_to() -> None:
    assert (parse("migrated").change, parse("migrated").moved_to) == ("moved", "-1002233445566")


@pytest.mark.parametrize(
    "name",
    [
        *("poll", "poll_answer", "channel_post", "edited_channel_post", "reaction"),
        *("live_position", "group_message", "group_button", "added_to_group"),
    ],
)
def test_what_is_not_for_us_is_taken_and_ignored(name: str) -> None:
    inbound = parse(name)
    assert (inbound.kind, inbound.text, inbound.button) == ("ignored", None, None)
    assert inbound.reason and "Is this" not in inbound.reason


def test_a_poll_of_a_citizens_is_a_message_that_cannot_be_read() -> None:
    found = parse("poll_in_chat")
    assert (found.kind, found.text, found.contact) == ("message", None, CITIZEN)
    assert found.reason and "Tree" not in found.reason


@given(st.text(max_size=200))
def test_citizens_text_is_cleaned_and_nothing_visible_is_lost(text: str) -> None:
    update = fixture("text")
    update["message"]["text"] = f"a{text}b"
    got = CHANNEL.parse(post(update))[0].text or ""
    assert "\x00" not in got and got.startswith("a") and got.endswith("b")
