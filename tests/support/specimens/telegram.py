"""Telegram, with the limits of its Bot API's documents (10.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.base import Request, Webhook
from tests.support.specimens.base import Shown, Specimen, compact, json_provider, utf16

TOKEN = "6200000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
SECRET = "a_word-of_our-own"
HEADER = "x-telegram-bot-api-secret-token"
PERSON = 71530042
METHODS = ("sendMessage", "sendPhoto", "sendDocument", "sendChatAction", "answerCallbackQuery")


def deliver(body: bytes) -> Webhook:
    return Webhook({"content-type": "application/json", HEADER: SECRET}, body)


def forgeries(body: bytes) -> Mapping[str, Webhook]:
    return {
        "no secret": Webhook({}, body),
        "an empty secret": Webhook({HEADER: ""}, body),
        "another secret": Webhook({HEADER: "a_word-of_our-owm"}, body),
        "the beginning of it": Webhook({HEADER: SECRET[:-1]}, body),
        "letters of no alphabet": Webhook({HEADER: "ä" * 17}, body),
    }


def update(number: int, **content: Any) -> bytes:
    return compact({"update_id": number, **content})


def said(text: str) -> dict[str, Any]:
    person = {"id": PERSON, "is_bot": False, "first_name": "Ana"}
    return {
        "message_id": 7,
        "date": 1795363200,
        "from": person,
        "chat": {"id": PERSON, "type": "private"},
        "text": text,
    }


def within(request: Request) -> None:
    call: Any = request.payload
    assert request.operation in METHODS
    if request.operation == "answerCallbackQuery":
        assert call["callback_query_id"]
        return
    assert call["chat_id"] == PERSON and "parse_mode" not in call
    match request.operation:
        case "sendMessage":
            assert 0 < utf16(call["text"]) <= 4096
        case "sendPhoto" | "sendDocument":
            assert call.get("photo") or call.get("document")
            assert utf16(call.get("caption", "-")) in range(1, 1025)
        case "sendChatAction":
            assert call["action"] == "typing"
    keys = [key for row in call.get("reply_markup", {}).get("inline_keyboard", []) for key in row]
    assert len(keys) <= 100
    assert all(key["text"].strip() and 1 <= len(key["callback_data"].encode()) <= 64 for key in keys)


def shown(requests: Sequence[Request]) -> Shown:
    texts, buttons, files = [], [], []
    for request in requests:
        call: Any = request.payload
        texts.append(call.get("text") or call.get("caption") or "")
        rows = call.get("reply_markup", {}).get("inline_keyboard", [])
        buttons += [key["callback_data"] for row in rows for key in row]
        files += [call[kind] for kind in ("photo", "document") if kind in call]
    return Shown("\n".join(texts), buttons, files)


SPECIMEN = Specimen(
    channel="telegram",
    settings={"token": TOKEN, "secret": SECRET, "api_url": "http://127.0.0.1:9"},
    contact=str(PERSON),
    deliver=deliver,
    forgeries=forgeries,
    signs_with=("secret",),
    batch=(update(1, message=said("one pothole")), ["one pothole"]),
    batches=False,
    unknown=[
        update(2),
        update(3, poll={"id": "1", "question": "?"}),
        update(4, something_new={"chat": {"id": 1}}),
        update(5, message={**said("x"), "chat": {"id": -100, "type": "supergroup"}}),
        update(
            6, edited_message={**said("x"), "text": None, "location": {"latitude": 40.0, "longitude": -74.0}}
        ),
        update(7, message={**said(""), "pinned_message": said("what we wrote")}),
        update(8, message={**said(""), "message_auto_delete_timer_changed": {"message_auto_delete_time": 9}}),
    ],
    unread=[
        update(9, message={**said(""), **content})
        for content in (
            {"dice": {"emoji": "🎲", "value": 4}},
            {"poll": {"id": "1", "question": "?"}},
            {"story": {"chat": {"id": 1, "type": "private"}, "id": 1}},
            {"checklist": {"title": "Mine", "tasks": []}},
            {"sticker": {"file_id": "1", "file_unique_id": "1", "type": "regular"}},
        )
    ],
    within=within,
    shown=shown,
    provider=json_provider(
        takes={"ok": True, "result": {"message_id": 12, "date": 1795363200}},
        refuses=(400, {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}),
        broken=(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
    ),
)
