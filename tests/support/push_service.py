"""A strict push service over loopback, with the browsers that subscribed to it: RFC 8030, 8188, 8291 and 8292, read from
the receiver's side and without the desk's code. What is not as the RFCs say is a problem, and answered 400."""

import base64
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Wrong(Exception):
    """The request is not as an RFC says."""


@dataclass
class BrowserSide:
    """One subscription. `told` is what the browser has read."""

    endpoint: str
    server_key: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: uuid4().bytes)
    told: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def public(self) -> bytes:
        return _point(self.private)

    @property
    def keys(self) -> dict[str, str]:
        """As the page's script sends them."""
        return {"endpoint": self.endpoint, "p256dh": _text(self.public), "auth": _text(self.secret)}

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt aes128gcm as a browser does."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        if size < 18 or len(record) > size or length != 65:
            raise Wrong("the header of aes128gcm")
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self.private.exchange(ec.ECDH(), peer)
        key = _hkdf(self.secret, b"WebPush: info\0" + self.public + theirs, shared, 32)
        cipher = AESGCM(_hkdf(salt, b"Content-Encoding: aes128gcm\0", key, 16))
        try:
            text = cipher.decrypt(_hkdf(salt, b"Content-Encoding: nonce\0", key, 12), record, None)
        except InvalidTag:
            raise Wrong("it does not decrypt") from None
        text = text.rstrip(b"\0")
        if not text.endswith(b"\x02"):
            raise Wrong("the delimiter of the last record")
        said: dict[str, Any] = json.loads(text[:-1])
        return said


@dataclass
class PushService:
    """`answers` are given instead of 201, one after the other: a status, and Retry-After."""

    clock: Callable[[], datetime]
    url: str = ""
    browsers: dict[str, BrowserSide] = field(default_factory=dict)
    answers: list[tuple[int, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    calls: int = 0

    def subscribe(self, server_key: str) -> BrowserSide:
        """A browser subscribes for a server's key."""
        token = uuid4().hex
        self.browsers[token] = BrowserSide(f"{self.url}/push/{token}", server_key)
        return self.browsers[token]

    async def take(self, request: web.Request) -> web.Response:
        self.calls += 1
        if self.answers:
            status, after = self.answers.pop(0)
            return web.Response(status=status, headers={"Retry-After": after} if after else {})
        browser = self.browsers.get(request.match_info["token"])
        if browser is None:
            return web.Response(status=410)
        try:
            self._check(request, browser)
            said = browser.read(await request.read())
        except (Wrong, ValueError, IndexError, KeyError) as error:
            self.problems.append(f"{type(error).__name__}: {error}")
            return web.Response(status=400)
        browser.told.append(said)
        browser.headers.append(dict(request.headers))
        return web.Response(status=201, headers={"Location": f"{self.url}/message/{uuid4()}"})

    def _check(self, request: web.Request, browser: BrowserSide) -> None:
        if not request.headers["TTL"].isdecimal():
            raise Wrong("TTL (RFC 8030, 5.2)")
        if request.headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
            raise Wrong("Urgency (RFC 8030, 5.3)")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", request.headers.get("Topic", "t")):
            raise Wrong("Topic (RFC 8030, 5.4)")
        if request.headers.get("Content-Encoding") != "aes128gcm" or (request.content_length or 0) > 4096:
            raise Wrong("the content (RFC 8291, 4)")
        found = re.fullmatch(r"vapid t=([^,\s]+), ?k=([A-Za-z0-9_-]+)", request.headers["Authorization"])
        if not found:
            raise Wrong("Authorization (RFC 8292, 3)")
        token, key = found.groups()
        if key != browser.server_key:
            raise Wrong("another server's key (RFC 8292, 4.2)")
        self._check_token(token, key)

    def _check_token(self, token: str, key: str) -> None:
        head, claims, signature = token.split(".")
        if json.loads(_bytes(head)) != {"typ": "JWT", "alg": "ES256"}:
            raise Wrong("the token's header")
        peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(key))
        raw = _bytes(signature)
        if len(raw) != 64:
            raise Wrong("the signature's length (RFC 7518, 3.4)")
        signed = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        try:
            peer.verify(signed, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
        except InvalidSignature:
            raise Wrong("the signature") from None
        said = json.loads(_bytes(claims))
        left = datetime.fromtimestamp(said["exp"], self.clock().tzinfo) - self.clock()
        if said["aud"] != self.url or not timedelta() < left <= timedelta(hours=24):
            raise Wrong("aud or exp (RFC 8292, 2)")
        if not said["sub"].startswith(("https:", "mailto:")):
            raise Wrong("sub (RFC 8292, 2.1)")


@asynccontextmanager
async def push_service(clock: Callable[[], datetime]) -> AsyncIterator[PushService]:
    """The service, running."""
    service = PushService(clock)
    app = web.Application()
    app.router.add_post("/push/{token}", service.take)
    server = TestServer(app)
    await server.start_server()
    service.url = f"http://127.0.0.1:{server.port}"
    yield service
    await server.close()


def _hkdf(salt: bytes, info: bytes, key: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=info).derive(key)


def _point(private: ec.EllipticCurvePrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
