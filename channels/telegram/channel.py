"""Telegram (Bot API 10): one private chat with the city's bot is one contact. Plain text only, never a parse mode."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

from channels.base import (
    Capabilities,
    ChannelError,
    Finding,
    Inbound,
    MediaRef,
    MediaSource,
    Outbound,
    Request,
    Sent,
    Setting,
    Undeliverable,
    Webhook,
)
from channels.kit.calls import Calls, ProviderResponse
from channels.kit.phrases import share_location
from channels.kit.setup import ChannelSetup
from channels.kit.signatures import SharedSecret
from channels.kit.text import fit_titles, measure, numbered, split
from channels.telegram.failures import finding_of, raise_for
from channels.telegram.updates import UPDATES, read
from channels.telegram.webhook import webhook_findings

API_URL = "https://api.telegram.org"
TEXT_UNITS = 4_096  # UTF-16
CAPTION_UNITS = 1_024
# A picture by address may have 5 MB (core.telegram.org, Sending files, as quoted by others): ours have 1 MB at most.
CALLBACK_BYTES = 64
BUTTONS = 20  # Telegram allows more; nobody reads more
BUTTON_TITLE = 60
ROW_UNITS = 24  # titles that fit side by side on a narrow phone

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  (a header's name)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_TOKEN = re.compile(r"[0-9A-Za-z_:-]{3,100}")
_CHAT = re.compile(r"-?[0-9]{1,16}")
_FILE_PATH = re.compile(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,300}")


class TelegramChannel:
    """A Telegram bot. Its token is part of every address it calls, so no address is ever logged or raised."""

    name: ClassVar[str] = "telegram"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT_UNITS,
        text_unit="utf16",
        buttons=BUTTONS,
        button_title=BUTTON_TITLE,
        images=True,
        images_out=True,
        location=True,
        location_request=True,
        typing=True,
        changes=True,
        withdraws=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("token", "The bot's token: @BotFather shows it under API Token.", secret=True),
        Setting(
            "secret",
            "A word of your own that Telegram shows with each update: 1 to 256 of A-Z, a-z, 0-9, _ and -.",
            secret=True,
        ),
        Setting("api_url", "Where the Bot API is, if you run your own.", required=False, default=API_URL),
    )

    def __init__(self, setup: ChannelSetup) -> None:
        token, self._secret = setup.settings["token"], setup.settings["secret"]
        if not _TOKEN.fullmatch(token):
            raise ValueError("The token is not one of Telegram's. Copy it again from @BotFather.")
        if not _SECRET.fullmatch(self._secret):
            raise ValueError(
                "The secret must be 1 to 256 of A-Z, a-z, 0-9, _ and -: Telegram takes no other."
            )
        api = (setup.settings.get("api_url") or API_URL).rstrip("/")
        self._shared = SharedSecret(self._secret)
        self._files = f"{api}/file/bot{token}/"
        self._host = urlsplit(api).hostname or ""
        self._calls = Calls(setup.http, f"{api}/bot{token}")

    def verify(self, request: Webhook) -> None:
        """Checks the secret given to setWebhook; Telegram does not sign the body."""
        self._shared.check(request.headers.get(SECRET_HEADER))

    def parse(self, request: Webhook) -> list[Inbound]:
        """One update."""
        return [read(request.body)]

    def render(self, message: Outbound) -> list[Request]:
        """Texts, then photos; a single photo takes a short text as its caption. Buttons are under the last
        message."""
        text, markup = _markup(message)
        calls: list[tuple[str, dict[str, object]]] = []
        caption = len(message.media) == 1 and 0 < measure(text, "utf16") <= CAPTION_UNITS
        if not caption:
            for part in split(text, TEXT_UNITS, "utf16"):
                calls.append(("sendMessage", {"text": part, "link_preview_options": {"is_disabled": True}}))
        calls += [_file(ref) for ref in message.media]
        if caption:
            calls[0][1]["caption"] = text
        if calls:
            calls[-1][1]["reply_markup"] = markup
        if message.asks_location and message.buttons:
            # A message can have one keyboard, and requesting a pin requires the other kind.
            keyboard = _location_keyboard(message.language)
            calls.append(
                ("sendMessage", {"text": share_location(message.language), "reply_markup": keyboard})
            )
        return [Request(method, {"chat_id": _chat(message.contact), **payload}) for method, payload in calls]

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        """Shows that we are writing."""
        return [Request("sendChatAction", {"chat_id": _chat(contact), "action": "typing"})]

    def tapped(self, thread: Mapping[str, str]) -> list[Request]:
        """Stops the spinner on the tapped button."""
        tapped = thread.get("callback")
        return [Request("answerCallbackQuery", {"callback_query_id": tapped})] if tapped else []

    def changed(self, contact: str, external_ids: Sequence[str], text: str) -> list[Request]:
        """A text that went as one message."""
        if len(external_ids) != 1 or measure(text, "utf16") > TEXT_UNITS:
            raise Undeliverable("only a text that went as one message can be changed")
        options = {"text": text, "link_preview_options": {"is_disabled": True}}
        return [Request("editMessageText", {**_sent(contact, external_ids[0]), **options})]

    def withdrawn(self, contact: str, external_ids: Sequence[str]) -> list[Request]:
        """Each of its parts. Telegram refuses what is older than 48 hours."""
        if not external_ids:
            raise Undeliverable("Telegram never said under which number it has this message")
        return [Request("deleteMessage", _sent(contact, one)) for one in external_ids]

    async def send(self, request: Request, key: str) -> Sent:
        """One method of the Bot API. Telegram has no idempotency keys: what may have been accepted is not
        sent again."""
        try:
            answer = await self._ask(request.operation, request.payload)
        except Undeliverable as error:
            if request.operation == "answerCallbackQuery":
                return Sent()  # too late or already answered: the spinner has stopped
            if request.operation == "editMessageText" and "not modified" in str(error):
                return Sent()  # it has this text: an earlier attempt arrived
            if request.operation == "deleteMessage" and "to delete not found" in str(error):
                return Sent()  # an earlier attempt, or the citizen, deleted it
            raise
        result = answer.fields.get("result")
        if isinstance(result, dict) and isinstance(number := result.get("message_id"), int):
            return Sent(f"{request.payload.get('chat_id')}:{number}")
        return Sent()

    async def media(self, ref: MediaRef) -> MediaSource:
        """The address of the file, valid for the next hour. It contains the token."""
        result = (await self._ask("getFile", {"file_id": ref.id})).fields.get("result")
        path = result.get("file_path") if isinstance(result, dict) else None
        if not isinstance(path, str) or not _FILE_PATH.fullmatch(path):
            raise Undeliverable("Telegram gives no path for this file")
        return MediaSource(self._files + path, (self._host,))

    async def check(self, webhook_url: str) -> list[Finding]:
        """getMe and getWebhookInfo."""
        try:
            me = (await self._ask("getMe", {})).fields.get("result")
            info = (await self._ask("getWebhookInfo", {})).fields.get("result")
        except ChannelError as error:
            return [finding_of(error)]
        me, info = (one if isinstance(one, dict) else {} for one in (me, info))
        return [
            Finding(f"the token belongs to @{me.get('username')}", True),
            *webhook_findings(info, webhook_url),
        ]

    async def register(self, webhook_url: str) -> list[Finding]:
        """setWebhook. Pending updates are kept: citizens wrote them."""
        wanted = {"url": webhook_url, "secret_token": self._secret, "allowed_updates": list(UPDATES)}
        try:
            await self._ask("setWebhook", wanted)
        except ChannelError as error:
            return [finding_of(error)]
        return [Finding(f"Telegram now posts to {webhook_url}", True)]

    async def _ask(self, method: str, payload: Mapping[str, object]) -> ProviderResponse:
        answer = await self._calls.post(method, dict(payload))
        raise_for(answer)
        return answer


def _chat(contact: str) -> int | str:
    return int(contact) if _CHAT.fullmatch(contact) else contact


def _sent(contact: str, external_id: str) -> dict[str, object]:
    """A message of ours, as `send` named it: "chat:number"."""
    number = external_id.rpartition(":")[2]
    if not number.isdigit():
        raise Undeliverable("this message has no number at Telegram")
    return {"chat_id": _chat(contact), "message_id": int(number)}


def _markup(message: Outbound) -> tuple[str, dict[str, object]]:
    """The text, with numbered choices if no keyboard can hold them, and the keyboard."""
    buttons = message.buttons
    if len(buttons) > BUTTONS or any(len(one.id.encode()) > CALLBACK_BYTES for one in buttons):
        return numbered(message.text, [one.title for one in buttons]), {"remove_keyboard": True}
    if buttons:
        titles = fit_titles([one.title for one in buttons], BUTTON_TITLE)
        keys = [{"text": title, "callback_data": one.id} for title, one in zip(titles, buttons, strict=True)]
        in_one_row = sum(measure(title, "utf16") for title in titles) <= ROW_UNITS
        return message.text.strip() or "👇", {
            "inline_keyboard": [keys] if in_one_row else [[key] for key in keys]
        }
    if message.asks_location:
        return message.text.strip() or share_location(message.language), _location_keyboard(message.language)
    # Removes the location keyboard of an earlier question.
    return message.text, {"remove_keyboard": True}


def _location_keyboard(language: str) -> dict[str, object]:
    key = {"text": share_location(language), "request_location": True}
    return {"keyboard": [[key]], "resize_keyboard": True, "one_time_keyboard": True}


def _file(ref: MediaRef) -> tuple[str, dict[str, object]]:
    if not ref.url:
        raise Undeliverable("the file has no address that Telegram could fetch")
    image = ref.content_type in ("image/jpeg", "image/png", "image/webp")
    return ("sendPhoto", {"photo": ref.url}) if image else ("sendDocument", {"document": ref.url})
