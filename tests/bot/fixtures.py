"""Fixtures and helpers of the bot's tests."""

import hashlib
import hmac
import json
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.project import Project
from bot.rasa_patches.quiet import hush

__all__ = [
    "SECRET",
    "Actions",
    "Bot",
    "acting",
    "actions",
    "bot",
    "learned",
    "model",
    "project",
    "serving",
    "trained",
    "turn",
]

hush()

PROJECT = Path(__file__).parent / "project"
ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret for tests"
ACTIONS_SECRET = "another secret for tests"


def turn(text: str | None = None, /, **fields: Any) -> dict[str, Any]:
    """The worker's request for one message."""
    asked = {
        "message_id": str(uuid.uuid4()),
        "conversation_id": str(uuid.uuid4()),
        "kind": "payload" if "intent" in fields else "text",
        "text": text,
        "intent": None,
        "entities": {},
        "language": None,
        "metadata": {"inbox": "web", "channel": "web", "now": "2026-11-20T10:00:00+00:00"},
    }
    return {**asked, **fields}


def train(project: Path, output: Path) -> Path:
    """Train a project's data with the repository's own config.yml."""
    from rasa.model_training import train as rasa_train

    result = rasa_train(
        domain=str(project / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(project / "data")],
        output=str(output),
        fixed_model_name="tiny",
        force_training=True,
    )
    assert result.model
    return Path(result.model)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny project is the city."""
    monkeypatch.setenv("CIVICDESK_CITY", str(PROJECT / "city.yml"))
    monkeypatch.setenv("CIVICDESK_CONTENT", str(PROJECT / "content"))
    return PROJECT


@contextmanager
def tiny_city() -> Iterator[None]:
    """The tiny project is the city while the block runs."""
    wanted = {"CIVICDESK_CITY": str(PROJECT / "city.yml"), "CIVICDESK_CONTENT": str(PROJECT / "content")}
    before = {name: os.environ.pop(name, None) for name in (*wanted, "DATABASE_URL")}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, frozenset[str]]:
    """The tiny project's model, and the fields of Project that were read while it was trained."""
    seen: set[str] = set()

    def watched(project: Project, name: str) -> Any:
        seen.add(name)
        return object.__getattribute__(project, name)

    with tiny_city(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Project, "__getattribute__", watched)
        path = train(PROJECT, tmp_path_factory.mktemp("models"))
    return path, frozenset(seen & {field.name for field in fields(Project)})


@pytest.fixture(scope="session")
def model(trained: tuple[Path, frozenset[str]]) -> Path:
    """The tiny project, trained."""
    return trained[0]


@pytest.fixture(scope="session")
def learned(trained: tuple[Path, frozenset[str]]) -> frozenset[str]:
    """The fields of Project that training reads."""
    return trained[1]


class Actions:
    """A fake actions process: returns what a test sets, and accepts only the bot's calls."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.answers: dict[str, Any] = {}
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        stamp = request.headers["X-Civicdesk-Timestamp"]
        digest = hmac.new(ACTIONS_SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if request.headers["X-Civicdesk-Signature"] != f"sha256={digest}":
            return web.json_response({"error": "not_authentic"}, status=401)
        call = json.loads(body)
        self.calls.append(call)
        answer = self.answers.get(call["next_action"], {"events": [], "responses": []})
        if callable(answer):
            answer = await answer()
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)


@pytest.fixture(scope="session")
async def acting() -> AsyncIterator[Actions]:
    served = Actions()
    app = web.Application()
    app.router.add_post("/webhook", served.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


@pytest.fixture
def actions(acting: Actions) -> Actions:
    """The fake, with no answers set yet."""
    acting.calls.clear()
    acting.answers.clear()
    return acting


class Bot:
    """The real server with the tiny model, and the worker's side of the contract."""

    def __init__(self, session: aiohttp.ClientSession, root: str, assistant: Any) -> None:
        self.session, self.root, self.assistant = session, root, assistant

    async def post(
        self,
        body: bytes,
        *,
        secret: str = SECRET,
        at: float | None = None,
        headers: dict[str, str] | None = None,
        path: str = "turn",
    ) -> tuple[int, Any]:
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        signed = {"X-Civicdesk-Timestamp": stamp, "X-Civicdesk-Signature": f"sha256={digest}"}
        async with self.session.post(
            f"{self.root}/{path}", data=body, headers=signed if headers is None else headers
        ) as response:
            return response.status, await response.json()

    async def ask(self, text: str | None = None, /, **fields: Any) -> dict[str, Any]:
        status, answer = await self.post(json.dumps(turn(text, **fields)).encode())
        assert status == 200 and isinstance(answer, dict), answer
        return answer


@pytest.fixture(scope="session")
async def serving(model: Path, acting: Actions) -> AsyncIterator[Bot]:
    """Without DATABASE_URL: tests of the PostgreSQL store are in test_tracker_store.py."""
    from bot.rasa_patches.actions_endpoint import ActionsEndpoint
    from bot.server import create_app, load_assistant
    from bot.turn.channel import TurnChannel

    app = create_app(TurnChannel(SECRET))
    with tiny_city():
        app.ctx.assistant = load_assistant(model, ActionsEndpoint(acting.url, ACTIONS_SECRET))
    app.ctx.model = "0" * 64
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    root = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/civicdesk"
    async with aiohttp.ClientSession() as session:
        yield Bot(session, root, app.ctx.assistant)
    server.close()
    await app.ctx.assistant.action_endpoint.close()


@pytest.fixture
def bot(serving: Bot, actions: Actions) -> Bot:
    """The running bot; its actions return nothing yet."""
    serving.assistant.action_endpoint.url = f"{actions.url}/webhook"
    return serving
