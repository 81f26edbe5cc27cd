"""SMS and MMS through Twilio.

Sources: twilio.com/docs/messaging/api/message-resource, /docs/usage/webhooks/webhooks-security, /docs/api/errors.
"""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import urlsplit

import aiohttp

from channels.base import (
    Acknowledgement,
    Billing,
    Capabilities,
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
from channels.kit.gsm7 import plain, segments
from channels.kit.phrases import picture
from channels.kit.setup import ChannelSetup, InboxError
from channels.kit.text import numbered, split
from channels.sms.destinations import allowed_prefixes, is_allowed
from channels.sms.twilio_codes import code_of, raise_for
from channels.sms.twilio_numbers import TwilioNumbers
from channels.sms.twilio_post import parse
from channels.sms.twilio_signature import TwilioSignature

TEXT_LENGTH = 1_500
"""Septets. At most ten SMS in any alphabet; Twilio's own end is 1,600 characters, where carriers drop texts long before."""
IMAGES_PER_MESSAGE = 10
MMS_PREFIX = "+1"  # elsewhere Twilio sends no picture: the link goes as text
API = "https://api.twilio.com"
MEDIA_CDN = ".twiliocdn.com"  # the API redirects here for files; it must not get our password


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
        Setting(
            "prefixes",
            "Country codes that texts may go to, like '+1 +52'; by default the city's own country.",
            required=False,
        ),
        Setting(
            "segments_per_hour",
            "How many SMS, as they are billed, the inbox may send in an hour.",
            required=False,
            default="2000",
        ),
        Setting(
            "segments_per_contact",
            "How many of them may go to one person in an hour.",
            required=False,
            default="60",
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
        self._billing = Billing(
            allowed_prefixes(setup.inbox, given.get("prefixes", ""), setup.calling_code, self._number),
            _count(setup.inbox, given, "segments_per_hour", 2000),
            _count(setup.inbox, given, "segments_per_contact", 60),
        )
        self._numbers = TwilioNumbers(self._calls, self._sid, self._number, self._service)

    def verify(self, request: Webhook) -> None:
        """Twilio's signature over our own public address and every parameter."""
        self._signature.check(request)

    def parse(self, request: Webhook) -> list[Inbound]:
        """One text, or a status of one of ours. STOP and START become a change of the contact."""
        return parse(request.body, request.headers.get("content-type", ""), self._number)

    def render(self, message: Outbound) -> list[Request]:
        """Texts of at most ten SMS each; pictures go with the first."""
        pictures = [ref.url for ref in message.media if ref.url]
        text = message.text
        if pictures and not message.contact.startswith(MMS_PREFIX):
            links = [picture(message.language, url) for url in pictures]
            text, pictures = "\n".join([text, *links]).strip(), []
        parts = texts_of(text, [button.title for button in message.buttons])
        messages = []
        while parts or pictures:
            sent, pictures = pictures[:IMAGES_PER_MESSAGE], pictures[IMAGES_PER_MESSAGE:]
            messages.append(self._message(message.contact, parts.pop(0) if parts else "", sent))
        return messages

    @property
    def billing(self) -> Billing:
        """The inbox's prefixes and hourly limits."""
        return self._billing

    def may_send_to(self, contact: str) -> bool:
        """Numbers of the inbox's countries, without satellite phones and premium numbers."""
        return is_allowed(contact, self._billing.prefixes)

    def units(self, request: Request) -> int:
        """SMS of the text; a picture alone is one."""
        return max(1, segments(str(request.payload.get("Body", ""))))

    async def send(self, request: Request, key: str) -> Sent:
        """One call. Twilio has no idempotency keys: what may have been accepted must not be sent again."""
        form = _pairs(request.payload)
        answer = await self._calls.post(f"/2010-04-01/Accounts/{self._sid}/Messages.json", form=form)
        if answer.fine:
            sid = answer.fields.get("sid")
            return Sent(sid if isinstance(sid, str) else None, _billed(answer, request.payload))
        raise_for(answer)
        raise Undeliverable(f"Twilio answered {answer.status}", code_of(answer) or str(answer.status))

    async def media(self, ref: MediaRef) -> MediaSource:
        """A picture a citizen sent. The password goes only to the API, never to the redirect target."""
        parts = urlsplit(ref.id)
        ours = urlsplit(self._api)
        account = re.escape(self._sid)
        path = re.fullmatch(rf"/2010-04-01/Accounts/{account}/Messages/\w+/Media/\w+", parts.path, re.ASCII)
        if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc) or not path:
            raise Undeliverable("this is no address of a file at Twilio")
        return MediaSource(ref.id, (ours.hostname or "", MEDIA_CDN), {"Authorization": self._password})

    async def check(self, webhook_url: str) -> list[Finding]:
        """Checks that the account is active, the number is ours, and its webhook is our address. Changes
        nothing."""
        return await self._numbers.check(webhook_url)

    async def register(self, webhook_url: str) -> list[Finding]:
        """Tell Twilio to post the number's messages to us."""
        return await self._numbers.register(webhook_url)

    def _message(self, contact: str, text: str, pictures: list[str]) -> Request:
        # With both, the service chooses the number and keeps using it; an additional From would override
        # that.
        sender = {"MessagingServiceSid": self._service} if self._service else {"From": self._number}
        form: dict[str, object] = {"To": contact, **sender}
        if text:
            form["Body"] = text
        if pictures:
            form["MediaUrl"] = pictures
        if self._callback:
            form["StatusCallback"] = self._callback
        return Request("message", form)


def _count(inbox: str, given: Mapping[str, str], name: str, default: int) -> int:
    written = given.get(name, "") or str(default)
    if not (written.isascii() and written.isdigit()) or not 1 <= int(written[:9]) <= 1_000_000:
        raise InboxError(
            f"The inbox '{inbox}' has '{written}' for '{name}'. Write a number from 1 to 1000000."
        )
    return int(written)


def _pairs(payload: Mapping[str, object]) -> list[tuple[str, str]]:
    return [
        (name, str(value))
        for name, values in payload.items()
        for value in (values if isinstance(values, list | tuple) else [values])
    ]


def _billed(answer: ProviderResponse, form: Mapping[str, object]) -> int:
    """The number of SMS billed. With a messaging service Twilio first says 0, before it has chosen the
    sender."""
    said = answer.fields.get("num_segments")
    counted = int(said) if isinstance(said, str) and said.isascii() and said.isdigit() else 0
    return counted or max(1, segments(str(form.get("Body", ""))))


def texts_of(text: str, titles: Sequence[str]) -> list[str]:
    """The texts that a message with these choices is sent as."""
    return [plain(part) for part in split(plain(numbered(text, titles)), TEXT_LENGTH, "sms")]
