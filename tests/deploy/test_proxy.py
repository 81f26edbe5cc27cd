"""The proxy's configuration: read by nginx's own grammar, and tried for real."""

import http.client
import os
import re
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

import crossplane
import pytest

from launch.proxy import find_proxy
from tests.deploy.compose import TOP
from tests.support.ports import free_port

CONFIGURATION = TOP / "deploy" / "proxy" / "nginx.conf"
START = TOP / "deploy" / "proxy" / "start.sh"
NGINX = find_proxy()
HOST, ALIAS = "desk.example.org", "help.example.org"
HSTS = "max-age=31536000; includeSubDomains"


def directives(block: list[dict[str, Any]], context: str = "") -> Iterator[tuple[str, str, list[str]]]:
    for entry in block:
        yield context, entry["directive"], entry["args"]
        if "block" in entry:
            yield from directives(
                entry["block"], f"{context}/{' '.join([entry['directive'], *entry['args']])}"
            )


@pytest.fixture(scope="module")
def parsed() -> list[tuple[str, str, list[str]]]:
    # A map's own lines are no directives; the included file is written when the proxy starts.
    read = crossplane.parse(
        str(CONFIGURATION),
        strict=True,
        check_ctx=True,
        check_args=True,
        single=True,
        ignore=("on", "default"),
    )
    assert read["errors"] == []
    return list(directives(read["config"][0]["parsed"]))


def test_every_directive_is_known_and_where_it_may_be(parsed: list[tuple[str, str, list[str]]]) -> None:
    assert ("/http", "client_max_body_size", ["12m"]) in parsed
    assert ("/http", "ssl_protocols", ["TLSv1.2", "TLSv1.3"]) in parsed
    assert ("/http", "server_tokens", ["off"]) in parsed


def test_what_a_stranger_says_about_his_address_is_replaced(parsed: list[tuple[str, str, list[str]]]) -> None:
    headers = {args[0]: args[1] for _, name, args in parsed if name == "proxy_set_header"}
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["Forwarded"] == "" and headers["X-Real-IP"] == ""
    assert not any("$proxy_add_x_forwarded_for" in args for _, _, args in parsed)


def test_ciphers_have_forward_secrecy_and_authentication(parsed: list[tuple[str, str, list[str]]]) -> None:
    ((ciphers,),) = [args for _, name, args in parsed if name == "ssl_ciphers"]
    for name in ciphers.split(":"):
        assert name.startswith("ECDHE-") and ("-GCM-" in name or name.endswith("-CHACHA20-POLY1305"))


@pytest.mark.parametrize("path", ["/chat/v1/stream", "/console/stream"])
def test_streams_are_not_held_back(parsed: list[tuple[str, str, list[str]]], path: str) -> None:
    here = {name: args for context, name, args in parsed if context.endswith(f"/location = {path}")}
    assert here["proxy_buffering"] == ["off"]
    assert here["proxy_read_timeout"] == ["1h"]


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
    """What came out of the door."""

    status: int
    headers: Message
    body: bytes


@dataclass
class Door:
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


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
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
        ("gateway:8080", f"127.0.0.1:{behind.server_port}"),
        ("listen 8080", f"listen 127.0.0.1:{http_port}"),
        ("listen 8443", f"listen 127.0.0.1:{https_port}"),
        ("/run/secrets/", f"{tmp_path}/secrets/"),
        ("/dev/stdout", f"{tmp_path}/access.log"),
    ):
        assert old in text
        text = text.replace(old, new)
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
        yield Door(http_port, https_port, seen, go_on, behind)
    finally:
        go_on.set()
        process.terminate()
        process.wait(20)
        behind.shutdown()
        thread.join()
        behind.server_close()


@pytest.mark.slow
def test_plain_http_is_sent_to_https(door: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.http, timeout=20)
    connection.request("GET", "/console/?a=b", headers={"Host": HOST})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 308
    assert answer.getheader("Location") == "https://desk.example.org/console/?a=b"
    connection.request("GET", "/-/proxy")
    assert connection.getresponse().status == 200
    connection.close()
    assert door.seen == []


def plain(door: Door, method: str, path: str, host: str = HOST) -> Answer:
    """Over port 80."""
    connection = http.client.HTTPConnection("127.0.0.1", door.http, timeout=20)
    connection.request(method, path, b"{}" if method == "POST" else None, {"Host": host})
    with connection.getresponse() as answer:
        found = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/webhooks/text-line", "/webhooks/whatsapp?hub.verify_token=secret"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_webhook_over_plain_http_is_refused_and_never_sent_on(door: Door, method: str, path: str) -> None:
    """A provider that follows redirects would send its secret in the clear each time."""
    answer = plain(door, method, path)
    assert (answer.status, answer.headers["Location"]) == (403, None)
    assert b"replace secrets that were sent here" in answer.body
    assert door.seen == []


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_reading_is_sent_from_http_to_https(door: Door, method: str) -> None:
    answer = plain(door, method, "/console/sign-in")
    assert (answer.status, answer.headers["Location"]) == (403, None)
    assert plain(door, "HEAD", "/console/sign-in").status == 308


@pytest.mark.slow
@pytest.mark.parametrize("host", ["evil.example", "desk.example.org.evil.example", "127.0.0.1", "localhost"])
def test_a_host_that_is_not_ours_is_refused(door: Door, host: str) -> None:
    for path in ("/", "/console/", "/webhooks/text-line"):
        answer = door.get(path, {"Host": host})
        assert (answer.status, answer.body) == (421, b"This address is not served here.\n")
        assert answer.headers.get_all("Strict-Transport-Security") == [HSTS]
        unencrypted = plain(door, "GET", path, host)
        assert (unencrypted.status, unencrypted.headers["Location"]) == (421, None)
    assert door.seen == []


@pytest.mark.slow
def test_every_name_of_the_city_is_served(door: Door) -> None:
    for host in (HOST, ALIAS, HOST.upper(), f"{HOST}:443"):
        assert door.get("/", {"Host": host}).status == 200
    assert [one["Host"] for one in door.seen] == [HOST, ALIAS, HOST, HOST]


@pytest.mark.slow
def test_the_request_id_is_the_proxys_own(door: Door) -> None:
    answers = [door.get("/", {"X-Request-ID": "chosen-by-a-stranger"}) for _ in range(2)]
    ids = [answer.headers.get_all("X-Request-ID") or [] for answer in answers]
    assert [one["X-Request-ID"] for one in door.seen] == [only for (only,) in ids if only]
    assert len({only for (only,) in ids}) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", only) for (only,) in ids)


@pytest.mark.slow
def test_hsts_is_on_every_answer_over_tls_and_on_none_without(door: Door) -> None:
    with door.connection() as connection:
        connection.request("GET", "/", headers={"Host": HOST, "Content-Length": "none"})
        bad = connection.getresponse()
        assert (bad.status, bad.headers.get_all("Strict-Transport-Security")) == (400, [HSTS])
    answers = {
        200: door.get("/"),
        404: door.get("/metrics"),
        405: door.ask("TRACE", "/", None, {}),
        413: door.ask("POST", "/chat", None, {"Content-Length": "31457280"}),
        414: door.get("/" + "x" * 9000),
        421: door.get("/", {"Host": "evil.example"}),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert answer.headers.get_all("Strict-Transport-Security") == [HSTS], status
    for status, answer in {308: plain(door, "GET", "/"), 403: plain(door, "POST", "/")}.items():
        assert (answer.status, answer.headers["Strict-Transport-Security"]) == (status, None)


@pytest.mark.parametrize(
    ("url", "names", "sentence"),
    [
        ("http://desk.example.org", "", "serves https:// alone"),
        ("https://", "", "names no host"),
        ("https://desk.example.org", "a;b", "a;b is no host name"),
        ("https://desk.example.org", "$host", "is no host name"),
        ("https://~^.*$", "", "is no host name"),
        ("https://.example.org", "", "is no host name"),
    ],
)
def test_a_name_that_is_none_stops_the_proxy(tmp_path: Path, url: str, names: str, sentence: str) -> None:
    done = subprocess.run(
        ["/bin/sh", start_script(tmp_path)],
        env={
            "PATH": "/usr/bin:/bin",
            "NGINX": "/bin/false",
            "CIVICDESK_PUBLIC_URL": url,
            "CIVICDESK_HOST_NAMES": names,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and sentence in done.stderr
    assert not (tmp_path / "names.conf").exists()


@pytest.mark.slow
def test_the_gateway_hears_who_really_asked(door: Door) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "X-Forwarded-Proto": "http",
    }
    answer = door.get("/", lies)
    assert answer.status == 200
    assert answer.headers.get_all("Strict-Transport-Security") == [HSTS]
    assert "nginx/" not in (answer.headers["Server"] or "")
    assert door.seen[0]["X-Forwarded-For"] == "127.0.0.1"
    assert door.seen[0]["X-Forwarded-Proto"] == "https"
    assert "203.0.113.9" not in str(door.seen)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/metrics", "/ready"])
def test_what_is_for_operators_is_not_for_the_street(door: Door, path: str) -> None:
    assert door.get(path).status == 404
    assert door.seen == []


@pytest.mark.slow
def test_a_stream_flows_as_it_is_written(door: Door) -> None:
    with door.connection() as connection:
        connection.request("GET", "/chat/v1/stream", headers={"Host": HOST})
        with connection.getresponse() as answer:
            assert answer.readline() == b"data: one\n"  # the second half is not even written yet
            door.go_on.set()
            assert b"data: two" in answer.read()


@pytest.mark.slow
def test_size_has_a_limit_and_a_sentence(door: Door) -> None:
    fits = door.ask("POST", "/chat/v1/media", b"x" * 11_000_000, {"Content-Type": "image/png"})
    assert (fits.status, fits.body) == (200, b"11000000")
    # Only announced, never sent: the answer must come before thirty megabytes have crossed the wire.
    answer = door.ask(
        "POST", "/chat/v1/media", None, {"Content-Type": "image/png", "Content-Length": "31457280"}
    )
    assert answer.status == 413
    assert b"larger than 12 MB" in answer.body


@pytest.mark.slow
def test_old_tls_is_refused(door: Door) -> None:
    answer = door.get("/", minimum_version=ssl.TLSVersion.TLSv1_2, maximum_version=ssl.TLSVersion.TLSv1_2)
    assert answer.status == 200
    context = ssl._create_unverified_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", door.https), 20) as plain,
        pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),  # the server's word, not our own library's
    ):
        context.wrap_socket(plain)


@pytest.mark.slow
def test_a_gateway_that_is_away_is_a_sentence(door: Door) -> None:
    door.behind.socket.close()
    answer = door.get("/chat/v1/config")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert b'"code":"away"' in answer.body
    page = door.get("/", {"Accept": "text/html,*/*"})
    assert (page.status, page.headers["Content-Type"]) == (503, "text/html")
    assert b"Back in a minute" in page.body
    assert page.headers.get_all("Strict-Transport-Security") == [HSTS]
