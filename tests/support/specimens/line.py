"""LINE, with the limits of its Messaging API's documents."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from channels.base import Request, Webhook
from tests.support.specimens.base import Shown, Specimen, compact, json_provider, utf16

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
TOKEN = "a/token+of/LINE=="
HEADER = "x-line-signature"
PERSON = "U8622f62120254c0ba7e8a1e2b9b0a1c4"
DESTINATION = "Uc1d7a1b0a2f94b6f8f0c0a4b5d6e7f80"


def signature(body: bytes, secret: str = SECRET, algorithm: str = "sha256") -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, algorithm).digest()).decode()


def deliver(body: bytes) -> Webhook:
    return Webhook({"content-type": "application/json", HEADER: signature(body)}, body)


def forgeries(body: bytes) -> Mapping[str, Webhook]:
    return {
        "no signature": Webhook({}, body),
        "an empty signature": Webhook({HEADER: ""}, body),
        "another secret": Webhook({HEADER: signature(body, "f" * 32)}, body),
        "another body": Webhook({HEADER: signature(body)}, body + b" "),
        "md5": Webhook({HEADER: signature(body, algorithm="md5")}, body),
        "sha1": Webhook({HEADER: signature(body, algorithm="sha1")}, body),
        "hex": Webhook({HEADER: hashlib.sha256(body).hexdigest()}, body),
    }


def event(number: int, kind: str = "message", **content: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1795363200000,
        "source": {"type": "user", "userId": PERSON},
        "webhookEventId": f"01KAMPQ7J1R2T3V4W5X6Y8Z{number:03}",
        "deliveryContext": {"isRedelivery": False},
        **content,
    }


def said(number: int, text: str) -> dict[str, Any]:
    return event(number, message={"type": "text", "id": f"44470{number}", "quoteToken": "q", "text": text})


def batch(*events: dict[str, Any]) -> bytes:
    return compact({"destination": DESTINATION, "events": list(events)})


TEXTS = [f"pothole {number}" for number in range(5)]


def within(request: Request) -> None:
    payload: Any = request.payload
    match request.operation:
        case "push":
            assert payload["to"] == PERSON
        case "reply":
            assert payload["replyToken"]
        case "loading":
            assert payload["chatId"] == PERSON and payload["loadingSeconds"] in range(5, 61, 5)
            return
        case "read":
            assert payload["markAsReadToken"]
            return
        case _:
            raise AssertionError(request.operation)
    assert 1 <= len(payload["messages"]) <= 5
    for message in payload["messages"]:
        match message["type"]:
            case "text":
                assert 0 < utf16(message["text"]) <= 5000
            case "image":
                assert message["originalContentUrl"].startswith("https://") and message["previewImageUrl"]
            case _:
                raise AssertionError(message["type"])
        items = message.get("quickReply", {"items": [None]})["items"]
        assert 1 <= len(items) <= 13
        for action in (item["action"] for item in items if item):
            assert action["label"].strip() and len(action["label"]) <= 20
            if action["type"] == "postback":
                assert 0 < len(action["data"]) <= 300 and len(action["displayText"]) <= 300
            else:
                assert action["type"] == "location"


def shown(requests: Sequence[Request]) -> Shown:
    texts, buttons, files = [], [], []
    payloads: list[Any] = [request.payload for request in requests]
    for message in (one for payload in payloads for one in payload["messages"]):
        texts.append(message.get("text", ""))
        files += [message["originalContentUrl"]] if message["type"] == "image" else []
        for item in message.get("quickReply", {"items": []})["items"]:
            buttons += [item["action"]["data"]] if item["action"]["type"] == "postback" else []
    return Shown("\n".join(texts), buttons, files)


SPECIMEN = Specimen(
    channel="line",
    settings={
        "secret": SECRET,
        "token": TOKEN,
        "free_replies": "no",
        "names": "yes",
        "api_url": "http://127.0.0.1:9",
        "data_url": "http://127.0.0.1:9",
    },
    contact=PERSON,
    deliver=deliver,
    forgeries=forgeries,
    signs_with=("secret",),
    batch=(batch(*(said(number, text) for number, text in enumerate(TEXTS))), TEXTS),
    unknown=[
        batch(),
        batch(event(1, "something_new", thing={"a": 1})),
        batch(event(2, "beacon", beacon={"hwid": "d41d8cd98f", "type": "enter"})),
        batch({**said(3, "x"), "mode": "standby"}),
        batch({**said(4, "x"), "source": {"type": "group", "groupId": "C1"}}),
        batch({key: value for key, value in event(6, "module").items() if key != "source"}),
    ],
    unread=[
        batch(event(5, message={"type": "sticker", "id": "1", "packageId": "1", "stickerId": "2"})),
        batch(event(7, message={"type": "something_new", "id": "2"})),
    ],
    within=within,
    shown=shown,
    provider=json_provider(
        takes={"sentMessages": [{"id": "461230966842064897"}]},
        refuses=(400, {"message": "The request body has 1 error(s)", "details": [{"property": "messages"}]}),
        broken=(401, {"message": "Authentication failed. Confirm that the access token is valid."}),
    ),
)
