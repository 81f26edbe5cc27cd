"""WhatsApp Cloud API: a contact is Meta's user id for our business; the phone number may remain unknown."""

import re
from collections.abc import Mapping
from typing import ClassVar

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
    Template,
    Undeliverable,
    Webhook,
    WindowClosed,
)
from channels.kit.phrases import choose
from channels.kit.setup import ChannelSetup
from channels.kit.text import fit, fit_titles, measure, numbered, split
from channels.meta import graph
from channels.meta.graph import Graph, Refuse, Stop, Wait, trouble
from channels.meta.silence import silence_of, staff_silence
from channels.whatsapp.webhook import WINDOW_OVER, read

# Lengths and counts are from Meta's OpenAPI description (v23.0).
TEXT = 4_096  # all lengths are counted in UTF-16 units, the strictest reading of "characters"
CAPTION = BODY = 1_024
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_TEXT, ROW_ID = 10, 24, 72, 200  # SectionObject of the same description
IMAGES = ("image/jpeg", "image/png")
MEDIA_HOST = "lookaside.fbsbx.com"  # as others report; Meta names no host. Other files are refused, and the author told
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+")  # anything else is a phone number
SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")

# Meta's page of error codes, as listed by pywa; a test compares the two.
CODES: graph.Codes = {
    # Rate limits or outages: 80 messages a second per number, the app's hourly calls, maintenance.
    **dict.fromkeys((130429, 80007, 4, 131016, 2, 131057), Wait("inbox")),
    131056: Wait(after=6.0),  # one message in six seconds to the same person
    **dict.fromkeys((131000, 1, 135000), Wait(most=3)),  # "something went wrong"
    **dict.fromkeys((131048, 131064), Wait(after=3_600.0)),  # quality and daily limits
    WINDOW_OVER: Refuse(WindowClosed),  # more than 24 hours since the citizen wrote
    **dict.fromkeys(
        (131026, 131021, 131030, 131051, 131008, 131009, 131049, 131050, 131037, 131062), Refuse()
    ),
    **dict.fromkeys((100, 130472, 131052, 131053, *range(132_000, 133_000)), Refuse()),
    **dict.fromkeys((0, 3, 10, 190, *range(200, 300)), Stop()),  # token and permissions
    **dict.fromkeys((368, 131031, 131042, 131005, 130497), Stop()),  # banned, unpaid, refused
}


class WhatsAppChannel:
    """One business number. `to` is a number, `recipient` a user id; Meta takes either."""

    name: ClassVar[str] = "whatsapp"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT,
        text_unit="utf16",
        buttons=BUTTONS,
        button_title=BUTTON_TITLE,
        button_text_length=BODY,
        list_rows=ROWS,
        row_title=ROW_TITLE,
        images=True,
        images_out=True,
        location=True,
        location_request=True,
        receipts=True,
        typing=True,
        read_marks=True,
        templates=True,
        reply_window_hours=24,
        per_second=60.0,  # of 80 a second, both ways together
        burst=60.0,
        contact_per_second=1 / 6,
        contact_burst=40.0,  # of 45
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("phone_number_id", "The number's id (not the number): WhatsApp Manager, API Setup."),
        Setting("token", "A system user's access token: Business settings, System users.", secret=True),
        graph.APP_SECRET,
        graph.VERIFY_TOKEN,
        Setting(
            "business_account_id",
            "The WhatsApp Business Account's id: WhatsApp Manager. Needed to register the webhook.",
            required=False,
        ),
        staff_silence("the WhatsApp Business app"),
        *graph.ADDRESS,
    )

    def __init__(self, setup: ChannelSetup) -> None:
        self._graph = Graph(setup, CODES)
        self._number = setup.settings["phone_number_id"]
        self._account = setup.settings.get("business_account_id", "")
        self._silence = silence_of(setup)

    def verify(self, request: Webhook) -> None:
        """Meta's SHA-256 signature."""
        self._graph.verify(request)

    def handshake(self, request: Webhook) -> str:
        """Meta's first call to a new address."""
        return self._graph.handshake(request)

    def parse(self, request: Webhook) -> list[Inbound]:
        """Every message and status in the webhook, and what staff wrote in the WhatsApp Business app."""
        return read(request.body, self._number, self._silence)

    def render(self, message: Outbound) -> list[Request]:
        """Texts, photos, then buttons or lists. Outside the window only a template is sent."""
        to = {"recipient" if USER_ID.fullmatch(message.contact) else "to": message.contact}
        base = {"messaging_product": "whatsapp", "recipient_type": "individual", **to}
        if not message.window_open:
            if message.template is None:
                raise WindowClosed("more than 24 hours since the citizen wrote, and no template is given")
            return [Request("messages", {**base, **_template(message.template)})]
        return [Request("messages", {**base, **part}) for part in parts_of(message)]

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        """Marks the message as read and shows that we are writing, in one call."""
        typing = {"typing_indicator": {"type": "text"}}
        mark = {"messaging_product": "whatsapp", "status": "read", "message_id": last_external_id}
        return [Request("messages", {**mark, **typing})]

    async def send(self, request: Request, key: str) -> Sent:
        """One message. Its key comes back with its statuses, so that a message whose answer was lost can be
        identified."""
        payload = dict(request.payload)
        if "type" in payload:
            payload["biz_opaque_callback_data"] = key
        answer = await self._graph.post(f"{self._number}/{request.operation}", payload)
        match answer.document:
            case {"messages": [{"id": str(wamid)}, *_]}:
                return Sent(wamid)
        return Sent()

    async def media(self, ref: MediaRef) -> MediaSource:
        """The address of the file, valid for the next five minutes."""
        return await self._graph.media_source(ref.id, (MEDIA_HOST,), phone_number_id=self._number)

    async def check(self, webhook_url: str) -> list[Finding]:
        """The token, the number, and the webhook address."""
        findings = await self._graph.token_findings(SCOPES)
        try:
            number = (await self._graph.get(self._number, fields="display_phone_number,verified_name")).fields
            shown = f"{number.get('display_phone_number', self._number)} ({number.get('verified_name', 'no name')})"
            findings.append(Finding(f"the number is {shown}", True))
        except ChannelError as error:
            findings.append(trouble("the number", error))
        if not self._account:
            todo = "Set business_account_id, so that it can be looked up."
            return [*findings, Finding("the webhook", False, todo)]
        try:
            apps = (await self._graph.get(f"{self._account}/subscribed_apps")).fields.get("data")
        except ChannelError as error:
            return [*findings, trouble("the webhook", error)]
        listed = apps if isinstance(apps, list) else []
        addresses = [one.get("override_callback_uri") for one in listed if isinstance(one, dict)]
        if webhook_url in addresses:
            return [*findings, Finding(f"Meta posts to {webhook_url}", True)]
        todo = "Nothing is subscribed." if not listed else f"Meta posts elsewhere than {webhook_url}."
        return [*findings, Finding("the webhook", False, f"{todo} Register the webhook.")]

    async def register(self, webhook_url: str) -> list[Finding]:
        """Subscribes the account to our address. Meta calls it at once, so the gateway must be running."""
        if not self._account:
            return [Finding("the webhook", False, "Set business_account_id first.")]
        wanted = {"override_callback_uri": webhook_url, "verify_token": self._graph.verify_token}
        try:
            await self._graph.post(f"{self._account}/subscribed_apps", wanted)
        except ChannelError as error:
            return [trouble("the webhook", error)]
        return [Finding(f"Meta now posts to {webhook_url}", True)]


def parts_of(message: Outbound) -> list[dict[str, object]]:
    """The messages that this one is sent as, in the API's form."""
    tapped = _fits(message) and not message.asks_location
    asks = tapped or message.asks_location
    text = message.text
    if message.buttons and not tapped:
        text = numbered(text, [one.title for one in message.buttons])
    *before, last = split(text, TEXT, "utf16") or [""]
    if asks and measure(last, "utf16") > BODY:
        # The limit above buttons is lower than for a plain message, so only the end of the text is placed
        # there.
        end = split(last, BODY, "utf16")[-1]
        before.append(last.removesuffix(end).rstrip())
        last = end
    if len(message.media) == 1 and not (before or asks) and measure(last, "utf16") <= CAPTION:
        return [_file(message.media[0], caption=last)]
    files = [_file(ref, caption="") for ref in message.media]
    texts = [_text(part) for part in before]
    if asks:
        return [
            *texts,
            *files,
            {"type": "interactive", "interactive": _interactive(message, last or "…", tapped)},
        ]
    return [*texts, *([_text(last)] if last else []), *files]


def _fits(message: Outbound) -> bool:
    limit = BUTTON_ID if len(message.buttons) <= BUTTONS else ROW_ID
    return 0 < len(message.buttons) <= ROWS and all(0 < len(one.id) <= limit for one in message.buttons)


def _text(text: str) -> dict[str, object]:
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _interactive(message: Outbound, text: str, tapped: bool) -> dict[str, object]:
    body = {"text": text}
    titles = [one.title for one in message.buttons]
    if not tapped:
        return {"type": "location_request_message", "body": body, "action": {"name": "send_location"}}
    if len(titles) <= BUTTONS and all(measure(title, "utf16") <= BUTTON_TITLE for title in titles):
        replies = zip(message.buttons, fit_titles(titles, BUTTON_TITLE, "utf16"), strict=True)
        buttons = [{"type": "reply", "reply": {"id": one.id, "title": title}} for one, title in replies]
        return {"type": "button", "body": body, "action": {"buttons": buttons}}
    rows = []
    for one, title in zip(message.buttons, fit_titles(titles, ROW_TITLE, "utf16"), strict=True):
        row = {"id": one.id, "title": title}
        # The full title is the description if the row's title had to be shortened.
        rows.append(row if title == one.title else {**row, "description": fit(one.title, ROW_TEXT, "utf16")})
    action = {"button": choose(message.language), "sections": [{"rows": rows}]}
    return {"type": "list", "body": body, "action": action}


def _file(ref: MediaRef, caption: str) -> dict[str, object]:
    if not ref.url:
        raise Undeliverable("the file has no address that Meta could fetch")
    kind = "image" if ref.content_type in IMAGES else "document"
    file = {"link": ref.url, "caption": caption, "filename": ref.name if kind == "document" else None}
    return {"type": kind, kind: {name: value for name, value in file.items() if value}}


def _template(template: Template) -> dict[str, object]:
    body = {"type": "body", "parameters": [{"type": "text", "text": one} for one in template.values]}
    language = {"policy": "deterministic", "code": template.language.replace("-", "_")}
    shown = {"name": template.name, "language": language}
    return {"type": "template", "template": {**shown, **({"components": [body]} if template.values else {})}}
