"""The probe that the containers' health checks run."""

import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.deploy.compose import TOP


class Answers(BaseHTTPRequestHandler):
    """The path is the status."""

    def do_GET(self) -> None:
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def probe(*arguments: str) -> subprocess.CompletedProcess[str]:
    # A proxy of the environment must not come between a process and its own health.
    environ = {"http_proxy": "http://127.0.0.1:9", "PYTHONPATH": str(TOP)}
    return subprocess.run(
        [sys.executable, "-m", "deploy.probe", *arguments],
        capture_output=True, text=True, env=environ, timeout=30,
    )  # fmt: skip


@pytest.mark.parametrize(("status", "code"), [(200, 0), (204, 0), (404, 1), (503, 1)])
def test_health_is_a_2xx(address: str, status: int, code: int) -> None:
    done = probe(f"{address}/{status}")
    assert done.returncode == code
    assert done.stdout.strip() == f"{address}/{status} answers {status}."


def test_connection_refused_is_reported_in_a_sentence() -> None:
    done = probe("http://127.0.0.1:15799/live")
    assert done.returncode == 1
    assert done.stdout.startswith("http://127.0.0.1:15799/live does not answer (")
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [(), ("one", "two"), ("nonsense",)])
def test_a_wrong_question_is_not_healthy(arguments: tuple[str, ...]) -> None:
    done = probe(*arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
