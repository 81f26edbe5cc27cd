"""WhatsApp, with the limits of Meta's OpenAPI description (v23.0)."""

from collections.abc import Sequence
from typing import Any

from channels.base import Request
from tests.support.specimens.base import Shown, Specimen, compact, json_provider, utf16
from tests.support.specimens.meta_common import APP_SECRET, TOKEN, VERIFY_TOKEN, deliver, forgeries

NUMBER = "106540352242922"
PERSON = "US.13491208655302741918"


def value(**content: Any) -> dict[str, Any]:
    """A change of the field `messages`."""
    return {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550783881", "phone_number_id": NUMBER},
            **content,
        },
    }


def contact(user_id: str = PERSON, name: str = "Ana Diaz", wa_id: str | None = None) -> dict[str, Any]:
    return {"profile": {"name": name}, "user_id": user_id, **({"wa_id": wa_id} if wa_id else {})}


def said(text: str, number: int = 1, user_id: str = PERSON) -> dict[str, Any]:
    return {
        "id": f"wamid.HBgLMTY1MDM4Nzk0MzkVAgASG{number:04}",
        "from_user_id": user_id,
        "timestamp": "1795363200",
        "type": "text",
        "text": {"body": text},
    }


def webhook(*changes: dict[str, Any], more: Sequence[dict[str, Any]] = ()) -> bytes:
    """One body; `more` are the changes of a second entry."""
    entries = [{"id": "102290129340398", "changes": list(changes)}]
    if more:
        entries.append({"id": "102290129340398", "changes": list(more)})
    return compact({"object": "whatsapp_business_account", "entry": entries})


TEXTS = [f"pothole {number}" for number in range(7)]
BATCH = webhook(
    value(contacts=[contact()], messages=[said(TEXTS[0], 0), said(TEXTS[1], 1), said(TEXTS[2], 2)]),
    value(
        contacts=[contact("US.1"), contact("US.2")],
        messages=[said(TEXTS[3], 3, "US.1"), said(TEXTS[4], 4, "US.2")],
    ),
    more=[
        value(contacts=[contact()], messages=[said(TEXTS[5], 5)]),
        value(contacts=[contact()], messages=[said(TEXTS[6], 6)]),
    ],
)


def within(request: Request) -> None:
    payload: Any = request.payload
    assert request.operation == "messages" and payload["messaging_product"] == "whatsapp"
    if payload.get("status") == "read":
        assert payload["message_id"] and payload["typing_indicator"] == {"type": "text"}
        return
    assert payload["recipient_type"] == "individual"
    assert ("to" in payload) != ("recipient" in payload)
    kind = payload["type"]
    shown = payload[kind]
    match kind:
        case "text":
            assert 0 < utf16(shown["body"]) <= 4096
        case "image":
            assert shown["link"] and utf16(shown.get("caption", "")) <= 1024
        case "document":
            assert shown["link"]
        case "interactive":
            assert 0 < utf16(shown["body"]["text"]) <= 1024
            _within_interactive(shown["type"], shown["action"])
        case _:
            raise AssertionError(kind)


def _within_interactive(kind: str, action: Any) -> None:
    if kind == "button":
        assert 1 <= len(action["buttons"]) <= 3
        choices = [one["reply"] for one in action["buttons"]]
        longest_title, longest_id = 20, 256
    elif kind == "list":
        assert 0 < utf16(action["button"]) <= 20 and len(action["sections"]) == 1
        choices = action["sections"][0]["rows"]
        assert 1 <= len(choices) <= 10
        longest_title, longest_id = 24, 200
        assert all(utf16(one.get("description", "-")) in range(1, 73) for one in choices)
    else:
        assert kind == "location_request_message" and action == {"name": "send_location"}
        return
    assert all(
        0 < utf16(one["title"]) <= longest_title and 0 < utf16(one["id"]) <= longest_id for one in choices
    )
    assert len({one["title"] for one in choices}) == len({one["id"] for one in choices}) == len(choices)


def shown(requests: Sequence[Request]) -> Shown:
    texts, buttons, files = [], [], []
    for request in requests:
        payload: Any = request.payload
        match payload["type"]:
            case "text":
                texts.append(payload["text"]["body"])
            case "interactive":
                texts.append(payload["interactive"]["body"]["text"])
                action = payload["interactive"]["action"]
                buttons += [one["reply"]["id"] for one in action.get("buttons", [])]
                buttons += [row["id"] for section in action.get("sections", []) for row in section["rows"]]
            case kind:
                files.append(payload[kind]["link"])
                texts.append(payload[kind].get("caption", ""))
    return Shown("\n".join(texts), buttons, files)


SPECIMEN = Specimen(
    channel="whatsapp",
    settings={
        "phone_number_id": NUMBER,
        "token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY_TOKEN,
        "business_account_id": "102290129340398",
        "staff_silence_minutes": "60",
        "api_url": "http://127.0.0.1:9",
        "api_version": "v23.0",
    },
    contact=PERSON,
    deliver=deliver,
    forgeries=forgeries,
    signs_with=("app_secret",),
    batch=(BATCH, TEXTS),
    unknown=[
        webhook({"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}}),
        webhook({"field": "history", "value": {"history": [{"metadata": {"phase": 0}, "threads": []}]}}),
        webhook(
            {"field": "smb_app_state_sync", "value": {"state_sync": [{"type": "contact", "action": "add"}]}}
        ),
        webhook({"field": "message_template_status_update", "value": {"event": "APPROVED"}}),
        webhook(value(errors=[{"code": 131000, "title": "Something went wrong"}])),
        webhook(
            value(
                contacts=[contact()],
                messages=[{**said("x"), "type": "reaction", "reaction": {"emoji": "👍"}}],
            )
        ),
        webhook(
            value(statuses=[{"id": "wamid.1", "status": "warning", "timestamp": "1", "recipient_id": "1"}])
        ),
        webhook(value(something_new=[{"id": 1}])),
    ],
    unread=[
        webhook(
            value(
                contacts=[contact()], messages=[{**said("x"), "type": kind, kind: {"id": "1"}, "text": None}]
            )
        )
        for kind in ("sticker", "contacts", "order", "unsupported", "something_new")
    ],
    within=within,
    shown=shown,
    provider=json_provider(
        takes={"messaging_product": "whatsapp", "messages": [{"id": "wamid.HBgLMTY1"}]},
        refuses=(
            400,
            {
                "error": {
                    "message": "(#131026) Message undeliverable",
                    "type": "OAuthException",
                    "code": 131026,
                }
            },
        ),
        broken=(
            401,
            {"error": {"message": "Invalid OAuth access token", "type": "OAuthException", "code": 190}},
        ),
    ),
)
