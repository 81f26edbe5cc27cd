"""Telegram checked with independent libraries: aiogram and python-telegram-bot read and build what we do, telegram-test-api talks to us.

aiogram takes seconds to import, so it is imported by the tests that need it and by no other process.
"""

import asyncio
import json
import subprocess
import types
import typing
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.base import Button, Inbound, NotAuthentic, Outbound, Webhook
from channels.telegram.channel import SECRET_HEADER, TelegramChannel
from launch.web import node_environment
from tests.channels.telegram.telegram_side import (
    NAMES,
    SECRET,
    TOKEN,
    bot_api,
    channel,
    fields,
    fixture,
    post,
)
from tests.support.described import description
from tests.support.ports import free_ports
from tests.support.sockets import serving

PEERS = Path(__file__).parents[2] / "peers"
SERVER = """
const TelegramServer = require('telegram-test-api')
const server = new TelegramServer({ host: '127.0.0.1', port: Number(process.argv[1]) })
server.start().then(() => console.log('ready'))
"""
PERSON = {"id": 71530042, "first_name": "Ana", "username": "ana", "is_bot": False}


@dataclass
class Peer:
    """Their server. `posts` are the updates it posted, with their headers."""

    url: str
    http: aiohttp.ClientSession
    posts: list[Webhook] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def citizen(self, what: str, **content: Any) -> Webhook:
        """A citizen does something; gives the post that comes of it."""
        chat = {"id": PERSON["id"], "type": "private", "first_name": "Ana"}
        common = {"botToken": TOKEN, "date": 1795363200, "from": PERSON, "chat": chat}
        self.arrived.clear()
        async with self.http.post(f"{self.url}/{what}", json={**common, **content}) as answer:
            assert answer.status == 200
        async with asyncio.timeout(20):
            await self.arrived.wait()
        return self.posts[-1]

    async def said(self) -> list[dict[str, Any]]:
        """What the citizen sees of the bot, new since the last look."""
        async with self.http.post(
            f"{self.url}/getUpdates", json={"token": TOKEN, "chatId": PERSON["id"]}
        ) as answer:
            result: list[dict[str, Any]] = (await answer.json())["result"]
        return [one["message"] for one in result]


@pytest.fixture
async def peer() -> AsyncIterator[tuple[Peer, TelegramChannel]]:
    assert (PEERS / "node_modules" / "telegram-test-api").exists(), "run `make peers`"
    (port,) = free_ports(1)
    process = subprocess.Popen(
        ["node", "-e", SERVER, str(port)], cwd=PEERS, env=node_environment(), stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            assert await asyncio.to_thread(process.stdout.readline) == b"ready\n"
        async with aiohttp.ClientSession() as http:
            theirs = Peer(f"http://127.0.0.1:{port}", http)

            async def webhook(request: web.Request) -> web.Response:
                headers = {name.lower(): value for name, value in request.headers.items()}
                theirs.posts.append(Webhook(headers, await request.read()))
                theirs.arrived.set()
                return web.Response()

            async with serving(webhook) as url:
                ours = channel(http, api_url=theirs.url)
                assert [one.fine for one in await ours.register(f"{url}/webhooks/telegram")] == [True]
                yield theirs, ours
    finally:
        process.terminate()
        process.communicate(timeout=20)


def read(ours: TelegramChannel, post: Webhook) -> Inbound:
    """It knows no secret_token, so its own posts are forgeries to us; with the secret they are read."""
    with pytest.raises(NotAuthentic):
        ours.verify(post)
    signed = Webhook({**post.headers, SECRET_HEADER: SECRET}, post.body)
    ours.verify(signed)
    (inbound,) = ours.parse(signed)
    return inbound


@pytest.mark.slow
async def test_a_conversation_goes_there_and_back(peer: tuple[Peer, TelegramChannel]) -> None:
    theirs, ours = peer
    asked = read(ours, await theirs.citizen("sendMessage", text="When is my bin collected?"))
    assert (asked.kind, asked.text, asked.name) == ("message", "When is my bin collected?", "Ana")

    answer = Outbound(
        "m1", asked.contact, "Which bin?", "en", buttons=(Button("b1", "Green"), Button("b2", "Blue"))
    )
    for number, request in enumerate(ours.render(answer)):
        await ours.send(request, f"m1:{number}")
    (shown,) = await theirs.said()
    assert shown["text"] == "Which bin?"
    keys = [key for row in shown["reply_markup"]["inline_keyboard"] for key in row]
    assert [key["text"] for key in keys] == ["Green", "Blue"]

    tapped = read(
        ours, await theirs.citizen("sendCallback", data=keys[1]["callback_data"], message={"chat": {"id": 1}})
    )
    assert (tapped.kind, tapped.button, tapped.contact) == ("button", "b2", asked.contact)
    (stops,) = ours.tapped(tapped.thread)
    await ours.send(stops, "1:tap:0")


@pytest.mark.slow
def test_their_libraries_read_our_fixtures_as_we_do() -> None:
    import telegram
    from aiogram.types import Update

    for name in NAMES:
        update = fixture(name)
        (ours,) = channel().parse(post(update))
        aiograms, telegrams = Update.model_validate(update), telegram.Update.de_json(update, None)
        assert ours.external_id == str(aiograms.update_id) == str(telegrams.update_id)
        if ours.kind == "button":
            assert aiograms.callback_query is not None and telegrams.callback_query is not None
            assert ours.button == aiograms.callback_query.data == telegrams.callback_query.data
        if ours.kind == "message" and ours.media and name.startswith(("photo", "album")):
            assert aiograms.message is not None and aiograms.message.photo is not None
            assert telegrams.message is not None
            largest = aiograms.message.photo[-1].file_id
            assert ours.media[0].id == largest == telegrams.message.photo[-1].file_id
            assert ours.text == aiograms.message.caption == telegrams.message.caption


@pytest.mark.slow
def test_our_table_says_what_aiogram_says() -> None:
    """aiogram is generated from Telegram's page: it knows each field of our table, its types, and whether it may be missing."""
    from aiogram import methods
    from aiogram import types as kinds

    table = description("telegram")
    unions = {name: set(kinds) for name, kinds in table["types"].items() if isinstance(kinds, list)}
    sides = [(methods, {f"{name[0].upper()}{name[1:]}": one for name, one in table["methods"].items()})]
    sides += [(kinds, {name: one for name, one in table["types"].items() if name not in unions})]
    for package, described in sides:
        for name, declared in described.items():
            theirs = {field.alias or key: field for key, field in getattr(package, name).model_fields.items()}
            for key, ours in fields(declared).items():
                assert key in theirs, (name, key)
                known = kinds_of(theirs[key].annotation)
                for kind in ours.kinds:
                    assert unions.get(kind, {kind}) <= known, (name, key, kind, known)
                # aiogram gives a field of one value that value.
                one_value = any(kind.startswith("=") for kind in known)
                assert one_value or theirs[key].is_required() == ours.required, (name, key)
            wanted = {key for key, field in theirs.items() if field.is_required()}
            assert wanted <= fields(declared).keys(), name


def kinds_of(annotation: Any) -> set[str]:
    """An annotation of aiogram's in the table's words."""
    plain = {int: "Integer", str: "String", bool: "Boolean", float: "Float"}
    if annotation in plain:
        return {plain[annotation]}
    match typing.get_origin(annotation):
        case typing.Annotated:
            # Their DateTime: seconds on the wire.
            inner = typing.get_args(annotation)[0]
            return {"Integer"} if inner is datetime else kinds_of(inner)
        case typing.Union | types.UnionType:
            return {kind for one in typing.get_args(annotation) for kind in kinds_of(one)}
        case typing.Literal:
            values = typing.get_args(annotation)
            plains = {kind for one in values for kind in kinds_of(type(one))}
            return plains | {f"={getattr(one, 'value', one)}" for one in values}
        case origin if origin is list:
            return {f"Array of {kind}" for kind in kinds_of(typing.get_args(annotation)[0])}
    if annotation is datetime:
        return {"Integer"}
    return {annotation.__name__} if isinstance(annotation, type) else set()


@pytest.mark.slow
async def test_their_client_speaks_to_the_server_our_tests_speak_to() -> None:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    async with bot_api() as (api, _):
        session = AiohttpSession(api=TelegramAPIServer.from_base(api.url))
        try:
            assert (await Bot(TOKEN, session=session).get_me()).username == "lindenport_bot"
        finally:
            await session.close()
        assert [name for name, _ in api.calls] == ["getMe"]


@pytest.mark.slow
def test_their_library_builds_the_same_keyboards() -> None:
    import telegram

    say = Outbound("m1", "71530042", "Which?", "en")
    (request,) = channel().render(replace(say, buttons=(Button("b1", "Yes"), Button("b2", "No"))))
    keys = [
        telegram.InlineKeyboardButton(title, callback_data=data)
        for title, data in (("Yes", "b1"), ("No", "b2"))
    ]
    assert json.loads(telegram.InlineKeyboardMarkup([keys]).to_json()) == request.payload["reply_markup"]
    (request,) = channel().render(replace(say, asks_location=True))
    key = telegram.KeyboardButton("📍 Share my location", request_location=True)
    markup = telegram.ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)
    assert json.loads(markup.to_json()) == request.payload["reply_markup"]
