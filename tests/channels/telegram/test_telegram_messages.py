"""What goes out by Telegram."""

from dataclasses import replace
from typing import Any

import pytest

from channels.base import (
    Button,
    MediaRef,
    Request,
    Undeliverable,
)
from channels.kit.text import measure
from channels.telegram.channel import BUTTONS, CALLBACK_BYTES
from tests.channels.telegram.telegram_side import (
    CHANNEL,
    CITIZEN,
    SAY,
    judge,
)

# What goes out


def rendered(**changed: Any) -> list[Request]:
    requests = CHANNEL.render(replace(SAY, **changed))
    for request in requests:
        assert judge().call(request.operation, dict(request.payload)) == []
    return requests


def test_a_plain_message_takes_an_old_keyboard_away() -> None:
    (request,) = rendered(text="*Not bold* _here_ <b>")
    assert request == Request(
        "sendMessage",
        {
            "chat_id": int(CITIZEN),
            "text": "*Not bold* _here_ <b>",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"remove_keyboard": True},
        },
    )


def test_long_text_is_cut_by_utf16_and_the_buttons_are_under_the_last_part() -> None:
    requests = rendered(text="🦆 quack. " * 900, buttons=(Button("b1", "Yes"),))
    assert len(requests) > 1
    assert all(measure(str(request.payload["text"]), "utf16") <= 4096 for request in requests)
    assert ["reply_markup" in request.payload for request in requests] == [False] * (len(requests) - 1) + [
        True
    ]


def test_short_titles_stand_beside_each_other_and_long_ones_below() -> None:
    def rows(*titles: str) -> list[list[str]]:
        (request,) = rendered(buttons=tuple(Button(f"b{n}", title) for n, title in enumerate(titles)))
        markup: Any = request.payload["reply_markup"]
        return [[key["text"] for key in row] for row in markup["inline_keyboard"]]

    assert rows("Yes", "No") == [["Yes", "No"]]
    assert rows("Report a broken street light", "Stop") == [["Report a broken street light"], ["Stop"]]


@pytest.mark.parametrize(
    "buttons",
    [
        tuple(Button(f"b{n}", f"Choice {n}") for n in range(BUTTONS + 1)),
        (Button("é" * (CALLBACK_BYTES // 2) + "x", "Choice 0"), Button("b", "Choice 1")),
    ],
)
def test_what_no_keyboard_takes_becomes_numbers(buttons: tuple[Button, ...]) -> None:
    (request,) = rendered(text="Which?", buttons=buttons)
    assert str(request.payload["text"]).startswith("Which?\n\n1. Choice 0\n2. Choice 1")


def test_a_place_is_asked_for_with_telegrams_own_key() -> None:
    (request,) = rendered(asks_location=True, language="fr")
    assert request.payload["reply_markup"] == {
        "keyboard": [[{"text": "📍 Ma position", "request_location": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    first, second = rendered(asks_location=True, buttons=(Button("stop", "Stop"),))
    assert "inline_keyboard" in str(first.payload) and "request_location" in str(second.payload)


def test_a_photo_carries_a_short_text_and_follows_a_long_one() -> None:
    photo = MediaRef("1", "image/jpeg", url="https://desk.example/media/1")
    (alone,) = rendered(media=(photo,))
    assert alone.operation == "sendPhoto" and alone.payload["caption"] == "Hello"
    long = rendered(text="🦆" * 600, media=(photo,))
    assert [one.operation for one in long] == ["sendMessage", "sendPhoto"]
    two = rendered(media=(photo, replace(photo, content_type="application/pdf")))
    assert [one.operation for one in two] == ["sendMessage", "sendPhoto", "sendDocument"]
    with pytest.raises(Undeliverable):
        CHANNEL.render(replace(SAY, media=(replace(photo, url=None),)))
