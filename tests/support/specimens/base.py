"""What a specimen is, and a provider over a real socket that answers in each of the ways a provider can."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp
from aiohttp import web

from channels.base import Channel, Outbound, Request, Webhook
from channels.registry import ChannelSetup, build
from tests.support.sockets import serving
from tests.support.waiting import forever

FIXTURES = Path("tests/fixtures")
PUBLIC_URL = "https://desk.lindenport.example"

Case = Literal["takes", "busy", "failing", "silent", "refuses", "broken"]
"""busy: 429. failing: 503. silent: never answers. refuses: this message. broken: the account."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a citizen sees of some requests: all words in order, ids of what can be tapped, addresses of files."""

    text: str
    buttons: Sequence[str] = ()
    files: Sequence[str] = ()


@dataclass(frozen=True)
class Specimen:
    """One channel, its limits written down a second time, from the provider's documents and not from our code.

    `settings` are complete and point nowhere. `deliver` makes these bytes a webhook as the provider sends it,
    authentic. `forgeries` are the same bytes, not authentic, by the name of what is wrong. `batch` is one body of
    many events and the texts in it, in order. `unknown` are bodies of events that must be taken and ignored, `unread`
    of what citizens send and nobody here can read: they are told so.
    `signs_with` are the settings that prove who posts.
    `within` asserts the provider's limits of one request. `provider` runs a fake of it, and gives the settings that
    point there. `written` is what the channel may make of a text (GSM-7). `fuzz`: whether damaged JSON makes sense.
    """

    channel: str
    settings: Mapping[str, str]
    contact: str
    deliver: Callable[[bytes], Webhook]
    forgeries: Callable[[bytes], Mapping[str, Webhook]]
    batch: tuple[bytes, Sequence[str]]
    unknown: Sequence[bytes]
    unread: Sequence[bytes]
    within: Callable[[Request], None]
    shown: Callable[[Sequence[Request]], Shown]
    provider: Callable[[Case], AbstractAsyncContextManager[Mapping[str, str]]]
    signs_with: Sequence[str] = ()
    written: Callable[[str], str] = str
    fuzz: bool = True
    batches: bool = True  # false where a provider posts one event at a time
    posted: bool = True  # false where we listen and nothing is posted to us
    unreachable: Mapping[str, str] = field(default_factory=lambda: {"api_url": "http://127.0.0.1:9"})

    def fixtures(self) -> dict[str, bytes]:
        """Every fixture by its file's name: bodies as the provider documents them."""
        return {path.stem: path.read_bytes() for path in sorted((FIXTURES / self.channel).iterdir())}

    def open(self, http: aiohttp.ClientSession | None = None, **settings: str) -> Channel:
        """The channel itself."""
        return build(
            self.channel,
            ChannelSetup(
                publish=nobody,
                settings={**self.settings, **settings},
                inbox=self.channel,
                public_url=PUBLIC_URL,
                http=http,
            ),
        )

    def message(self, text: str = "Your bin is collected on Tuesday.", **more: Any) -> Outbound:
        """A message to the specimen's contact."""
        return Outbound(
            message_id="4b6f3d0e-0000-4000-8000-000000000001",
            contact=self.contact,
            text=text,
            language=more.pop("language", "en"),
            **more,
        )


async def nobody(_: str) -> None:
    """No window to wake."""


def json_provider(
    takes: object, refuses: tuple[int, object], broken: tuple[int, object], setting: str = "api_url"
) -> Callable[[Case], AbstractAsyncContextManager[Mapping[str, str]]]:
    """A provider that answers every call with JSON, in the way of the case."""

    @asynccontextmanager
    async def provider(case: Case) -> AsyncIterator[Mapping[str, str]]:
        async def answer(request: web.Request) -> web.Response:
            await request.read()
            match case:
                case "takes":
                    return web.json_response(takes)
                case "busy":
                    return web.json_response({}, status=429, headers={"Retry-After": "7"})
                case "failing":
                    return web.Response(status=503, text="<html>Sorry</html>")
                case "silent":
                    await forever()
                case "refuses":
                    return web.json_response(refuses[1], status=refuses[0])
                case "broken":
                    return web.json_response(broken[1], status=broken[0])

        async with serving(answer) as url:
            yield {setting: url}

    return provider


def utf16(text: object) -> int:
    """UTF-16 units, counted by the codec."""
    assert isinstance(text, str)
    return len(text.encode("utf-16-le")) // 2


def compact(document: object) -> bytes:
    """JSON as providers send it."""
    return json.dumps(document, separators=(",", ":")).encode()
