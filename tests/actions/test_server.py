"""python -m actions: a real process over HTTP."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port
from tests.support.waiting import wait_for

# Each test starts the server.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with _started({"CIVICDESK_ACTIONS_PORT": str(port)}, tmp_path_factory.mktemp("actions")) as process:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: process.poll() is not None or _healthy(address), "it does not answer")
        assert process.poll() is None, "it stopped at once"
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_an_action_is_run(server: str) -> None:
    call = {"next_action": "action_handoff", "sender_id": "1", "tracker": {"sender_id": "1"}, "domain": {}}
    status, answer = _post(server, json.dumps(call).encode())
    assert status == 200
    assert answer["responses"][-1]["custom"]["directive"]["type"] == "handoff"


def test_an_unknown_action_is_404(server: str) -> None:
    call = {"next_action": "action_nobody", "sender_id": "1", "tracker": {"sender_id": "1"}, "domain": {}}
    assert _post(server, json.dumps(call).encode())[0] == 404


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b'{"next_action": "action_handoff"}', b"\xff"])
def test_a_bad_body_is_400(server: str, body: bytes) -> None:
    assert _post(server, body)[0] == 400


def test_a_crash_says_nothing_to_the_outside(server: str) -> None:
    call = {
        "next_action": "action_handoff",
        "sender_id": "1",
        "tracker": {"sender_id": "1", "slots": 7},
        "domain": {},
    }
    status, answer = _post(server, json.dumps(call).encode())
    assert (status, answer) == (500, {"error": "crashed"})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("CIVICDESK_CITY", "/nowhere/city.yml"),
        ("CIVICDESK_CONTENT", "/nowhere"),
        ("CIVICDESK_ACTIONS_PORT", "many"),
        ("CIVICDESK_OPEN311_URL", "ftp://example.com"),
    ],
)
def test_a_bad_setting_is_one_sentence(tmp_path: Path, setting: str, value: str) -> None:
    with _started({"CIVICDESK_ACTIONS_PORT": str(free_port()), setting: value}, tmp_path) as process:
        assert process.wait(30) == 2
    said = (tmp_path / "log").read_text()
    assert "Traceback" not in said
    assert len(said.strip().splitlines()) == 1


def test_a_port_in_use_is_one_sentence(tmp_path: Path, server: str) -> None:
    port = server.rpartition(":")[2]
    with _started({"CIVICDESK_ACTIONS_PORT": port}, tmp_path) as process:
        assert process.wait(30) == 2
    assert "cannot listen" in (tmp_path / "log").read_text()


@contextlib.contextmanager
def _started(extra: dict[str, str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **extra}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _healthy(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=2) as response:
        return bool(response.status == 200)
    return False


def _post(address: str, body: bytes) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        f"{address}/webhook", data=body, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
