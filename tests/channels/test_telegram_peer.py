"""A round trip with telegram-test-api, a Bot API of another author: it posts to our webhook and keeps what we say."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from channels.base import Button, Inbound, NotAuthentic, Outbound, Webhook
from channels.telegram import SECRET_HEADER, TelegramChannel
from launch.web import node_environment
from tests.channels.specimens.base import serving
from tests.channels.telegram_side import SECRET, TOKEN, channel
from tests.e2e.product import free_ports

PEERS = Path(__file__).parents[1] / "peers"
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
    if not (PEERS / "node_modules" / "telegram-test-api").exists():
        pytest.skip("NOT TESTED against telegram-test-api: run `make peers` first")
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
    for request in ours.presence(tapped.contact, tapped.external_id, tapped.thread)[:1]:
        assert request.operation == "answerCallbackQuery"
        await ours.send(request, "m1:presence")
