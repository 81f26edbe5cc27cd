"""SMS and MMS through Twilio.

Sources: twilio.com/docs/messaging/api/message-resource, /docs/usage/webhooks/webhooks-security, /docs/api/errors.
"""

import re
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

import aiohttp

from channels.base import (
    Acknowledgement,
    Capabilities,
    Finding,
    Inbound,
    InboxBroken,
    MediaRef,
    MediaSource,
    Outbound,
    Request,
    RetryLater,
    Sent,
    Setting,
    Undeliverable,
    Unreachable,
    Webhook,
)
from channels.kit.calls import Calls, ProviderResponse
from channels.kit.gsm7 import plain, segments
from channels.kit.phrases import picture
from channels.kit.setup import ChannelSetup, InboxError
from channels.kit.text import numbered, split
from channels.sms.twilio_numbers import TwilioNumbers
from channels.sms.twilio_post import parse
from channels.sms.twilio_signature import TwilioSignature

TEXT_LENGTH = 1_500
"""Septets. At most ten SMS in any alphabet; Twilio's own end is 1,600 characters, where carriers drop texts long before."""
IMAGES_PER_MESSAGE = 10
MMS_PREFIX = "+1"  # elsewhere Twilio sends no picture: the link goes as text
API = "https://api.twilio.com"
MEDIA_CDN = ".twiliocdn.com"  # where the API redirects for a file; it must get no password of ours

WAIT_SECONDS = {20429: 5.0, 14107: 5.0, 21611: 60.0, 30001: 30.0}
"""Too many at once, or the number's queue is full: the whole inbox waits."""
REFUSED_ACCOUNT = {
    20003: "Twilio refuses the account and its token",
    20005: "the Twilio account is not active",
    10001: "the Twilio account is not active",
    20008: "test credentials cannot send",
    20403: "Twilio forbids the account to send",
    20404: "Twilio knows no such account",
    21603: "no number to send from",
    21606: "the number to send from is not the account's, or sends no SMS",
    21659: "the number to send from is not the account's",
    21660: "the number to send from is another account's",
    21701: "there is no such messaging service",
    21703: "the messaging service has no numbers",
    30002: "the Twilio account is suspended",
}
UNREACHABLE = {
    21610: "the contact said STOP",
    21211: "this is no phone number",
    21612: "this number cannot be reached from ours",
    21614: "this number takes no SMS",
    30003: "the phone is off or out of reach",
    30005: "the number does not exist",
    30006: "a landline, or a carrier that takes no SMS",
}


class SmsChannel:
    """One number, or one messaging service, of a Twilio account."""

    name: ClassVar[str] = "sms"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT_LENGTH, text_unit="sms", images=True, images_out=True, receipts=True
    )
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("account_sid", "It begins with AC and stands on the Twilio console's first page."),
        Setting(
            "auth_token", "The primary auth token, on the same page; it signs and it sends.", secret=True
        ),
        Setting("number", "The Twilio number to send from, like +15550100.", required=False),
        Setting(
            "messaging_service",
            "Instead of a number: the messaging service, beginning with MG.",
            required=False,
        ),
        Setting(
            "signing_key",
            "Only if your webhooks are signed with a shared key: its secret.",
            secret=True,
            required=False,
        ),
        Setting("api_url", "Where Twilio's API is.", required=False, default=API),
    )
    acknowledgement: ClassVar[Acknowledgement] = Acknowledgement("<Response/>", "text/xml; charset=utf-8")

    def __init__(self, setup: ChannelSetup) -> None:
        given = setup.settings
        self._number = given.get("number", "")
        self._service = given.get("messaging_service", "")
        if not self._number and not self._service:
            raise InboxError(
                f"The inbox '{setup.inbox}' has nothing to send from. Set its 'number' or its 'messaging_service'."
            )
        self._sid = given.get("account_sid", "")
        self._token = given.get("auth_token", "")
        self._api = (given.get("api_url") or API).rstrip("/")
        self._signature = TwilioSignature(self._token, given.get("signing_key", ""))
        self._callback = setup.webhook_url if setup.public_url else ""
        self._password = aiohttp.encode_basic_auth(self._sid, self._token)
        self._calls = Calls(setup.http, self._api, auth=(self._sid, self._token))
        self._numbers = TwilioNumbers(self._calls, self._sid, self._number, self._service)

    def verify(self, request: Webhook) -> None:
        """Twilio's signature over our own public address and every parameter."""
        self._signature.check(request)

    def parse(self, request: Webhook) -> list[Inbound]:
        """One text, or the fate of one of ours. STOP and START come as a change of the contact."""
        return parse(request.body, request.headers.get("content-type", ""), self._number)

    def render(self, message: Outbound) -> list[Request]:
        """Texts of at most ten SMS each; pictures go with the first."""
        pictures = [ref.url for ref in message.media if ref.url]
        text = message.text
        if pictures and not message.contact.startswith(MMS_PREFIX):
            links = [picture(message.language, url) for url in pictures]
            text, pictures = "\n".join([text, *links]).strip(), []
        text = plain(numbered(text, [button.title for button in message.buttons]))
        parts = [plain(part) for part in split(text, TEXT_LENGTH, "sms")]
        messages = []
        while parts or pictures:
            sent, pictures = pictures[:IMAGES_PER_MESSAGE], pictures[IMAGES_PER_MESSAGE:]
            messages.append(self._message(message.contact, parts.pop(0) if parts else "", sent))
        return messages

    async def send(self, request: Request, key: str) -> Sent:
        """One call. Twilio knows no key for it: what was perhaps taken must not be sent again."""
        form = _pairs(request.payload)
        answer = await self._calls.post(f"/2010-04-01/Accounts/{self._sid}/Messages.json", form=form)
        if answer.fine:
            sid = answer.fields.get("sid")
            return Sent(sid if isinstance(sid, str) else None, _billed(answer, request.payload))
        _refuse(answer)
        raise Undeliverable(f"Twilio answered {answer.status}", _code(answer) or str(answer.status))

    async def media(self, ref: MediaRef) -> MediaSource:
        """A picture a citizen sent. The password goes to the API alone, never to where it redirects."""
        parts = urlsplit(ref.id)
        ours = urlsplit(self._api)
        account = re.escape(self._sid)
        path = re.fullmatch(rf"/2010-04-01/Accounts/{account}/Messages/\w+/Media/\w+", parts.path, re.ASCII)
        if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc) or not path:
            raise Undeliverable("this is no address of a file at Twilio")
        return MediaSource(ref.id, (ours.hostname or "", MEDIA_CDN), {"Authorization": self._password})

    async def check(self, webhook_url: str) -> list[Finding]:
        """Is the account active, is the number ours, does it post to us? Changes nothing."""
        return await self._numbers.check(webhook_url)

    async def register(self, webhook_url: str) -> list[Finding]:
        """Tell Twilio to post the number's messages to us."""
        return await self._numbers.register(webhook_url)

    def _message(self, contact: str, text: str, pictures: list[str]) -> Request:
        # With both, the service chooses the number and keeps to it; a From beside it would only overrule that.
        sender = {"MessagingServiceSid": self._service} if self._service else {"From": self._number}
        form: dict[str, object] = {"To": contact, **sender}
        if text:
            form["Body"] = text
        if pictures:
            form["MediaUrl"] = pictures
        if self._callback:
            form["StatusCallback"] = self._callback
        return Request("message", form)


def _pairs(payload: Mapping[str, object]) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in payload.items()
        for value in (values if isinstance(values, list | tuple) else [values])
    ]


def _billed(answer: ProviderResponse, form: Mapping[str, object]) -> int:
    """How many SMS it is. With a messaging service Twilio says 0 at first, because it has not chosen the sender."""
    said = answer.fields.get("num_segments")
    counted = int(said) if isinstance(said, str) and said.isascii() and said.isdigit() else 0
    return counted or max(1, segments(str(form.get("Body", ""))))


def _code(answer: ProviderResponse) -> str | None:
    code = answer.fields.get("code")
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None


def _refuse(answer: ProviderResponse) -> None:
    """Raises what the code means; returns for one that is only this message's."""
    code = _code(answer)
    number = int(code) if code else 0
    if number in WAIT_SECONDS:
        raise RetryLater(f"Twilio is busy ({code})", answer.after or WAIT_SECONDS[number], scope="inbox")
    if number in REFUSED_ACCOUNT:
        raise InboxBroken(REFUSED_ACCOUNT[number], code)
    if number in UNREACHABLE:
        raise Unreachable(UNREACHABLE[number], code)
    answer.raise_if_busy("inbox")
    # A 403 with a code of its own is about this message: a country the account may not write to (21408).
    if answer.status == 401 or (answer.status == 403 and code is None):
        raise InboxBroken("Twilio refuses the account and its token", code or str(answer.status))
