"""python -m actions: a real process over HTTP, which accepts calls from the bot only."""

import contextlib
import gzip
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
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.ports import free_port
from tests.support.waiting import wait_for

# Each test starts the server.
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
SECRET = "a secret of the actions' tests"
CALL = json.dumps(
    {"next_action": "action_handoff", "sender_id": "1", "tracker": {"sender_id": "1"}, "domain": {}}
).encode()


def _signed(body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Civicdesk-Timestamp": stamp, "X-Civicdesk-Signature": f"sha256={digest}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with _listening(tmp_path_factory.mktemp("actions")) as (process, address):
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


@contextlib.contextmanager
def _listening(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = free_port()
    with _started({"CIVICDESK_ACTIONS_PORT": str(port)}, folder) as process:
        address = f"http://127.0.0.1:{port}"
        wait_for(lambda: process.poll() is not None or _healthy(address), "it does not answer")
        assert process.poll() is None, "it stopped at once"
        yield process, address


def _peak_kilobytes(process: "subprocess.Popen[bytes]") -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1])


def test_an_action_is_run(server: str) -> None:
    status, answer = _post(server, CALL)
    assert status == 200
    assert answer["responses"][-1]["custom"]["directive"]["type"] == "handoff"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        _signed(CALL, "another secret, of the same length"),
        _signed(CALL + b" "),
        _signed(CALL) | {"X-Civicdesk-Timestamp": "1"},
        _signed(CALL) | {"X-Civicdesk-Timestamp": "-1"},
        _signed(CALL) | {"X-Civicdesk-Timestamp": "\u0661\u0662".encode().decode("latin-1")},
        _signed(CALL) | {"X-Civicdesk-Signature": "sha256="},
        _signed(CALL) | {"X-Civicdesk-Signature": "\u00e9" * 71},
        _signed(CALL, at=1_000),
        _signed(CALL, at=99_999_999_999),
    ],
    ids=["none", "secret", "body", "stamp", "sign", "digits", "empty", "not ascii", "old", "future"],
)
def test_only_the_bots_calls_are_accepted(server: str, headers: dict[str, str]) -> None:
    assert _post(server, CALL, headers) == (401, {"error": "not_authentic"})


def test_a_signature_is_good_for_five_minutes(server: str) -> None:
    assert _post(server, CALL, _signed(CALL, at=time.time() - 290))[0] == 200
    assert _post(server, CALL, _signed(CALL, at=time.time() - 310))[0] == 401


@pytest.mark.parametrize("encoding", ["deflate", "gzip", "br", "deflate, gzip"])
def test_a_compressed_body_is_refused_even_from_the_bot(server: str, encoding: str) -> None:
    body = (gzip.compress if encoding == "gzip" else zlib.compress)(CALL)
    answer = _post(server, body, _signed(body) | {"Content-Encoding": encoding})
    assert answer == (415, {"error": "compressed"})


def test_a_compressed_bomb_uses_no_memory(tmp_path: Path) -> None:
    with _listening(tmp_path) as (process, address):
        before = _peak_kilobytes(process)
        squeezer = zlib.compressobj(9)
        bomb = b"".join(squeezer.compress(bytes(1 << 20)) for _ in range(1024)) + squeezer.flush()
        assert len(bomb) < 2_000_000
        answer = _post(address, bomb, _signed(bomb) | {"Content-Encoding": "deflate"})
        assert answer == (415, {"error": "compressed"})
        assert _peak_kilobytes(process) - before < 16_384


def test_a_large_call_has_a_limit(server: str) -> None:
    padded = CALL + b" " * (2 * 1024 * 1024 - len(CALL))
    assert _post(server, padded)[0] == 200
    assert _post(server, padded + b" ") == (413, {"error": "too_large"})


def test_an_unknown_action_is_404(server: str) -> None:
    call = {"next_action": "action_nobody", "sender_id": "1", "tracker": {"sender_id": "1"}, "domain": {}}
    assert _post(server, json.dumps(call).encode())[0] == 404


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b'{"next_action": "action_handoff"}', b"\xff"])
def test_a_bad_body_is_400(server: str, body: bytes) -> None:
    assert _post(server, body)[0] == 400


def test_a_crash_discloses_nothing(server: str) -> None:
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
        ("CIVICDESK_ACTIONS_SECRET", ""),
        ("CIVICDESK_ACTIONS_SECRET", "too short"),
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
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "CIVICDESK_ACTIONS_SECRET": SECRET,
        **extra,
    }
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


def _post(address: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        f"{address}/webhook",
        data=body,
        headers={"Content-Type": "application/json", **(_signed(body) if headers is None else headers)},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
