"""Names of contacts, asked of providers whose messages come without one."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.base import ChannelError, InboxBroken, LooksUpNames, RetryLater, Undeliverable
from channels.registry import CHANNELS
from tests.support.sockets import serving
from tests.support.specimens import instagram, line, messenger
from tests.support.specimens.base import Specimen

ASKED = {
    "line": f"/v2/bot/profile/{line.SPECIMEN.contact}",
    "messenger": f"/v23.0/{messenger.SPECIMEN.contact}",
    "instagram": f"/v23.0/{instagram.SPECIMEN.contact}",
}
each = pytest.mark.parametrize(
    "specimen", [one.SPECIMEN for one in (line, messenger, instagram)], ids=lambda one: one.channel
)


@dataclass
class Provider:
    status: int = 200
    document: Any = field(default_factory=dict)
    asked: list[web.Request] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        return web.Response(text=json.dumps(self.document), status=self.status)


@asynccontextmanager
async def asking(
    specimen: Specimen, document: Any, status: int = 200, **settings: str
) -> AsyncIterator[tuple[LooksUpNames, Provider]]:
    provider = Provider(status, document)
    async with serving(provider.answer) as url, aiohttp.ClientSession() as http:
        channel = specimen.open(http, api_url=url, **settings)
        assert isinstance(channel, LooksUpNames)
        yield channel, provider


async def name_of(specimen: Specimen, document: Any, status: int = 200, **settings: str) -> str | None:
    async with asking(specimen, document, status, **settings) as (channel, provider):
        found = await channel.name_of(specimen.contact)
        assert all(one.method == "GET" for one in provider.asked)
        return found


PROFILES: Mapping[str, list[tuple[Any, str | None]]] = {
    "line": [
        ({"displayName": "LINE taro", "userId": "U4af", "language": "en"}, "LINE taro"),
        ({"displayName": "  new\nline\u0000 "}, "new line"),
        ({"displayName": ""}, None),
        ({"displayName": ["no", "text"]}, None),
        ({}, None),
    ],
    "messenger": [
        ({"first_name": "Ana", "last_name": "Diaz", "id": "24"}, "Ana Diaz"),
        ({"first_name": "Ana"}, "Ana"),
        ({"id": "24"}, None),
    ],
    "instagram": [
        ({"name": "Ana Diaz", "username": "ana.d"}, "Ana Diaz"),
        ({"name": None, "username": "ana.d"}, "ana.d"),
        ({"id": "24"}, None),
    ],
}


@each
async def test_the_name_is_read_from_the_profile(specimen: Specimen) -> None:
    for document, name in PROFILES[specimen.channel]:
        assert await name_of(specimen, document) == name, document


@each
async def test_one_question_goes_to_the_address_of_the_profile(specimen: Specimen) -> None:
    async with asking(specimen, {}) as (channel, provider):
        await channel.name_of(specimen.contact)
    (request,) = provider.asked
    assert request.path == ASKED[specimen.channel]
    assert request.headers["Authorization"].startswith("Bearer ")


@each
async def test_an_inbox_that_is_not_to_ask_asks_nothing(specimen: Specimen) -> None:
    async with asking(specimen, {"name": "x", "displayName": "x"}, names="no") as (channel, provider):
        assert await channel.name_of(specimen.contact) is None
    assert provider.asked == []


@each
@pytest.mark.parametrize("contact", ["", "../me", "me?fields=token", "U1/../../info", "1" * 60])
async def test_what_is_no_contacts_id_is_never_part_of_an_address(specimen: Specimen, contact: str) -> None:
    async with asking(specimen, {"name": "x", "displayName": "x"}) as (channel, provider):
        assert await channel.name_of(contact) is None
    assert provider.asked == []


@each
@pytest.mark.parametrize(
    ("status", "document", "kind"),
    [
        (429, {}, RetryLater),
        (503, {}, RetryLater),
        (404, {"message": "Not found"}, Undeliverable),
        (401, {"error": {"code": 190}, "message": "no"}, InboxBroken),
    ],
)
async def test_a_refusal_is_one_of_the_errors_that_everybody_knows(
    specimen: Specimen, status: int, document: Any, kind: type[ChannelError]
) -> None:
    with pytest.raises(kind):
        await name_of(specimen, document, status)


def test_channels_whose_messages_bring_a_name_do_not_ask() -> None:
    kinds = {
        name
        for name, factory in CHANNELS.items()
        if isinstance(factory, type) and issubclass(factory, LooksUpNames)
    }
    assert kinds == {"line", "messenger", "instagram"}
