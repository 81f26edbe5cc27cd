"""What Messenger and Instagram share: the Send API, quick replies, reply windows and Conversation Routing."""

import re
from collections.abc import Mapping
from itertools import chain
from typing import ClassVar
from urllib.parse import urlsplit

from channels.base import (
    Capabilities,
    ChannelError,
    Finding,
    Inbound,
    InboxBroken,
    MediaRef,
    MediaSource,
    Outbound,
    Request,
    Sent,
    Setting,
    Undeliverable,
    Unreachable,
    Webhook,
    WindowClosed,
)
from channels.kit.setup import ChannelSetup
from channels.kit.text import clean_name
from channels.meta import graph
from channels.meta.graph import Graph, Refuse, Stop, Wait, trouble
from channels.meta.parts import Dialect, parts
from channels.meta.silence import silence_of, staff_silence
from channels.meta.webhook import Ours, read

PAGE_INBOX = "263902037430900"  # the app id of Meta's own inbox for pages
ROUTING = ("take_thread_control", "pass_thread_control")
INSTAGRAM_LOGIN = "graph.instagram.com"  # has neither debug_token nor the app's subscriptions
OTHER_APP = Setting(
    "other_app_id",
    "The app that gets a conversation an agent gives away; without it Meta's own inbox.",
    required=False,
)
STAFF_SILENCE = staff_silence("Meta's own inbox")
CONTACT_ID = re.compile(r"[0-9]{1,40}")
MEDIA_HOSTS = (".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")  # Meta's own; a file elsewhere is refused

# Meta's page of error codes, and of the Send API (a copy of 2017): 1, 2, 4, 100/2018001, 10/2018065,
# 10/2018108, 190, 200/1545041, 613, 1200. Reported by other users: 551/1545041, 10/2018278, 10/2018300,
# 10/2534022.
CODES: graph.Codes = {
    **dict.fromkeys((4, 32, 613, 80001, 80002, 80006), Wait("inbox")),  # calls per hour or second
    **dict.fromkeys((1, 2, 1200), Wait()),  # temporary, on Meta's side
    (10, 2018300): Wait(after=1_800.0),  # another app owns this thread at present
    (10, 2018278): Refuse(WindowClosed),
    (10, 2018065): Refuse(WindowClosed),
    (10, 2534022): Refuse(WindowClosed),  # the same on Instagram
    551: Refuse(Unreachable),  # blocked us, or is gone
    (10, 2018108): Refuse(Unreachable),  # the same in other words: one person's choice must not stop an inbox
    (100, 2018001): Refuse(Unreachable),  # nobody has this id
    (200, 1545041): Refuse(Unreachable),
    100: Refuse(),
    **dict.fromkeys((10, 190, 368, *range(200, 300)), Stop()),  # token, permissions, a ban
}


class MetaChannel:
    """One page or account. A subclass supplies a dialect, its capabilities and its settings."""

    name: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    settings: ClassVar[tuple[Setting, ...]]
    dialect: ClassVar[Dialect]

    def __init__(self, setup: ChannelSetup) -> None:
        self._graph = Graph(setup, CODES)
        self._app_id = setup.settings["app_id"]
        self._account = setup.settings.get("account_id", "")
        self._ours = Ours(
            self.dialect.object,
            self._account,
            self._app_id,
            keyed=self.dialect.metadata,
            silence=silence_of(setup),
        )
        self._other_app = setup.settings.get("other_app_id") or PAGE_INBOX
        self._names = setup.wants("names")

    def verify(self, request: Webhook) -> None:
        """Meta's SHA-256 signature."""
        self._graph.verify(request)

    def handshake(self, request: Webhook) -> str:
        """Meta's first call to a new address."""
        return self._graph.handshake(request)

    def parse(self, request: Webhook) -> list[Inbound]:
        """Every event of the webhook; the place of a message in it also tells which app owns the thread."""
        return read(request.body, self._ours)

    def render(self, message: Outbound) -> list[Request]:
        """Texts, then files, then buttons or quick replies. After 24 hours only a human's text is sent, with
        its tag."""
        if message.window_open:
            kind = {"messaging_type": "RESPONSE"}
        elif message.human:
            kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
        else:
            raise WindowClosed("more than 24 hours since the citizen wrote")
        to = {"recipient": {"id": message.contact}}
        calls = [Request("messages", {**to, **kind, "message": one}) for one in parts(message, self.dialect)]
        # Conversation Routing: Meta accepts no message of ours unless we own the thread.
        taking, passing = ROUTING
        before = [Request(taking, to)] if message.takes_thread else []
        other = {**to, "target_app_id": self._other_app}
        return [*before, *calls, *([Request(passing, other)] if message.passes_thread else [])]

    def typing(self, contact: str, last_external_id: str, thread: Mapping[str, str]) -> list[Request]:
        """Marks the thread as seen, and shows that we are writing."""
        to = {"recipient": {"id": contact}}
        return [Request("messages", {**to, "sender_action": action}) for action in ("mark_seen", "typing_on")]

    async def send(self, request: Request, key: str) -> Sent:
        """One message or action."""
        payload = dict(request.payload)
        message = payload.get("message")
        if self.dialect.metadata and isinstance(message, dict):
            payload["message"] = {**message, "metadata": key}
        try:
            found = (await self._graph.post(f"me/{request.operation}", payload)).fields.get("message_id")
        except (Undeliverable, InboxBroken):
            if request.operation not in ROUTING:
                raise
            return Sent()  # every event tells which app owns the thread: a refusal loses nothing
        return Sent(found) if isinstance(found, str) and message else Sent()

    async def media(self, ref: MediaRef) -> MediaSource:
        """The address that came with the message. It needs no token, so ours is not sent there."""
        hosts = (*MEDIA_HOSTS, self._graph.host)
        try:
            name = urlsplit(ref.id).hostname or ""
        except ValueError:
            name = ""
        if name != self._graph.host and not name.endswith(MEDIA_HOSTS):
            raise Undeliverable("this file is not kept by Meta")
        return MediaSource(ref.id, hosts)

    async def name_of(self, contact: str) -> str | None:
        """The profile's name. Meta returns it for people who have written to us, if the app has the
        permission."""
        if not self._names or not CONTACT_ID.fullmatch(contact):
            return None
        asked = ",".join(chain.from_iterable(self.dialect.names))
        found = (await self._graph.get(contact, fields=asked)).fields
        names = (" ".join(str(found.get(one) or "") for one in fields) for fields in self.dialect.names)
        return next((name for name in map(clean_name, names) if name), None)

    async def check(self, webhook_url: str) -> list[Finding]:
        """The token, the page or account, the webhook address and its subscriptions."""
        tells = self._graph.host != INSTAGRAM_LOGIN
        findings = await self._graph.token_findings(self.dialect.scopes) if tells else []
        try:
            me = (await self._graph.get("me", fields="id,name")).fields
            ours = not self._account or self._account in (me.get("id"), me.get("user_id"))
            todo = (
                "" if ours else f"The token belongs to {me.get('id')}: set account_id, or take another token."
            )
            findings.append(Finding(f"the account is {me.get('name') or me.get('id')}", ours, todo))
        except ChannelError as error:
            findings.append(trouble("the account", error))
        findings.append(await self._subscribed())
        if tells:
            return [*findings, await self._address(webhook_url)]
        todo = f"With Instagram login Meta does not say. Compare the callback in the app's dashboard with {webhook_url}."
        return [*findings, Finding("where Meta posts to", False, todo)]

    async def register(self, webhook_url: str) -> list[Finding]:
        """Sets the app's webhook and subscribes the page. Meta calls the address at once: the gateway must be running."""
        wanted = {
            "object": self.dialect.object,
            "callback_url": webhook_url,
            "verify_token": self._graph.verify_token,
            "fields": ",".join(self.dialect.fields),
        }
        try:
            await self._graph.as_app("POST", f"{self._app_id}/subscriptions", wanted)
            wanted_of_page = {"subscribed_fields": ",".join(self.dialect.page_fields)}
            await self._graph.post("me/subscribed_apps", wanted_of_page)
        except ChannelError as error:
            return [trouble("the webhook", error)]
        return [Finding(f"Meta now posts to {webhook_url}", True)]

    async def _subscribed(self) -> Finding:
        try:
            data = (await self._graph.get("me/subscribed_apps")).fields.get("data")
        except ChannelError as error:
            return trouble("what Meta posts", error)
        apps = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        held = next(
            (one.get("subscribed_fields") for one in apps if str(one.get("id")) == self._app_id), None
        )
        missing = set(self.dialect.page_fields) - set(held if isinstance(held, list) else ())
        todo = f"Not subscribed: {', '.join(sorted(missing))}. Register the webhook." if missing else ""
        return Finding("what Meta posts", not missing, todo)

    async def _address(self, webhook_url: str) -> Finding:
        try:
            data = (await self._graph.as_app("GET", f"{self._app_id}/subscriptions")).fields.get("data")
        except ChannelError as error:
            return trouble("the webhook", error)
        listed = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        found = next((one for one in listed if one.get("object") == self.dialect.object), {})
        if found.get("callback_url") == webhook_url and found.get("active", True):
            return Finding(f"Meta posts to {webhook_url}", True)
        todo = (
            f"Meta posts elsewhere than {webhook_url}. Register the webhook."
            if found
            else "Register the webhook."
        )
        return Finding("the webhook", False, todo)
