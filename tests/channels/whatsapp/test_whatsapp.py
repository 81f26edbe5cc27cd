"""What arrives from WhatsApp, and how our messages are shown there."""

from typing import Any

import pytest

from channels.base import (
    Button,
    Inbound,
    MediaRef,
    Outbound,
    Template,
    Undeliverable,
    WindowClosed,
)
from tests.support.specimens.meta_common import deliver
from tests.support.specimens.whatsapp import PERSON, SPECIMEN, contact, said, value, webhook

KEY = "4b6f3d0e-0000-4000-8000-000000000001:0"


def parse(body: bytes) -> list[Inbound]:
    return SPECIMEN.open().parse(deliver(body))


def fixture(name: str) -> Inbound:
    (found,) = parse(SPECIMEN.fixtures()[name])
    return found


def shapes(outbound: Outbound) -> list[Any]:
    return [request.payload for request in SPECIMEN.open().render(outbound)]


# --- who


def test_a_contact_is_the_user_id_and_a_number_is_only_known_if_it_is_given() -> None:
    assert (fixture("text").contact, fixture("text").phone) == (PERSON, None)
    known = fixture("text_with_number")
    assert (known.contact, known.phone, known.name) == (PERSON, "+16505551234", "Ana Diaz")
    old = fixture("text_without_user_id")
    assert (old.contact, old.phone) == ("16505551234", "+16505551234")


def test_in_a_batch_nobody_gets_anothers_name() -> None:
    people = [contact("US.1", "Ana"), contact("US.2", "Ben")]
    found = parse(
        webhook(
            value(
                contacts=people, messages=[said("a", 1, "US.2"), said("b", 2, "US.1"), said("c", 3, "US.3")]
            )
        )
    )
    assert [(one.contact, one.name) for one in found] == [("US.2", "Ben"), ("US.1", "Ana"), ("US.3", None)]


def test_a_new_number_or_a_new_user_id_moves_the_contact() -> None:
    moved = fixture("number_changed")
    assert (moved.kind, moved.change, moved.contact, moved.moved_to) == (
        "contact",
        "moved",
        "16505551234",
        "12195555358",
    )
    rotated = fixture("user_id_changed")
    assert (rotated.change, rotated.contact, rotated.moved_to) == ("moved", PERSON, "US.20000000000000000001")


def test_a_name_cannot_move_somebody_else() -> None:
    """The sentence holds the name a person chose; what Meta wrote comes last."""
    name = "Eve changed from US.VICTIM to US.EVE"
    event = {
        "id": "wamid.1",
        "timestamp": "1",
        "type": "system",
        "system": {
            "type": "user_changed_user_id",
            "user_id": "US.2",
            "body": f"User {name} changed from US.1 to US.2",
        },
    }
    (found,) = parse(webhook(value(messages=[event])))
    assert (found.contact, found.moved_to) == ("US.1", "US.2")


def test_another_number_of_the_business_is_another_inbox() -> None:
    change = value(contacts=[contact()], messages=[said("hello")])
    change["value"]["metadata"]["phone_number_id"] = "999"
    (found,) = parse(webhook(change))
    assert found.kind == "ignored" and found.reason


# --- what


def test_what_cannot_be_read_is_a_message_all_the_same() -> None:
    """The desk answers that it cannot read it; silence would be the worst answer."""
    for name in ("sticker", "order", "unsupported"):
        found = fixture(name)
        assert (found.kind, found.text, found.media) == ("message", None, ()) and found.reason, name
    broken = {**said("x"), "text": {"body": 7}}
    assert [one.kind for one in parse(webhook(value(contacts=[contact()], messages=[broken])))] == ["message"]


def test_an_event_without_an_id_takes_no_other_with_it() -> None:
    found = parse(webhook(value(contacts=[contact()], messages=[{"type": "text"}, 7, said("kept")])))
    # With one contact in the webhook, the message without a sender is theirs; it is told that nothing was read.
    assert [(one.kind, one.text) for one in found] == [
        ("message", None),
        ("ignored", None),
        ("message", "kept"),
    ]
    assert found[0].unshown


def test_files_of_every_kind_are_handed_on() -> None:
    image, voice, letter = fixture("image"), fixture("voice"), fixture("document")
    assert image.text == "The lamp in front of number 12"
    assert image.media == (MediaRef("1003383421387256", "image/jpeg"),)
    assert voice.media == (MediaRef("1234567890987654", "audio/ogg"),)
    assert letter.media == (MediaRef("1234567890987655", "application/pdf", "letter.pdf"),)
    # Without a type it is what its field says.
    untyped = {**said("x"), "type": "video", "video": {"id": "3", "caption": "see"}}
    assert parse(webhook(value(contacts=[contact()], messages=[untyped])))[0].media == (
        MediaRef("3", "video/mp4"),
    )


def test_a_tap_is_a_button_with_its_words() -> None:
    assert (fixture("button_reply").button, fixture("button_reply").text) == ("b0c1", "Yes, that is right")
    assert fixture("list_reply").button == "b0c2" and fixture("template_button").button == "b0c3"


def test_a_pin_has_its_label() -> None:
    place = fixture("location").location
    assert place is not None and place.label == "Town hall, 1 Market Square, Lindenport"
    assert (bare := fixture("location_without_label").location) and bare.label is None


def test_statuses_name_our_key_where_there_is_one() -> None:
    assert fixture("status_sent").receipt == (KEY, "sent")
    assert fixture("status_delivered").receipt == ("wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI5", "delivered")
    assert fixture("status_played").receipt == ("wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI5", "read")
    failed = fixture("status_failed")
    assert failed.receipt and failed.receipt[1] == "failed" and failed.reason == "code 131047"
    assert failed.shut, "WhatsApp took it, and says only now that the window was over"
    assert not fixture("status_delivered").shut
    ids = {
        fixture(f"status_{name}").external_id for name in ("sent", "delivered", "read", "played", "failed")
    }
    assert len(ids) == 5


# --- how it is shown


def test_up_to_three_short_titles_are_buttons_more_are_a_list_and_many_are_numbers() -> None:
    def kinds(*titles: str) -> list[str]:
        made = tuple(Button(f"b{number}", title) for number, title in enumerate(titles))
        return [
            one["interactive"]["type"] if "interactive" in one else one["type"]
            for one in shapes(SPECIMEN.message(buttons=made))
        ]

    assert kinds("Yes", "No", "Maybe") == ["button"]
    assert kinds("Yes", "No", "Maybe", "Never") == ["list"]
    assert kinds("A title of twenty-four ch") == ["list"]
    assert kinds(*(f"Choice {number}" for number in range(11))) == ["text"]


def test_a_list_shows_the_whole_title_below_the_short_one() -> None:
    long = "Something is wrong with the water in my street"
    (shape,) = shapes(SPECIMEN.message(buttons=(Button("b1", long), Button("b2", "Other"))))
    first, second = shape["interactive"]["action"]["sections"][0]["rows"]
    assert first["description"] == long and len(first["title"]) <= 24
    assert second == {"id": "b2", "title": "Other"}


def test_long_text_above_buttons_is_two_messages_not_five() -> None:
    sentence = "The office is open on weekdays. "
    first, last = shapes(SPECIMEN.message(sentence * 100, buttons=(Button("b1", "Thanks"),)))
    assert first["type"] == "text" and len(first["text"]["body"]) > 2_000
    assert last["interactive"]["body"]["text"].endswith("weekdays.")


def test_a_place_is_asked_for_with_whatsapps_own_control() -> None:
    (shape,) = shapes(SPECIMEN.message("Where is it?", asks_location=True))
    assert shape["interactive"] == {
        "type": "location_request_message",
        "body": {"text": "Where is it?"},
        "action": {"name": "send_location"},
    }
    (both,) = shapes(SPECIMEN.message("Where is it?", asks_location=True, buttons=(Button("b1", "Skip"),)))
    assert both["interactive"]["body"]["text"] == "Where is it?\n\n1. Skip"


def test_a_user_id_is_a_recipient_and_a_number_is_to() -> None:
    (by_id,) = shapes(SPECIMEN.message())
    assert by_id["recipient"] == PERSON and "to" not in by_id
    (by_number,) = shapes(Outbound("id", "16505551234", "Hello", "en"))
    assert by_number["to"] == "16505551234" and "recipient" not in by_number


def test_outside_the_window_only_a_template_goes() -> None:
    with pytest.raises(WindowClosed):
        shapes(SPECIMEN.message(window_open=False))
    template = Template("case_update", "pt-BR", ("SR-1",))
    (shape,) = shapes(SPECIMEN.message(window_open=False, template=template))
    assert shape["template"] == {
        "name": "case_update",
        "language": {"policy": "deterministic", "code": "pt_BR"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "SR-1"}]}],
    }
    (open_,) = shapes(SPECIMEN.message("Hello", template=template))
    assert open_["type"] == "text"


def test_a_file_without_an_address_is_said_so() -> None:
    with pytest.raises(Undeliverable):
        shapes(SPECIMEN.message(media=(MediaRef("m1", "image/jpeg"),)))
