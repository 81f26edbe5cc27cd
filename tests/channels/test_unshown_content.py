"""Content that cannot be shown is named, and stickers are shown as what they mean, on every channel."""

from typing import Any

import pytest

from channels.base import Unshown
from tests.channels.odd_events import (
    JSON,
    odd,
)

# --- what a channel brings and we cannot show: named, on each channel


UNSHOWN = [
    (
        "whatsapp",
        "sticker",
        {"type": "sticker", "text": None, "sticker": {"id": "1", "mime_type": "image/webp"}},
    ),
    ("whatsapp", "order", {"type": "order", "text": None, "order": {"product_items": []}}),
    ("whatsapp", "calendar", {"type": "event", "text": None, "event": {"name": "Meeting"}}),
    ("whatsapp", "poll", {"type": "poll", "text": None, "poll": {"name": "?"}}),
    ("whatsapp", "photo", {"type": "image", "text": None, "image": {"mime_type": "image/jpeg"}}),
    ("whatsapp", "message", {"type": "brand_new", "text": None, "brand_new": {}}),
    ("telegram", "message", {"text": None, "rich_message": {"blocks": []}}),
    ("telegram", "message", {"text": None, "of_next_year": {"a": 1}}),
    ("telegram", "gift", {"text": None, "gift": {"gift": {}}}),
    ("telegram", "gift", {"text": None, "unique_gift": {"gift": {}}}),
    ("telegram", "poll", {"text": None, "poll": {"id": "1"}}),
    ("telegram", "story", {"text": None, "story": {"id": 1}}),
    ("telegram", "payment", {"text": None, "successful_payment": {"currency": "XTR"}}),
    ("line", "sticker", {"message": {"type": "sticker", "id": "1", "keywords": ["Cat", "Sleep"]}}),
    ("line", "message", {"message": {"type": "brandNew", "id": "1"}}),
    *[
        (channel, kind, {"message": {"mid": "m_1", "attachments": [attachment]}})
        for channel in ("messenger", "instagram")
        for kind, attachment in (
            ("post", {"type": "ig_reel", "payload": {"url": "https://x.example"}}),
            ("post", {"type": "share", "payload": {"url": "https://x.example"}}),
            ("story", {"type": "ig_story", "payload": {}}),
            ("sticker", {"type": "image", "payload": {"url": "https://x.example", "sticker_id": 5}}),
            ("photo", {"type": "image"}),
            ("message", {"type": "brand_new"}),
        )
    ],
]


@pytest.mark.parametrize(("channel", "kind", "fields"), UNSHOWN, ids=lambda one: str(one)[:40])
def test_what_cannot_be_shown_has_a_name(channel: str, kind: str, fields: dict[str, Any]) -> None:
    found = odd(JSON[channel], **fields)
    assert (found.text, found.media, found.unshown) == (None, (), (Unshown(kind),))  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
    assert found.reason and found.contact


@pytest.mark.parametrize("channel", ["messenger", "instagram"])
def test_a_post_beside_words_is_named_and_the_words_are_kept(channel: str) -> None:
    message = {
        "mid": "m_1",
        "text": "Is this true?",
        "attachments": [{"type": "share", "payload": {"url": "x"}}],
    }
    found = odd(JSON[channel], message=message)
    assert (found.text, found.unshown) == ("Is this true?", (Unshown("post"),))


# --- stickers and hearts


@pytest.mark.parametrize(
    ("channel", "fields", "meant"),
    [
        ("instagram", {"message": {"mid": "m", "attachments": [{"type": "like_heart"}]}}, "❤️"),
        ("messenger", {"message": {"mid": "m", "attachments": [{"type": "like_heart"}]}}, "❤️"),
        ("messenger", {"message": {"mid": "m", "sticker_id": 369239263222822}}, "👍"),
        ("telegram", {"text": None, "sticker": {"file_id": "1", "emoji": "🙏"}}, "🙏"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["Thank you", "bow"]}}, "🙏"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["love", "Smile"]}}, "❤️"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["OK"]}}, "👍"),
        ("line", {"message": {"type": "sticker", "id": "1", "keywords": ["Good morning"]}}, "👋"),
        (
            "line",
            {"message": {"type": "sticker", "id": "1", "text": "Bring it on", "keywords": ["x"]}},
            "Bring it on",
        ),
    ],
)
def test_signs_are_seen_as_what_they_mean(channel: str, fields: dict[str, Any], meant: str) -> None:
    found = odd(JSON[channel], **fields)
    assert (found.text, found.unshown) == (meant, ())


@pytest.mark.parametrize(
    ("channel", "fields", "named"),
    [
        ("whatsapp", {"type": "contacts", "text": None, "contacts": [{"org": {"company": "Taxi"}}]}, "Taxi"),
        ("telegram", {"text": None, "contact": {"first_name": "Taxi"}}, "Taxi"),
        *[
            (
                channel,
                {
                    "message": {
                        "mid": "m",
                        "attachments": [
                            {
                                "type": "location",
                                "title": "Oak Hall",
                                "payload": {"coordinates": {"lat": 91, "long": 1}},
                            }
                        ],
                    }
                },
                "Oak Hall",
            )
            for channel in ("messenger", "instagram")
        ],
    ],
)
def test_what_has_a_name_is_shown_by_it(channel: str, fields: dict[str, Any], named: str) -> None:
    assert odd(JSON[channel], **fields).text == named
