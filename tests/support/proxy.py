"""The real proxy in front of a server that records what reaches it."""

import http.client
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

from launch.proxy import find_proxy
from tests.support.ports import free_port

TOP = Path(__file__).resolve().parents[2]
CONFIGURATION = TOP / "deploy" / "proxy" / "nginx.conf"


START = TOP / "deploy" / "proxy" / "start.sh"


NGINX = find_proxy()


HOST = "desk.example.org"


ALIAS = "help.example.org"


class Gateway(BaseHTTPRequestHandler):
    """Stands behind the proxy and writes down what reaches it."""

    seen: list[dict[str, str]]
    go_on: Event
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.seen.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Strict-Transport-Security", "max-age=1")
        if self.path == "/chat/v1/stream":
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for text in (b"data: one\n\n", b"data: two\n\n"):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
                assert self.go_on.wait(30)
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers["Content-Length"])))
        body = str(size).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def start_script(folder: Path) -> Path:
    """start.sh, which writes into this folder."""
    path = folder / "start.sh"
    path.write_text(START.read_text().replace("/tmp/", f"{folder}/"))
    return path


@dataclass(frozen=True)
class Answer:
    """What the proxy answered."""

    status: int
    headers: Message
    body: bytes


@dataclass
class Proxy:
    """A running proxy."""

    http: int
    https: int
    seen: list[dict[str, str]]
    go_on: Event
    behind: ThreadingHTTPServer

    @contextmanager
    def connection(self, **limits: Any) -> Iterator[HTTPSConnection]:
        context = ssl._create_unverified_context()  # the certificate was made a moment ago for this test
        for name, value in limits.items():
            setattr(context, name, value)
        connection = HTTPSConnection("127.0.0.1", self.https, timeout=20, context=context)
        try:
            yield connection
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None, **limits: Any) -> Answer:
        return self.ask("GET", path, None, headers or {}, **limits)

    def ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], **limits: Any
    ) -> Answer:
        with self.connection(**limits) as connection:
            connection.request(method, path, body, {"Host": HOST, **headers})
            with connection.getresponse() as answer:
                return Answer(answer.status, answer.headers, answer.read())


@contextmanager
def running_proxy(
    tmp_path: Path, gateway: int | None = None, most: int | None = None, requests: int | None = None
) -> Iterator[Proxy]:
    """Run it with its files in this folder, in front of the server at port `gateway`, or of one that records. `most`:
    requests of one address at once, if not as many as in the configuration; `requests`: one after the other, before the next is refused."""
    assert NGINX, "There is no nginx here: run `make proxy`"
    subprocess.run([TOP / "deploy/make-secrets.sh", tmp_path / "secrets"], check=True, capture_output=True)
    seen: list[dict[str, str]] = []
    go_on = Event()
    handler = type("Handler", (Gateway,), {"seen": seen, "go_on": go_on})
    behind = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=behind.serve_forever)
    thread.start()
    http_port, https_port = free_port(), free_port()
    text = CONFIGURATION.read_text()
    for old, new in (
        ("/tmp/", f"{tmp_path}/"),  # first: the paths of the others begin with it
        ("gateway:8080", f"127.0.0.1:{gateway or behind.server_port}"),
        ("listen 8080", f"listen 127.0.0.1:{http_port}"),
        ("listen 8443", f"listen 127.0.0.1:{https_port}"),
        ("/run/secrets/", f"{tmp_path}/secrets/"),
        ("/dev/stdout", f"{tmp_path}/access.log"),
    ):
        assert old in text
        text = text.replace(old, new)
    if most is not None:
        usual = "limit_conn addresses 400"
        assert usual in text
        text = text.replace(usual, f"limit_conn addresses {most}")
    if requests is not None:
        for usual, ours in (
            ("rate=500r/s", "rate=1r/m"),
            ("burst=2000 ", f"burst={requests - 1} " if requests > 1 else ""),
        ):
            assert usual in text
            text = text.replace(usual, ours)
    if os.geteuid() == 0:
        text = "user root;\n" + text
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(text)
    environ = {
        "PATH": os.environ["PATH"],
        "NGINX": NGINX,
        "NGINX_CONF": str(configuration),
        "CIVICDESK_PUBLIC_URL": f"https://{HOST}/",
        "CIVICDESK_HOST_NAMES": f"{ALIAS},{HOST}",
    }
    command: list[str | Path] = ["/bin/sh", start_script(tmp_path), "-e", "stderr"]
    with (tmp_path / "error.log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env=environ)
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", https_port), 1).close()
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "error.log").read_text()
                assert time.monotonic() < deadline
        yield Proxy(http_port, https_port, seen, go_on, behind)
    finally:
        go_on.set()
        process.terminate()
        process.wait(20)
        behind.shutdown()
        thread.join()
        behind.server_close()


def plain(proxy: Proxy, method: str, path: str, host: str = HOST) -> Answer:
    """Over port 80."""
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=20)
    connection.request(method, path, b"{}" if method == "POST" else None, {"Host": host})
    with connection.getresponse() as answer:
        found = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return found
