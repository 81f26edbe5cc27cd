"""Meta's Graph API, shared by WhatsApp, Messenger and Instagram: authenticity, calls and the meaning of
codes.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from channels.errors import (
    ChannelError,
    InboxBroken,
    NotAuthentic,
    RetryLater,
    Undeliverable,
)
from channels.kit.calls import Calls, ProviderResponse
from channels.kit.setup import ChannelSetup
from channels.kit.signatures import SharedSecret, Signature
from channels.messages import Finding, MediaSource, Setting, Webhook

API_URL = "https://graph.facebook.com"
API_VERSION = "v23.0"
SIGNATURE_HEADER = "x-hub-signature-256"  # the older x-hub-signature is SHA-1 and is never looked at

APP_SECRET = Setting(
    "app_secret", "The app's secret: in the app's dashboard under Settings, Basic.", secret=True
)
VERIFY_TOKEN = Setting(
    "verify_token", "A word of your own that Meta shows when it first calls the webhook.", secret=True
)
SIGNING_SECRET = Setting(
    "signing_secret",
    "Only if Meta signs with another secret than app_secret: that one. Either is taken then.",
    secret=True,
    required=False,
)
ADDRESS = (
    Setting("api_url", "Where the Graph API is.", required=False, default=API_URL),
    Setting("api_version", "The version of the Graph API.", required=False, default=API_VERSION),
)

_CHALLENGE = re.compile(r"[\w.-]{1,512}")


@dataclass(frozen=True, slots=True)
class Wait:
    """Retry. `after` is in seconds; `most` is the number of attempts that makes sense."""

    scope: Literal["contact", "inbox"] = "contact"
    most: int | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Refuse:
    """This message can never be sent."""

    kind: type[Undeliverable] = Undeliverable


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing can be sent until the operator fixes it."""


Verdict = Wait | Refuse | Stop
Codes = Mapping[int | tuple[int, int], Verdict]
"""By code, or by (code, error_subcode), which takes precedence."""


class Graph:
    """Calls with one access token, and verification that Meta calls us. Raises ValueError for an unset
    secret."""

    def __init__(self, setup: ChannelSetup, codes: Codes) -> None:
        settings = setup.settings
        secret, self.token = settings["app_secret"], settings["token"]
        if not self.token.strip():
            raise ValueError("The access token is not set. Without it nothing can be sent.")
        self.verify_token = settings["verify_token"]
        # Meta does not document which secret signs with Instagram login; users have reported both.
        given = (secret, *filter(None, (settings.get("signing_secret", "").strip(),)))
        self._signatures = [Signature(one, prefix="sha256=") for one in given]
        self._shared = SharedSecret(self.verify_token)
        self._codes = codes
        url = (settings.get("api_url") or API_URL).rstrip("/")
        self.host = urlsplit(url).hostname or ""
        base = f"{url}/{settings.get('api_version') or API_VERSION}"
        self._calls = Calls(setup.http, base, headers={"Authorization": f"Bearer {self.token}"})
        app_token = f"{settings.get('app_id', '')}|{secret}"
        self._app_calls = Calls(setup.http, base, headers={"Authorization": f"Bearer {app_token}"})
        # A stolen token alone is useless once the app requires this proof.
        self._proof = (
            "appsecret_proof",
            hmac.new(secret.encode(), self.token.encode(), hashlib.sha256).hexdigest(),
        )

    def verify(self, request: Webhook) -> None:
        """The SHA-256 signature of the raw body, with a secret of ours."""
        for signature in self._signatures:
            try:
                return signature.check(request.body, request.headers.get(SIGNATURE_HEADER))
            except NotAuthentic as error:
                refusal = error
        raise refusal

    def handshake(self, request: Webhook) -> str:
        """Meta verifies the address: hub.verify_token is ours, and hub.challenge is the answer it expects."""
        self._shared.check(request.query.get("hub.verify_token"))
        challenge = request.query.get("hub.challenge", "")
        if request.query.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
            raise NotAuthentic("this is no handshake")
        return challenge

    async def post(self, path: str, payload: object) -> ProviderResponse:
        """POST JSON. Raises according to the codes."""
        answer = await self._calls.post(path, payload, query=[self._proof])
        raise_for(answer, self._codes)
        return answer

    async def get(self, path: str, **query: str) -> ProviderResponse:
        """GET. Raises according to the codes."""
        answer = await self._calls.get(path, [*query.items(), self._proof])
        raise_for(answer, self._codes)
        return answer

    async def as_app(
        self, method: Literal["GET", "POST"], path: str, payload: object = None
    ) -> ProviderResponse:
        """A call on behalf of the app itself: `app_id` must be set."""
        calls = self._app_calls
        answer = await (calls.get(path) if method == "GET" else calls.post(path, payload))
        raise_for(answer, self._codes)
        return answer

    async def media_source(self, media_id: str, hosts: tuple[str, ...], **query: str) -> MediaSource:
        """Meta's address for a file, valid for some minutes. Raises RetryLater or Undeliverable."""
        if not re.fullmatch(r"[\w-]{1,128}", media_id):
            raise Undeliverable("this is no media id of Meta's")
        try:
            url = (await self.get(media_id, **query)).fields.get("url")
        except InboxBroken as error:
            # The file waits until the token is fixed.
            raise RetryLater(str(error), scope="inbox") from None
        if not isinstance(url, str) or not url:
            raise Undeliverable("Meta gives no address for this file")
        return MediaSource(url, (*hosts, self.host), {"Authorization": f"Bearer {self.token}"})

    async def token_findings(self, scopes: Iterable[str]) -> list[Finding]:
        """Whether the token is valid, with these permissions. Calls debug_token with the token itself."""
        try:
            data = (await self.get("debug_token", input_token=self.token)).fields.get("data")
        except ChannelError as error:
            if isinstance(error, Undeliverable) and await self._works_without_proof():
                todo = "Meta refuses what it proves. Copy it again: nothing is taken in or sent without it."
                return [Finding("app_secret, which signs and proves", False, todo)]
            return [trouble("the access token", error)]
        found = data if isinstance(data, dict) else {}
        if not found.get("is_valid"):
            return [
                Finding("the access token", False, "Meta says it is not valid. Make a new one and set it.")
            ]
        held = found.get("scopes")
        missing = [scope for scope in scopes if scope not in (held if isinstance(held, list) else [])]
        if missing:
            todo = f"It lacks: {', '.join(missing)}. Make a token of a system user with these permissions."
            return [Finding("the permissions of the access token", False, todo)]
        if found.get("expires_at"):
            return [
                Finding("the access token", False, "It ends one day. Use a system user's, which does not.")
            ]
        return [Finding("the access token is valid and has its permissions", True)]

    async def _works_without_proof(self) -> bool:
        """Whether the token is valid, and only the proof made with the app's secret is refused."""
        try:
            raise_for(await self._calls.get("debug_token", [("input_token", self.token)]), self._codes)
        except ChannelError:
            return False
        return True


def raise_for(answer: ProviderResponse, codes: Codes) -> None:
    """Raises according to the answer. An unknown refusal is permanent; an unknown failure on Meta's side is
    retried."""
    if answer.fine:
        return
    error = answer.fields.get("error")
    fields = error if isinstance(error, dict) else {}
    code, subcode = fields.get("code"), fields.get("error_subcode")
    verdict: Verdict | None = None
    if isinstance(code, int):
        verdict = codes.get((code, subcode)) if isinstance(subcode, int) else None
        verdict = verdict or codes.get(code)
    name = f"{code}/{subcode}" if subcode else str(code if code is not None else answer.status)
    reason = f"Meta answered {answer.status}, code {name}"
    match verdict:
        case Wait(scope, most, after):
            raise RetryLater(reason, answer.after or after, scope=scope, most=most)
        case Refuse(kind):
            raise kind(reason, name)
        case Stop():
            raise InboxBroken(reason, name)
    if fields.get("is_transient") is True:
        raise RetryLater(reason, answer.after)
    answer.raise_if_busy("inbox")
    if answer.status == 401:
        raise InboxBroken(reason, name)
    raise Undeliverable(reason, name)


def trouble(what: str, error: ChannelError) -> Finding:
    """A finding for an error during a check."""
    match error:
        case InboxBroken():
            todo = f"{error}. Make a new token with the right permissions, and look for notices in Meta's dashboard."
        case RetryLater():
            todo = f"{error}. Try again in a few minutes."
        case _:
            todo = f"{error}. Compare the ids in the settings with Meta's dashboard."
    return Finding(what, False, todo)
