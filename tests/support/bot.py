"""The real bot as the worker sees it: signed turns over HTTP, and the processes behind it."""

import contextlib
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.support.ports import free_port

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 120.0
SECRET = "conversation-tests"
ACTIONS_SECRET = "conversation-tests-actions"
LANGUAGES = {"en", "es", "fr"}
COMPARE = "compare_predictions"  # in a message's metadata: tests/bot/checked_bot.py
METADATA = {
    "inbox": "web",
    "channel": "web",
    "capabilities": {"images": True, "location": True, "buttons": 20},
    "now": "2026-11-22T12:00:00-05:00",
    "own_references": [],
    "office_open": True,
}


@dataclass(frozen=True)
class Bot:
    """`url` is the bot's root; `processes` are the ids of the bot and of the actions."""

    url: str
    secret: str
    processes: tuple[int, ...] = ()

    def turn(self, conversation_id: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One turn; `body` is the contract's request without its ids. Fails on anything but a 200."""
        full = {"message_id": str(uuid4()), "conversation_id": conversation_id, **body}
        raw = json.dumps(full).encode()
        stamp = str(int(time.time()))
        sign = hmac.new(self.secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
        request = urllib.request.Request(
            f"{self.url}/webhooks/civicdesk/turn",
            data=raw,
            headers={
                "Content-Type": "application/json",
                "X-Civicdesk-Timestamp": stamp,
                "X-Civicdesk-Signature": f"sha256={sign}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"the bot answered {error.code}: {error.read().decode()}") from None


@contextlib.contextmanager
def running(open311_url: str, folder: Path, root: Path = ROOT, *, bot_module: str = "bot") -> Iterator[Bot]:
    """`python -m actions` and the bot of the project at `root`, ready, and stopped cleanly at the end."""
    python = os.environ.get("CIVICDESK_BOT_PYTHON", str(ROOT / ".venv-bot" / "bin" / "python"))
    actions_port, bot_port = free_port(), free_port()
    common = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    common |= {
        "PYTHONPATH": str(root),
        "CIVICDESK_OPEN311_URL": open311_url,
        "CIVICDESK_ACTIONS_SECRET": ACTIONS_SECRET,
    }
    actions = {"CIVICDESK_ACTIONS_PORT": str(actions_port)}
    bot = {
        "CIVICDESK_BOT_SECRET": SECRET,
        "CIVICDESK_BOT_PORT": str(bot_port),
        "CIVICDESK_ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
    }
    with (
        _process([sys.executable, "-m", "actions"], common | actions, folder / "actions.log", root) as first,
        _process([python, "-m", bot_module], common | bot, folder / "bot.log", root) as second,
    ):
        _await(f"http://127.0.0.1:{actions_port}/health", first, folder / "actions.log")
        _await(f"http://127.0.0.1:{bot_port}/webhooks/civicdesk/ready", second, folder / "bot.log")
        yield Bot(f"http://127.0.0.1:{bot_port}", SECRET, (first.pid, second.pid))


@contextlib.contextmanager
def _process(
    command: list[str], environment: dict[str, str], log: Path, root: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise AssertionError(f"it stopped at once: {log.read_text(errors='replace')[-2000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.2)
    raise AssertionError(f"{url} was not ready in time: {log.read_text(errors='replace')[-2000:]}")
