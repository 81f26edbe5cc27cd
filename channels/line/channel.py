"""LINE (Messaging API): a chat between one person and the city's official account is one contact."""

import re
import uuid
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

from channels.base import (
    Capabilities,
    Finding,
    Inbound,
    MediaRef,
    MediaSource,
    Outbound,
    Request,
    RetryLater,
    Sent,
    Setting,
    Undeliverable,
    Webhook,
)
from channels.kit.calls import Calls, ProviderResponse, keeps_secret
from channels.kit.phrases import share_location
from channels.kit.setup import NAMES, ChannelSetup
from channels.kit.signatures import Signature
from channels.kit.text import clean_name, fit, fit_titles, numbered, split
from channels.line.account import look, raise_for, register, said
from channels.line.events import USER_ID, read

API_URL = "https://api.line.me"
DATA_URL = "https://api-data.line.me"
TEXT_UNITS = 5_000  # UTF-16 (developers.line.biz, news of 2020-05-12, and its page on counting)
MESSAGES = 5  # per call
QUICK_REPLIES = 13
LABEL = 20  # graphemes; counting code points is stricter (LINE's own SDK names 20 characters)
DISPLAY_TEXT = 300
POSTBACK_DATA = 300
LOADING_SECONDS = 20  # 5 to 60, in steps of five; ends sooner when a message arrives

PATHS = {
    "push": "v2/bot/message/push",
    "reply": "v2/bot/message/reply",
    "loading": "v2/bot/chat/loading/start",
    "read": "v2/bot/chat/markAsRead",
}
ACCEPTED_BEFORE = 409  # the same X-Line-Retry-Key was used within 24 hours
TOKEN_USED = "Invalid reply token"  # noqa: S105  (LINE's words, no password)

IMAGES = ("image/jpeg", "image/png")  # 10 MB, and 1 MB for a preview (its SDK): ours have 1 MB at most
SIGNATURE_HEADER = "x-line-signature"
_OURS = uuid.UUID("7f0c1c5e-5f2b-4b0e-9f60-3d1b0f7e2a11")  # namespace for uuids made from our keys
_MESSAGE_ID = re.compile(r"[0-9A-Za-z]{1,100}")


class LineChannel:
    """An official account of LINE.

    A push costs the city money and can be repeated safely; a reply is free, and its token is valid once, for
    a minute. With `free_replies` a reply is tried first. If its answer is lost, the message is also pushed:
    it may then arrive twice, but is never lost.
    """

    name: ClassVar[str] = "line"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT_UNITS,
        text_unit="utf16",
        buttons=QUICK_REPLIES,
        button_title=LABEL,
        button_keeps=False,
        images=True,
        images_out=True,
        location=True,
        location_request=True,
        typing=True,
        read_marks=True,
        idempotent=True,
        per_second=100.0,  # LINE allows 2,000
        burst=200.0,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("secret", "The channel secret: LINE Developers Console, Basic settings.", secret=True),
        Setting("token", "A channel access token: LINE Developers Console, Messaging API.", secret=True),
        Setting(
            "free_replies",
            "yes: use LINE's free replies first; after a lost answer a message may then come twice.",
            required=False,
            default="no",
        ),
        NAMES,
        Setting("api_url", "Where the Messaging API is.", required=False, default=API_URL),
        Setting("data_url", "Where citizens' files are.", required=False, default=DATA_URL),
    )

    def __init__(self, setup: ChannelSetup) -> None:
        given = setup.settings
        if not given["token"].strip():
            raise ValueError("The channel access token is not set. Issue one in the LINE Developers Console.")
        self._bearer = {"Authorization": f"Bearer {given['token']}"}
        self._signature = Signature(given["secret"], encoding="base64")
        self._free, self._names = setup.wants("free_replies"), setup.wants("names")
        self._calls = Calls(setup.http, given.get("api_url") or API_URL, headers=self._bearer)
        self._files = (given.get("data_url") or DATA_URL).rstrip("/")
        self._inbox = setup.inbox
        if not keeps_secret(self._files):
            raise ValueError("Its data_url must begin with https://.")

    def verify(self, request: Webhook) -> None:
        """HMAC-SHA256 of the raw body with the channel secret, in base64."""
        self._signature.check(request.body, request.headers.get(SIGNATURE_HEADER))

    def parse(self, request: Webhook) -> list[Inbound]:
        """Every event of the batch."""
        return read(request.body)

    def render(self, message: Outbound) -> list[Request]:
        """Texts, then images, five per call. Quick replies are under the last and vanish with the next
        message."""
        text, items = _quick_replies(message)
        messages: list[dict[str, object]] = [
            {"type": "text", "text": part} for part in split(text, TEXT_UNITS, "utf16")
        ]
        messages += [_file(ref) for ref in message.media]
        if messages and items:
            messages[-1] = {**messages[-1], "quickReply": {"items": items}}
        calls = [messages[at : at + MESSAGES] for at in range(0, len(messages), MESSAGES)]
        requests = [Request("push", {"to": message.contact, "messages": call}) for call in calls]
        token = message.thread.get("reply_token") if self._free else None
        if token and requests:
            requests[0] = Request("reply", {**requests[0].payload, "replyToken": token})
        return requests

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        """Marks the message as read, where LINE gave a token for it, and shows that we are writing."""
        token = thread.get("read_token")
        writing = Request("loading", {"chatId": contact, "loadingSeconds": LOADING_SECONDS})
        return [Request("read", {"markAsReadToken": token}), writing] if token else [writing]

    async def send(self, request: Request, key: str) -> Sent:
        """One call. A push is sent with a uuid made from `key`; LINE answers 409 if it has already accepted
        that one."""
        payload = dict(request.payload)
        if request.operation not in ("push", "reply"):
            return _sent(await self._calls.post(PATHS[request.operation], payload))
        try:
            if request.operation == "reply":
                to = payload.pop("to")
                answer = await self._calls.post(PATHS["reply"], payload)
                if answer.status != 400 or said(answer) != TOKEN_USED:
                    return _sent(answer)
                payload = {"to": to, "messages": payload["messages"]}
            headers = {"X-Line-Retry-Key": str(uuid.uuid5(_OURS, f"{self._inbox}:{key}"))}
            return _sent(await self._calls.post(PATHS["push"], payload, headers=headers))
        except RetryLater as error:
            # Accepted or not, the call may be repeated: that is what the key is for.
            raise RetryLater(str(error), error.after, scope=error.scope) from None

    async def media(self, ref: MediaRef) -> MediaSource:
        """LINE stores a file for a while under the message's id."""
        if not _MESSAGE_ID.fullmatch(ref.id):
            raise Undeliverable("this is no message of LINE's")
        url = f"{self._files}/v2/bot/message/{ref.id}/content"
        return MediaSource(url, (urlsplit(self._files).hostname or "",), self._bearer)

    async def name_of(self, contact: str) -> str | None:
        """The display name of the profile; LINE returns none for people who have blocked us."""
        if not self._names or not USER_ID.fullmatch(contact):
            return None
        answer = await self._calls.get(f"v2/bot/profile/{contact}")
        raise_for(answer)
        return clean_name(answer.fields.get("displayName"))

    async def check(self, webhook_url: str) -> list[Finding]:
        """The account, its webhook, and what is left of the month's messages."""
        return await look(self._calls, webhook_url)

    async def register(self, webhook_url: str) -> list[Finding]:
        """Set the webhook's address."""
        return await register(self._calls, webhook_url)


def _quick_replies(message: Outbound) -> tuple[str, list[dict[str, object]]]:
    """The text, with the choices numbered if they are too many or too long, and the buttons under it."""
    buttons, text = message.buttons, message.text
    items: list[dict[str, object]] = []
    if message.asks_location:
        items = [
            {"type": "action", "action": {"type": "location", "label": share_location(message.language)}}
        ]
    left = QUICK_REPLIES - len(items)
    if len(buttons) > left or any(len(one.id) > POSTBACK_DATA for one in buttons):
        return numbered(text, [one.title for one in buttons]), items
    labels = fit_titles([one.title for one in buttons], LABEL)
    for label, one in zip(labels, buttons, strict=True):
        shown = fit(one.title, DISPLAY_TEXT)
        action = {"type": "postback", "label": label, "data": one.id, "displayText": shown}
        items.append({"type": "action", "action": action})
    return text.strip() or ("👇" if items and not message.media else ""), items


def _file(ref: MediaRef) -> dict[str, object]:
    if not ref.url:
        raise Undeliverable("the file has no address that LINE could fetch")
    if ref.content_type not in IMAGES or not ref.url.startswith("https://"):
        # An official account cannot send any other kind of file, and LINE shows none served without TLS.
        return {"type": "text", "text": ref.url}
    return {"type": "image", "originalContentUrl": ref.url, "previewImageUrl": ref.url}


def _sent(answer: ProviderResponse) -> Sent:
    if answer.status != ACCEPTED_BEFORE:
        raise_for(answer)
    messages = answer.fields.get("sentMessages")
    first = messages[0] if isinstance(messages, list) and messages else None
    number = first.get("id") if isinstance(first, dict) else None
    return Sent(number if isinstance(number, str) else None)
