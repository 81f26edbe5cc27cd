"""A small, strict gateway for browser tests: it speaks /chat/v1, remembers what it was asked, and fails on command.

One long file on purpose: the whole API is read beside what it may do wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from PIL import Image

from gateway.preloads import Preloads

DIST = Path(__file__).resolve().parents[2] / "web" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types civicdesk-push"
)
KINDS = {"text", "button", "location", "media", "language"}
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français"}


@dataclass
class Contact:
    """What the gateway knows of one session."""

    log: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    state: dict[str, Any] = field(
        default_factory=lambda: {
            "owner": "none", "position": None, "agent_name": None, "office_open": True,
            "opens_at": None, "language": "en", "typing": False,
        }
    )  # fmt: skip


class FakeGateway:
    """Start, stop and start again on the same port; the log outlives the server, as a database does."""

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []
        self.contacts: dict[str, Contact] = {}
        self.ended: set[str] = set()
        self.erased: set[str] = set()
        self.map_credit: str | None = None
        self.devices: set[str] = set()  # that get notices
        self.requests: list[str] = []
        self.port = 0
        self.limits = {"text": 2000, "photo_bytes": 10 * 1024 * 1024}
        self.answer: Callable[[dict[str, Any]], str | None] = lambda _: None
        self.unplugged = False  # every call under /chat/v1 is cut before it is read
        self.lose_answers = 0  # so many accepted messages are never confirmed
        self.refuse: dict[str, tuple[int, str]] = {}  # "POST messages" -> (status, sentence)
        self.mute_streams = False  # a proxy that holds every byte of a stream back
        self.origins: set[str] = set()  # other sites whose pages may use the chat
        self.pages: dict[str, str] = {}  # further pages, by path
        self.policy = POLICY
        self.streams = 0  # open now
        self.lose_uploads = 0  # so many parts of photos are cut off after they have arrived
        self.parts: list[tuple[str, int, int]] = []  # (upload, offset, bytes) of those that were taken
        self.uploads = asyncio.Event()  # while it is clear, uploads wait
        self.uploads.set()
        self.cut_events = 0  # so many stream events break in the middle, and the line with them
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def contact(self) -> Contact:
        """The only session there is; fails when there are several."""
        (only,) = self.contacts.values()
        return only

    async def start(self) -> None:
        app = web.Application(middlewares=[self._gate], client_max_size=64 * 1024 * 1024)
        app.add_routes(
            [
                web.post("/chat/v1/session", self._session),
                web.get("/chat/v1/config", self._config),
                web.get("/chat/v1/addresses", self._addresses),
                web.get("/chat/v1/messages", self._messages),
                web.post("/chat/v1/messages", self._post),
                web.get("/chat/v1/stream", self._stream),
                web.post("/chat/v1/end", self._end),
                web.post("/chat/v1/erase", self._erase),
                web.post("/chat/v1/media/{id}", self._upload),
                web.get("/chat/v1/media/{id}", self._media),
                web.get("/chat/v1/tiles/{x}/{y}", self._tile),
                web.get("/chat/v1/push", self._push_key),
                web.post("/chat/v1/push", self._push),
                web.post("/chat/v1/push/end", self._push_end),
                web.get("/notices/current.json", self._notices),
                web.get("/", self._page),
                web.get("/site/{name}", self._other_page),
                web.static("/", DIST),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _notices(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"title": "Notices of the city", "language": request.query["language"], "notices": self.notices}
        )

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def say(self, text: str, author: str = "bot", contact: Contact | None = None, **extra: Any) -> None:
        """Append a message that is not the contact's."""
        await self._append(
            contact or self.contact, {"author": author, "text": text, "language": "en", **extra}
        )

    async def correct(self, seq: int, kind: str, text: str) -> None:
        """An agent changes ("edited") or takes back ("withdrawn") what the log shows."""
        message = self.contact.log[seq - 1]
        message |= {"text": text, "corrected": kind}
        self.contact.corrections.append(dict(message))
        await self._notify()

    async def become(self, **state: Any) -> None:
        self.contact.state |= state
        await self._notify()

    async def until(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        """Wait until something that a request or a message brings about holds."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def heard(self, count: int = 1) -> None:
        """Wait until so many messages of the contact are in the log."""
        await self.until(lambda: len(self.contacts) == 1 and len(self.contact.accepted) == count)

    async def asked(self, part: str, count: int = 1) -> None:
        """Wait until so many requests held `part` in their method, path or query."""
        await self.until(lambda: sum(part in one for one in self.requests) >= count)

    async def _append(self, contact: Contact, message: dict[str, Any]) -> None:
        contact.log.append(
            {
                "seq": len(contact.log) + 1, "id": str(uuid.uuid4()), "client_id": None, "agent_name": None, "buttons": [],
                "attachments": [], "location": None, "source": None, "status": "sent",
                "created_at": datetime.now(UTC).isoformat(), **message,
            }
        )  # fmt: skip
        await self._notify()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    @web.middleware
    async def _gate(self, request: web.Request, handler: Callable[..., Any]) -> web.StreamResponse:
        chat = request.path.startswith("/chat/v1/")
        origin = request.headers.get("Origin", "")
        cors = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
        }
        allowed = origin in self.origins or request.path == "/chat/v1/config"
        if chat and request.method == "OPTIONS":
            return web.Response(status=204, headers=cors if allowed else {})
        name = f"{request.method} {request.path.removeprefix('/chat/v1/')}"
        name = "POST media" if name.startswith("POST media/") else name
        if chat:
            self.requests.append(f"{name}?{request.query_string}" if request.query_string else name)
            await self._notify()
            if self.unplugged:
                assert request.transport is not None
                request.transport.abort()
                return web.Response(status=503)
            if name in self.refuse:
                status, sentence = self.refuse[name]
                return _error(status, "refused", sentence)
        response: web.StreamResponse = await handler(request)
        if response.prepared:
            return response
        if not chat:
            response.headers["Content-Security-Policy"] = self.policy
        if request.path.startswith("/widget/"):
            response.headers["Access-Control-Allow-Origin"] = "*"
        elif chat and allowed:
            response.headers.update(cors)
        return response

    async def _other_page(self, request: web.Request) -> web.Response:
        return web.Response(text=self.pages[request.match_info["name"]], content_type="text/html")

    def _known(self, request: web.Request) -> Contact:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.contacts or token in self.ended:
            body = json.dumps({"error": {"code": "no_session", "message": "Please start again."}})
            raise web.HTTPUnauthorized(text=body, content_type="application/json")
        return self.contacts[token]

    async def _page(self, request: web.Request) -> web.FileResponse:
        link = Preloads(DIST).link(request.query.get("lang", ""), ["/site.css"])
        return web.FileResponse(DIST / "index.html", headers={"Link": link})

    async def _session(self, request: web.Request) -> web.Response:
        assert set(await request.json()) <= {"language"}
        token = uuid.uuid4().hex
        self.contacts[token] = Contact()
        return web.json_response({"token": token, "expires_at": "2027-01-01T00:00:00Z"}, status=201)

    async def _end(self, request: web.Request) -> web.Response:
        self._known(request)
        self.ended.add(request.headers["Authorization"].partition(" ")[2])
        return web.Response(status=204)

    async def _erase(self, request: web.Request) -> web.Response:
        self._known(request)
        self.erased.add(request.headers["Authorization"].partition(" ")[2])
        return await self._end(request)

    async def _config(self, request: web.Request) -> web.Response:
        languages = [
            {"code": c, "name": n} for c, n in (("en", "English"), ("es", "Español"), ("fr", "Français"))
        ]
        return web.json_response(
            {
                "city": "Lindenport", "demo": True, "languages": languages, "limits": self.limits,
                "emergency_number": "911", "map_credit": self.map_credit,
                "origin_allowed": request.headers.get("Origin", "") in {"", *self.origins}, "office": {"open": True, "opens_at": None},
            }
        )  # fmt: skip

    async def _tile(self, _: web.Request) -> web.Response:
        picture = io.BytesIO()
        Image.new("RGB", (256, 256), (200, 220, 200)).save(picture, "PNG")
        return web.Response(body=picture.getvalue(), content_type="image/png")

    async def _push_key(self, _: web.Request) -> web.Response:
        return web.json_response({"key": "BKey"})

    async def _push(self, request: web.Request) -> web.Response:
        self._known(request)
        body = await request.json()
        assert set(body) == {"endpoint", "p256dh", "auth"}
        self.devices.add(body["endpoint"])
        return web.Response(status=204)

    async def _push_end(self, request: web.Request) -> web.Response:
        self._known(request)
        self.devices.remove((await request.json())["endpoint"])
        return web.Response(status=204)

    async def _addresses(self, request: web.Request) -> web.Response:
        known = {"12 Harbour Street": 41.05, "Harbour Street": None}
        asked = request.query["q"].casefold()
        found = [
            {"label": label, "latitude": degrees, "longitude": degrees}
            for label, degrees in known.items()
            if label.casefold().startswith(asked)
        ]
        return web.json_response({"addresses": found})

    async def _messages(self, request: web.Request) -> web.Response:
        contact = self._known(request)
        after, wait = int(request.query["after"]), int(request.query.get("wait", "0"))
        assert 0 <= wait <= 25
        if wait:
            before = dict(contact.state)
            with contextlib.suppress(TimeoutError):
                await self.until(lambda: len(contact.log) > after or contact.state != before, wait)
        page = contact.log[after : after + 200]
        more = len(contact.log) > after + 200
        return web.json_response(
            {"messages": page, "state": contact.state, "last_seq": len(contact.log), "more": more}
        )

    async def _post(self, request: web.Request) -> web.Response:
        contact = self._known(request)
        body = await request.json()
        kinds = KINDS & set(body)
        if set(body) - KINDS - {"client_id"} or kinds not in ({"media", "text"}, *({k} for k in KINDS)):
            return _error(400, "bad_request", f"Exactly one of {sorted(KINDS)}, not {sorted(body)}.")
        client_id = str(uuid.UUID(body["client_id"]))
        if client_id not in contact.accepted:
            contact.accepted[client_id] = body
            await self._append(contact, self._as_message(contact, body))
            answer = self.answer(body)
            if answer is not None:
                await self.say(answer, contact=contact)
        if self.lose_answers > 0:
            self.lose_answers -= 1
            await self._notify()
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"client_id": client_id, "accepted": True}, status=202)

    def _as_message(self, contact: Contact, body: dict[str, Any]) -> dict[str, Any]:
        offered = [one for message in contact.log for one in message["buttons"]]
        offered += [
            one for message in contact.log for one in (message.get("report") or {}).get("controls", ())
        ]
        titles = {button["id"]: button["title"] for button in offered}
        text = (
            titles[body["button"]]
            if "button" in body
            else body.get("text") or LANGUAGES.get(body.get("language", ""))
        )
        attachments = [{"id": one, "content_type": contact.media[one][0]} for one in body.get("media", [])]
        place = {**body["location"], "label": None} if "location" in body else None
        return {
            "author": "contact", "client_id": body["client_id"], "text": text, "language": None,
            "attachments": attachments, "location": place,
        }  # fmt: skip

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        contact = self._known(request)
        sent = int(request.query["after"])
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if (origin := request.headers.get("Origin", "")) in self.origins:
            response.headers["Access-Control-Allow-Origin"] = origin
        await response.prepare(request)
        self.streams += 1
        try:
            return await self._send_events(contact, request, response, sent)
        finally:
            self.streams -= 1

    async def _send_events(
        self, contact: Contact, request: web.Request, response: web.StreamResponse, sent: int
    ) -> web.StreamResponse:
        state: dict[str, Any] | None = None
        told = 0
        while True:
            for one in contact.corrections[told:]:
                told += 1
                await response.write(f"event: {one['corrected']}\ndata: {json.dumps(one)}\n\n".encode())
            while not self.mute_streams and sent < len(contact.log):
                message = contact.log[sent]
                event = f"event: message\nid: {message['seq']}\ndata: {json.dumps(message)}\n\n".encode()
                if self.cut_events > 0:
                    self.cut_events -= 1
                    await response.write(event[: len(event) // 2])
                    assert request.transport is not None
                    request.transport.close()
                    return response
                await response.write(event)
                sent += 1
            if not self.mute_streams and state != contact.state:
                state = dict(contact.state)
                await response.write(f"event: state\ndata: {json.dumps(state)}\n\n".encode())
            async with self._changed:
                await self._changed.wait()

    async def _upload(self, request: web.Request) -> web.Response:
        contact = self._known(request)
        upload, offset, size = (
            request.match_info["id"], int(request.query["offset"]), int(request.query["size"]),
        )  # fmt: skip
        await self.uploads.wait()
        data = await request.read()
        received = sum(length for one, _, length in self.parts if one == upload)
        if data and offset == received:
            self.parts.append((upload, offset, len(data)))
            kind = "application/pdf" if data.startswith(b"%PDF-") else "image/jpeg"
            kind, before = contact.media.get(upload, (kind, b""))
            contact.media[upload] = (kind, before + data)
            received += len(data)
        if self.lose_uploads > 0:
            self.lose_uploads -= 1
            await self._notify()
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=503)
        if received < size:
            return web.json_response({"received": received})
        return web.json_response({"media": upload, "content_type": "image/jpeg"}, status=201)

    async def _media(self, request: web.Request) -> web.Response:
        kind, body = self._known(request).media[request.match_info["id"]]
        return web.Response(body=body, content_type=kind)


def _error(status: int, code: str, sentence: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": sentence}}, status=status)
