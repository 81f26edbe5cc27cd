"""Messenger and Instagram: the same shapes, with the limits of each from Meta's reference pages."""

from collections.abc import Callable, Sequence
from typing import Any

from channels.base import Request
from tests.support.specimens.base import Shown, Specimen, compact, json_provider, utf16
from tests.support.specimens.meta_common import APP_SECRET, TOKEN, VERIFY_TOKEN, deliver, forgeries

APP_ID = "1234567890123456"
OTHER_APP = "263902037430900"  # the page's inbox, which is an app of Meta's
ACCOUNT = "104857600000001"
PERSON = "24680135791113"
TEXTS = [f"streetlight {number}" for number in range(6)]


def said(text: str, number: int = 1, person: str = PERSON, **message: Any) -> dict[str, Any]:
    """One entry of `messaging`."""
    return event({"message": {"mid": f"m_aGVsbG8tdGhpcy1pcy1h{number:04}", "text": text, **message}}, person)


def event(content: dict[str, Any], person: str = PERSON) -> dict[str, Any]:
    return {"sender": {"id": person}, "recipient": {"id": ACCOUNT}, "timestamp": 1_795_363_200_123, **content}


def webhook(kind: str, *entries: dict[str, Any]) -> bytes:
    stamped = [{"id": ACCOUNT, "time": 1_795_363_200_456, **one} for one in entries]
    return compact({"object": kind, "entry": stamped})


def batch(kind: str) -> bytes:
    """Three in one entry, two people in the next, one in the last: none may be lost."""
    return webhook(
        kind,
        {"messaging": [said(TEXTS[number], number) for number in range(3)]},
        {"messaging": [said(TEXTS[3], 3, "111"), said(TEXTS[4], 4, "222")]},
        {"messaging": [said(TEXTS[5], 5)]},
    )


def unknown(kind: str) -> list[bytes]:
    return [
        webhook(kind, {"messaging": [event({"reaction": {"mid": "m_1", "action": "react", "emoji": "❤"}})]}),
        webhook(kind, {"messaging": [event({"optin": {"type": "notification_messages"}})]}),
        webhook(
            kind, {"messaging": [event({"request_thread_control": {"requested_owner_app_id": OTHER_APP}})]}
        ),
        webhook(kind, {"messaging": [event({"something_new": {"a": 1}})]}),
        webhook(kind, {"changes": [{"field": "feed", "value": {"item": "status", "verb": "add"}}]}),
        webhook(kind, {}),
        compact({"object": kind, "entry": []}),
    ]


def unread(kind: str) -> list[bytes]:
    sticker = {"type": "image", "payload": {"url": "https://scontent.example/s.png", "sticker_id": 1}}
    return [
        webhook(kind, {"messaging": [event({"message": {"mid": "m_1", "attachments": [sticker]}})]}),
        webhook(kind, {"messaging": [event({"message": {"mid": "m_2", "attachments": [{"type": "reel"}]}})]}),
        webhook(kind, {"messaging": [event({"message": {"mid": "m_3", "text": " \u200b"}})]}),
    ]


def within(
    longest: Callable[[str], None], template_buttons: int, files: tuple[str, ...]
) -> Callable[[Request], None]:
    """The limits of a Send API request."""

    def check(request: Request) -> None:
        payload: Any = request.payload
        assert request.operation == "messages" and payload["recipient"] == {"id": PERSON}
        if "sender_action" in payload:
            assert payload["sender_action"] in ("mark_seen", "typing_on") and "message" not in payload
            return
        kind, tag = payload["messaging_type"], payload.get("tag")
        assert (kind, tag) in (("RESPONSE", None), ("MESSAGE_TAG", "HUMAN_AGENT"))
        message = payload["message"]
        assert ("text" in message) != ("attachment" in message)
        if "text" in message:
            assert message["text"].strip()
            longest(message["text"])
        for reply in (replies := message.get("quick_replies", [])):
            assert reply["content_type"] == "text"
            assert 0 < utf16(reply["title"]) <= 20 and 0 < utf16(reply["payload"]) <= 1000
        assert len(replies) <= 13 and len({one["title"] for one in replies}) == len(replies)
        if "attachment" in message:
            _attachment(message["attachment"], template_buttons, files)

    return check


def _attachment(attachment: Any, template_buttons: int, files: tuple[str, ...]) -> None:
    payload = attachment["payload"]
    if attachment["type"] != "template":
        assert attachment["type"] in files and payload["url"].startswith("https://")
        return
    assert payload["template_type"] == "button" and 0 < utf16(payload["text"]) <= 640
    assert 1 <= len(payload["buttons"]) <= template_buttons
    for button in payload["buttons"]:
        assert button["type"] == "postback"
        assert 0 < utf16(button["title"]) <= 20 and 0 < utf16(button["payload"]) <= 1000


def shown(requests: Sequence[Request]) -> Shown:
    texts, buttons, files = [], [], []
    for request in requests:
        message: Any = request.payload["message"]
        texts.append(message.get("text", ""))
        buttons += [one["payload"] for one in message.get("quick_replies", [])]
        if attachment := message.get("attachment"):
            payload = attachment["payload"]
            texts.append(payload.get("text", ""))
            buttons += [one["payload"] for one in payload.get("buttons", [])]
            files += [payload["url"]] if "url" in payload else []
    return Shown("\n".join(texts), buttons, files)


def specimen(channel: str, kind: str, check: Callable[[Request], None], **more: str) -> Specimen:
    """`more` are settings that only one of the two has."""
    return Specimen(
        channel=channel,
        settings={
            "account_id": ACCOUNT,
            "app_id": APP_ID,
            "token": TOKEN,
            "app_secret": APP_SECRET,
            "verify_token": VERIFY_TOKEN,
            "names": "yes",
            "staff_silence_minutes": "60",
            "other_app_id": "",
            "api_url": "http://127.0.0.1:9",
            "api_version": "v23.0",
            **more,
        },
        contact=PERSON,
        deliver=deliver,
        forgeries=forgeries,
        signs_with=("app_secret",),
        batch=(batch(kind), TEXTS),
        unknown=unknown(kind),
        unread=unread(kind),
        within=check,
        shown=shown,
        provider=json_provider(
            takes={"recipient_id": PERSON, "message_id": "m_AG5Hz2Uq7tuwNEhXfYYKj8mJEM"},
            refuses=(400, {"error": {"type": "OAuthException", "code": 551, "error_subcode": 1545041}}),
            broken=(401, {"error": {"type": "OAuthException", "code": 190, "error_subcode": 460}}),
        ),
    )
