"""What arrives from Messenger and Instagram."""

from typing import Any

import pytest

from channels.base import Inbound, NotAuthentic, Unshown
from tests.channels.meta.meta_side import BOTH, INSTAGRAM, KEY, PAGE, kind_of, only, parse, told
from tests.support.specimens.base import Specimen
from tests.support.specimens.meta_common import signed
from tests.support.specimens.meta_messaging import ACCOUNT, APP_ID, OTHER_APP, PERSON, event, said, webhook

# --- what arrives


@BOTH
def test_where_a_message_stands_says_whose_the_thread_is(specimen: Specimen) -> None:
    """Ownership also ends by itself, after a day, and no event says so."""
    owner, message = parse(specimen, specimen.fixtures()["text"])
    assert (owner.kind, owner.change, owner.contact) == ("contact", "routed_here", PERSON)
    assert (message.kind, message.text) == ("message", "There is a pothole in Elm Street.")


@BOTH
def test_threads_are_passed_and_taken(specimen: Specimen) -> None:
    here, away = only(specimen, "pass_thread_control"), only(specimen, "take_thread_control")
    assert (here.contact, here.change) == (PERSON, "routed_here")
    assert (away.contact, away.change) == (PERSON, "routed_away")

    def change(content: dict[str, Any], **parties: Any) -> Inbound:
        body = webhook(kind_of(specimen), {"messaging": [{**event(content), **parties}]})
        (found,) = parse(specimen, body)
        return found

    passed_on = change(
        {"pass_thread_control": {"previous_owner_app_id": APP_ID, "new_owner_app_id": int(OTHER_APP)}}
    )
    assert passed_on.change == "routed_away"
    # Older events name the loser alone, and have the citizen as the recipient.
    lost = change(
        {"take_thread_control": {"previous_owner_app_id": APP_ID}},
        sender={"id": ACCOUNT},
        recipient={"id": PERSON},
    )
    assert (lost.contact, lost.change) == (PERSON, "routed_away")
    assert change({"take_thread_control": {"metadata": "?"}}).kind == "ignored"


@BOTH
def test_taps_are_buttons_with_their_words(specimen: Specimen) -> None:
    assert (only(specimen, "quick_reply").button, only(specimen, "quick_reply").text) == (
        "b0c1",
        "Street light",
    )
    assert (only(specimen, "postback").button, only(specimen, "postback").kind) == ("b0c2", "button")
    bare = event({"postback": {"mid": "m_1", "title": "Yes"}})
    found = parse(specimen, webhook(kind_of(specimen), {"standby": [bare]}))[1]
    assert (found.kind, found.text, found.button) == ("message", "Yes", None)


@BOTH
def test_photos_come_with_their_words(specimen: Specimen) -> None:
    found = only(specimen, "two_images_with_text")
    assert found.text == "Both sides of it"
    assert [(one.content_type, one.id.startswith("https://scontent.")) for one in found.media] == [
        ("image/jpeg", True)
    ] * 2
    assert only(specimen, "voice").media[0].content_type == "audio/mp4"


def test_messengers_own_kinds() -> None:
    place = only(PAGE, "location").location
    assert place is not None and (place.latitude, place.longitude) == (40.7128, -74.006)
    assert only(PAGE, "like").text == "👍" and only(PAGE, "like").media == ()
    assert only(PAGE, "shared_link").text == "Bins https://www.lindenport.example/bins"
    assert (only(PAGE, "get_started").kind, only(PAGE, "get_started").text) == ("message", "Hello")
    assert [one.receipt for one in told(PAGE, "delivery")] == [
        ("m_sent1", "delivered"),
        ("m_sent2", "delivered"),
    ]
    assert only(PAGE, "read").kind == "ignored"


@pytest.mark.parametrize(
    ("payload", "title", "words"),
    [
        ("get_started", "Title", "Hello"), ("<GET_STARTED_PAYLOAD>", "Title", "Hello"), ("Démarrer", "Title", "Bonjour"),
        ("COMENZAR_PAYLOAD", "Title", "Hola"), ("empezar", "Title", "Hola"), ("restart", "Title", "Hello"),
        ('{"action": "get-started"}', "Title", "Hello"), ("flow:17", "Los geht's", "Hallo!"), ("INIZIA", "Iniziamo", "Buongiorno!"), ("flow:17", "Начать", "Hello"),
        ("flow:17", "Rozpocznij", "Hello"), ("start_over", "Title", "Hello"),
    ],
)  # fmt: skip
def test_start_buttons_of_other_builders_greet(payload: str, title: str, words: str) -> None:
    event = {**said("x"), "postback": {"mid": "m_9", "title": title, "payload": payload}}
    del event["message"]
    found = [one for one in parse(PAGE, webhook("page", {"messaging": [event]})) if one.kind != "contact"]
    assert [(one.kind, one.text) for one in found] == [("message", words)]


@pytest.mark.parametrize(
    "payload", ["main_menu", "starting_hours", "ICE_BREAKER_1", "live_chat", "abcdefghijklmnop"]
)
def test_other_buttons_do_not(payload: str) -> None:
    event = {**said("x"), "postback": {"mid": "m_9", "title": "Start", "payload": "abcdefghijklmnop"}}
    del event["message"]
    event["postback"] |= {
        "payload": payload,
        "title": "Opening hours" if payload != "abcdefghijklmnop" else "Start",
    }
    found = [one for one in parse(PAGE, webhook("page", {"messaging": [event]})) if one.kind != "contact"]
    assert [one.kind for one in found] == ["button"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (
            "https://cdn.fbsbx.com/v/t59/letter%20of%20May.pdf/letter%20of%20May.pdf?_nc_cat=1&oh=2",
            "letter of May.pdf",
        ),
        ("https://cdn.fbsbx.com/v/t59/Bescheid_%C3%BC.docx", "Bescheid_ü.docx"),
        ("https://cdn.fbsbx.com/v/t59/12345", None),
        ("https://cdn.fbsbx.com/", None),
        ("https://[", None),
    ],
)
def test_a_file_has_the_name_at_the_end_of_its_address(url: str, name: str | None) -> None:
    for kind, expected in (("file", name), ("image", None)):
        event = {
            **said("x"),
            "message": {"mid": "m_8", "attachments": [{"type": kind, "payload": {"url": url}}]},
        }
        (found,) = (
            one for one in parse(PAGE, webhook("page", {"messaging": [event]})) if one.kind == "message"
        )
        assert [one.name for one in found.media] == [expected]


def test_instagrams_own_kinds() -> None:
    assert only(INSTAGRAM, "story_reply").text == "Nice picture. When is the market?"
    assert only(INSTAGRAM, "as_a_change").text == "Sent as a change"
    assert only(INSTAGRAM, "seen").receipt == ("m_sent1", "read")
    for name in ("story_mention", "reaction"):
        assert only(INSTAGRAM, name).kind == "ignored", name
    for name in ("share", "unsupported"):
        found = only(INSTAGRAM, name)
        assert (found.kind, found.text, found.media) == ("message", None, ()) and found.reason, name


def test_an_echo_with_our_key_says_that_meta_took_it() -> None:
    """The answer to our call may have been lost; the echo still comes."""
    assert only(PAGE, "echo").receipt == (KEY, "sent")
    own: dict[str, Any] = {"app_id": int(APP_ID), "metadata": "SENT BY SOMETHING ELSE"}
    (found,) = parse(PAGE, webhook("page", {"messaging": [said("x", is_echo=True, **own)]}))
    assert found.kind == "ignored"


@BOTH
def test_another_pages_events_are_left_alone(specimen: Specimen) -> None:
    body = webhook(kind_of(specimen), {"id": "999", "messaging": [said("hello")], "standby": [said("x", 2)]})
    assert [one.kind for one in parse(specimen, body)] == ["ignored", "ignored"]


@BOTH
def test_what_cannot_be_read_is_a_message_all_the_same(specimen: Specimen) -> None:
    broken = said("x", 1, attachments=[{"type": "image", "payload": {"url": {}}}])
    found = parse(
        specimen, webhook(kind_of(specimen), {"messaging": [{"nothing": 1}, broken, said("kept", 2)]})
    )
    assert [(one.kind, one.text) for one in found if one.kind != "contact"] == [
        ("ignored", None),
        ("message", "x"),
        ("message", "kept"),
    ]
    assert found[2].unshown == (Unshown("photo"),), "its picture has no address"


def test_with_instagram_login_either_secret_signs_and_a_third_does_not() -> None:
    """Meta does not say whose it is: the inbox takes the app's, and the one that is set beside it."""
    body = INSTAGRAM.fixtures()["text"]
    beside = INSTAGRAM.settings["signing_secret"]
    channel = INSTAGRAM.open()
    for secret in (INSTAGRAM.settings["app_secret"], beside):
        channel.verify(signed(body, secret))
    with pytest.raises(NotAuthentic):
        channel.verify(signed(body, "guess"))
    with pytest.raises(NotAuthentic):
        INSTAGRAM.open(signing_secret=" ").verify(signed(body, " "))
