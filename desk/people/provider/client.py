"""Calls to the provider: discovery document, keys, code for tokens, userinfo.

Every call has a time limit and a size limit, and follows no redirect. Plain HTTP goes to this machine only.
"""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlsplit

import aiohttp
import msgspec
from authlib.oauth2.auth import encode_client_secret_basic
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from desk.people.provider.errors import ProviderAway

SECONDS = 8.0
LARGEST = 256 * 1024
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
DESCRIPTION_LIFE = 3_600.0
KEYS_LIFE = 3_600.0
KEYS_AGAIN = 30.0
"""Seconds between two early looks at the keys, so that tokens with invented key names cannot make us ask all the time."""
REST = 5.0
"""Seconds for which a provider that did not answer is not asked for its description or keys: anybody may open the page
that asks, and each call may take 8 seconds."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


Found = TypeVar("Found")


class Description(msgspec.Struct, frozen=True):
    """What we use of the provider's discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: tuple[str, ...] | None = None
    authorization_response_iss_parameter_supported: bool = False


class Tokens(msgspec.Struct, frozen=True):
    """The provider's tokens for a code."""

    id_token: str
    access_token: str


@dataclass(frozen=True, slots=True)
class Client:
    """Us, as the provider knows us. Without a secret we are a public client, and PKCE alone protects the code."""

    id: str
    secret: str


class ProviderClient:
    """Built once; opens its connections on first use."""

    def __init__(self, issuer: str, client: Client, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._client = client
        self._monotonic = monotonic
        self._rests_until = -math.inf
        self._description: tuple[Description, float] | None = None
        self._keys: tuple[KeySet, float] | None = None
        self._again_from = -math.inf
        self._describing, self._looking = asyncio.Lock(), asyncio.Lock()

    async def describe(self) -> Description:
        """The discovery document, kept for an hour. Raises ProviderAway."""
        async with self._describing:
            if self._description and self._monotonic() - self._description[1] < DESCRIPTION_LIFE:
                return self._description[0]
            url = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            found = await self._look_up(url, self._read_description)
            self._description = found, self._monotonic()
            return found

    async def keys(self, *, again: bool = False) -> KeySet:
        """The provider's keys. `again`: a token named a key that is not among them. Raises ProviderAway."""
        async with self._looking:
            now = self._monotonic()
            if self._keys:
                due = now - self._keys[1] > KEYS_LIFE
                if not due and not (again and now > self._again_from):
                    return self._keys[0]
            if again:
                self._again_from = now + KEYS_AGAIN
            found = await self._look_up((await self.describe()).jwks_uri, _read_keys)
            self._keys = found, self._monotonic()
            return found

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Tokens for a code. Raises ProviderAway."""
        described = await self.describe()
        values: dict[str, str] = {"code": code, "code_verifier": verifier}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        methods = described.token_endpoint_auth_methods_supported
        if self._client.secret and "client_secret_basic" in methods:
            _, headers, _ = encode_client_secret_basic(_Basic(self._client), "POST", "", dict(headers), "")
        else:
            values["client_id"] = self._client.id
            if self._client.secret:
                values["client_secret"] = self._client.secret
        body = prepare_token_request("authorization_code", "", redirect_uri, **values)
        answer = await self._call("POST", described.token_endpoint, body, headers)
        try:
            return msgspec.json.decode(answer, type=Tokens)
        except UNREADABLE:
            raise ProviderAway("tokens") from None

    async def who(self, access_token: str) -> Mapping[str, Any]:
        """The claims of the userinfo endpoint; none where there is no such endpoint. Raises ProviderAway."""
        address = (await self.describe()).userinfo_endpoint
        if address is None:
            return {}
        _check_address(address)
        body = await self._call("GET", address, headers={"authorization": f"Bearer {access_token}"})
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except UNREADABLE:
            raise ProviderAway("userinfo") from None

    async def _look_up(self, url: str, read: Callable[[bytes], Found]) -> Found:
        """What the provider publishes. After a failure it is left alone for a moment: those who come meanwhile are told
        at once, and do not wait behind each other."""
        if self._monotonic() < self._rests_until:
            raise ProviderAway("rests")
        try:
            return read(await self._call("GET", url))
        except ProviderAway:
            self._rests_until = self._monotonic() + REST
            raise

    def _read_description(self, body: bytes) -> Description:
        try:
            found = msgspec.json.decode(body, type=Description)
        except UNREADABLE:
            raise ProviderAway("description") from None
        if found.issuer != self.issuer:
            raise ProviderAway("issuer")
        for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            _check_address(address)
        return found

    async def _call(
        self, method: str, url: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=SECONDS), trust_env=False,
                    cookie_jar=aiohttp.DummyCookieJar(),
                ) as http,
                http.request(
                    method, url, data=body, headers={"accept": "application/json"} | dict(headers or {}),
                    allow_redirects=False,
                ) as answer,
            ):  # fmt: skip
                if answer.status != 200:
                    raise ProviderAway(f"status_{answer.status}")
                data = await answer.content.read(LARGEST + 1)
                while len(data) <= LARGEST and (more := await answer.content.read(LARGEST + 1 - len(data))):
                    data += more
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            # Only the type: the text may repeat an address with a code in it.
            raise ProviderAway(type(error).__name__) from None
        if len(data) > LARGEST:
            raise ProviderAway("size")
        return data


@dataclass(frozen=True, slots=True)
class _Basic:
    """The names that authlib reads, encoded as RFC 6749 wants it, which authlib leaves out."""

    client: Client

    @property
    def client_id(self) -> str:
        return quote_plus(self.client.id)

    @property
    def client_secret(self) -> str:
        return quote_plus(self.client.secret)


def _read_keys(body: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(msgspec.json.decode(body))
    except (*UNREADABLE, JoseError, ValueError, KeyError, TypeError):
        raise ProviderAway("keys") from None


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ProviderAway("plain_http")
