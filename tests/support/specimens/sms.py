"""SMS, with the limits of Twilio's documents."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from channels.base import Request, Webhook
from channels.kit.gsm7 import TYPOGRAPHY
from tests.support.specimens.base import PUBLIC_URL, Shown, Specimen, json_provider
from tests.support.twilio_side import CITIZEN, FORM, NUMBER, SENT, SID, TOKEN, fixture, post

URL = f"{PUBLIC_URL}/webhooks/sms"


def deliver(body: bytes) -> Webhook:
    """A fixture's fields as the signed form Twilio makes of them; other bytes as they are."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values()):
        return post(fields, url=URL)
    return Webhook({**post({}, url=URL).headers}, body, url=URL)


def forgeries(body: bytes) -> Mapping[str, Webhook]:
    good = deliver(body)
    return {
        "no signature": Webhook({"content-type": FORM}, good.body, url=good.url),
        "another account's": post(json.loads(body), url=URL, token="f" * 32),
        "another text": Webhook(good.headers, good.body + b"&Body=no", url=good.url),
        "another address": Webhook(good.headers, good.body, url=good.url + "?inbox=2"),
        "another kind of body": Webhook(
            {**good.headers, "content-type": "application/json"}, good.body, url=good.url
        ),
    }


def within(request: Request) -> None:
    form = request.payload
    assert request.operation == "message"
    assert form["To"] == CITIZEN and form["From"] == NUMBER
    body, pictures = form.get("Body", ""), form.get("MediaUrl", [])
    assert isinstance(body, str) and isinstance(pictures, list)
    assert body or pictures
    assert len(body) <= 1600 and len(pictures) <= 10
    assert form["StatusCallback"] == URL


def shown(requests: Sequence[Request]) -> Shown:
    forms: list[Any] = [one.payload for one in requests]
    pictures = [url for form in forms for url in form.get("MediaUrl", [])]
    return Shown("\n".join(form.get("Body", "") for form in forms), (), pictures)


SPECIMEN = Specimen(
    channel="sms",
    settings={
        "account_sid": SID,
        "auth_token": TOKEN,
        "number": NUMBER,
        "messaging_service": "",
        "prefixes": "+1 +34",
        "segments_per_hour": "2000",
        "segments_per_contact": "60",
        "signing_key": "the-shared-key-of-the-tests",
        "api_url": "http://127.0.0.1:9",
    },
    contact=CITIZEN,
    deliver=deliver,
    forgeries=forgeries,
    signs_with=("auth_token", "signing_key"),
    batch=(json.dumps(fixture("text")).encode(), [fixture("text")["Body"]]),
    unknown=[
        json.dumps({"AccountSid": SID, "CallSid": "CA1", "CallStatus": "ringing"}).encode(),
        json.dumps(fixture("status_delivered", MessageStatus="something-new")).encode(),
        json.dumps(fixture("text", From="AMAZON")).encode(),
        json.dumps(fixture("text", Body=" ")).encode(),
    ],
    unread=[],  # a text is words or pictures; what a picture is shows when it is fetched
    within=within,
    shown=shown,
    provider=json_provider(
        takes={"sid": SENT, "status": "queued"},
        refuses=(400, {"code": 21617, "message": "The concatenated message body exceeds", "status": 400}),
        broken=(401, {"code": 20003, "message": "Authenticate", "status": 401}),
    ),
    written=lambda text: unicodedata.normalize("NFC", text).translate(TYPOGRAPHY),
    fuzz=False,
)
