"""The proxy's configuration: parsed with nginx's grammar, and run for real."""

import http.client
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import crossplane
import pytest

from gateway.citizen.open_waits import OF_AN_ADDRESS
from tests.support.proxy import (
    ALIAS,
    CONFIGURATION,
    HOST,
    Proxy,
    plain,
    running_proxy,
    start_script,
)

HSTS = "max-age=31536000; includeSubDomains"


def directives(block: list[dict[str, Any]], context: str = "") -> Iterator[tuple[str, str, list[str]]]:
    for entry in block:
        yield context, entry["directive"], entry["args"]
        if "block" in entry:
            yield from directives(
                entry["block"], f"{context}/{' '.join([entry['directive'], *entry['args']])}"
            )


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    with running_proxy(tmp_path) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def parsed() -> list[tuple[str, str, list[str]]]:
    # A map's own lines are no directives; the included file is written when the proxy starts.
    read = crossplane.parse(
        str(CONFIGURATION),
        strict=True,
        check_ctx=True,
        check_args=True,
        single=True,
        ignore=("on", "default", "~^/webhooks/"),
    )
    assert read["errors"] == []
    return list(directives(read["config"][0]["parsed"]))


def test_every_directive_is_known_and_where_it_may_be(parsed: list[tuple[str, str, list[str]]]) -> None:
    assert ("/http", "client_max_body_size", ["12m"]) in parsed
    assert ("/http", "ssl_protocols", ["TLSv1.2", "TLSv1.3"]) in parsed
    assert ("/http", "server_tokens", ["off"]) in parsed


def test_a_forged_client_address_is_replaced(parsed: list[tuple[str, str, list[str]]]) -> None:
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
def test_streams_are_configured_without_buffering(
    parsed: list[tuple[str, str, list[str]]], path: str
) -> None:
    here = {name: args for context, name, args in parsed if context.endswith(f"/location = {path}")}
    assert here["proxy_buffering"] == ["off"]
    assert here["proxy_read_timeout"] == ["1h"]


@pytest.mark.slow
def test_plain_http_is_sent_to_https(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.http, timeout=20)
    connection.request("GET", "/console/?a=b", headers={"Host": HOST})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 308
    assert answer.getheader("Location") == "https://desk.example.org/console/?a=b"
    connection.request("GET", "/-/proxy")
    assert connection.getresponse().status == 200
    connection.close()
    assert proxy.seen == []


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/webhooks/text-line", "/webhooks/whatsapp?hub.verify_token=secret"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_webhook_over_plain_http_is_refused_and_never_sent_on(proxy: Proxy, method: str, path: str) -> None:
    """A provider that follows redirects would send its secret in the clear each time."""
    answer = plain(proxy, method, path)
    assert (answer.status, answer.headers["Location"]) == (403, None)
    assert b"replace secrets that were sent here" in answer.body
    assert proxy.seen == []


@pytest.mark.slow
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_reading_is_sent_from_http_to_https(proxy: Proxy, method: str) -> None:
    answer = plain(proxy, method, "/console/sign-in")
    assert (answer.status, answer.headers["Location"]) == (403, None)
    assert plain(proxy, "HEAD", "/console/sign-in").status == 308


@pytest.mark.slow
@pytest.mark.parametrize("host", ["evil.example", "desk.example.org.evil.example", "127.0.0.1", "localhost"])
def test_a_host_that_is_not_ours_is_refused(proxy: Proxy, host: str) -> None:
    for path in ("/", "/console/", "/webhooks/text-line"):
        answer = proxy.get(path, {"Host": host})
        assert (answer.status, answer.body) == (421, b"This address is not served here.\n")
        assert answer.headers.get_all("Strict-Transport-Security") == [HSTS]
        unencrypted = plain(proxy, "GET", path, host)
        assert (unencrypted.status, unencrypted.headers["Location"]) == (421, None)
    assert proxy.seen == []


@pytest.mark.slow
def test_every_name_of_the_city_is_served(proxy: Proxy) -> None:
    for host in (HOST, ALIAS, HOST.upper(), f"{HOST}:443"):
        assert proxy.get("/", {"Host": host}).status == 200
    assert [one["Host"] for one in proxy.seen] == [HOST, ALIAS, HOST, HOST]


@pytest.mark.slow
def test_the_request_id_is_the_proxys_own(proxy: Proxy) -> None:
    answers = [proxy.get("/", {"X-Request-ID": "chosen-by-a-stranger"}) for _ in range(2)]
    ids = [answer.headers.get_all("X-Request-ID") or [] for answer in answers]
    assert [one["X-Request-ID"] for one in proxy.seen] == [only for (only,) in ids if only]
    assert len({only for (only,) in ids}) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", only) for (only,) in ids)


@pytest.mark.slow
def test_hsts_is_on_every_answer_over_tls_and_on_none_without(proxy: Proxy) -> None:
    with proxy.connection() as connection:
        connection.request("GET", "/", headers={"Host": HOST, "Content-Length": "none"})
        bad = connection.getresponse()
        assert (bad.status, bad.headers.get_all("Strict-Transport-Security")) == (400, [HSTS])
    answers = {
        200: proxy.get("/"),
        404: proxy.get("/metrics"),
        405: proxy.ask("TRACE", "/", None, {}),
        413: proxy.ask("POST", "/chat", None, {"Content-Length": "31457280"}),
        414: proxy.get("/" + "x" * 9000),
        421: proxy.get("/", {"Host": "evil.example"}),
    }
    for status, answer in answers.items():
        assert answer.status == status
        assert answer.headers.get_all("Strict-Transport-Security") == [HSTS], status
    for status, answer in {308: plain(proxy, "GET", "/"), 403: plain(proxy, "POST", "/")}.items():
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
def test_the_gateway_gets_the_clients_real_address(proxy: Proxy) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "X-Forwarded-Proto": "http",
    }
    answer = proxy.get("/", lies)
    assert answer.status == 200
    assert answer.headers.get_all("Strict-Transport-Security") == [HSTS]
    assert "nginx/" not in (answer.headers["Server"] or "")
    assert proxy.seen[0]["X-Forwarded-For"] == "127.0.0.1"
    assert proxy.seen[0]["X-Forwarded-Proto"] == "https"
    assert "203.0.113.9" not in str(proxy.seen)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/metrics", "/ready"])
def test_operators_pages_are_not_public(proxy: Proxy, path: str) -> None:
    assert proxy.get(path).status == 404
    assert proxy.seen == []


@pytest.mark.slow
def test_a_stream_is_not_buffered(proxy: Proxy) -> None:
    with proxy.connection() as connection:
        connection.request("GET", "/chat/v1/stream", headers={"Host": HOST})
        with connection.getresponse() as answer:
            assert answer.readline() == b"data: one\n"  # the second half is not even written yet
            proxy.go_on.set()
            assert b"data: two" in answer.read()


@pytest.mark.slow
def test_a_body_that_is_too_large_gets_a_sentence(proxy: Proxy) -> None:
    fits = proxy.ask("POST", "/chat/v1/media", b"x" * 11_000_000, {"Content-Type": "image/png"})
    assert (fits.status, fits.body) == (200, b"11000000")
    # Only announced, never sent: the answer must come before thirty megabytes have been sent.
    answer = proxy.ask(
        "POST", "/chat/v1/media", None, {"Content-Type": "image/png", "Content-Length": "31457280"}
    )
    assert answer.status == 413
    assert b"larger than 12 MB" in answer.body


@pytest.mark.slow
def test_old_tls_is_refused(proxy: Proxy) -> None:
    answer = proxy.get("/", minimum_version=ssl.TLSVersion.TLSv1_2, maximum_version=ssl.TLSVersion.TLSv1_2)
    assert answer.status == 200
    context = ssl._create_unverified_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", proxy.https), 20) as plain,
        pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),  # from the server, not from our own library
    ):
        context.wrap_socket(plain)


def test_one_address_cannot_take_all_connections(parsed: list[tuple[str, str, list[str]]]) -> None:
    ((_, most),) = [args for context, name, args in parsed if (context, name) == ("/http", "limit_conn")]
    ((room,),) = [args for _, name, args in parsed if name == "worker_connections"]
    assert OF_AN_ADDRESS < int(most) < int(room) / 2 / 4, "a stream takes two"


@pytest.mark.slow
def test_too_many_requests_of_one_address_get_a_sentence(tmp_path: Path) -> None:
    with running_proxy(tmp_path, most=2) as proxy, ExitStack() as open_streams:
        for _ in range(2):
            connection = open_streams.enter_context(proxy.connection())
            connection.request("GET", "/chat/v1/stream", headers={"Host": HOST})
            assert connection.getresponse().readline() == b"data: one\n"
        answer = proxy.get("/chat/v1/config")
        assert answer.status == 429 and answer.headers["Retry-After"] == "5"
        assert b"from your network" in answer.body
        assert answer.headers.get_all("Strict-Transport-Security") == [HSTS]


@pytest.mark.slow
def test_a_flood_of_one_address_does_not_reach_the_gateway(tmp_path: Path) -> None:
    """Tokens that were made up, pages that do not exist: only the first ones cost the gateway anything."""
    with running_proxy(tmp_path, requests=20) as proxy:
        statuses = [proxy.get(("/chat/v1/messages", "/nothing")[number % 2]).status for number in range(40)]
        assert statuses.count(200) == len(proxy.seen) <= 21 and set(statuses[21:]) == {429}
        for _ in range(5):
            assert proxy.ask("POST", "/webhooks/sms", b"a", {}).status == 200, "a provider's are not counted"


@pytest.mark.slow
def test_an_unavailable_gateway_is_reported_in_a_sentence(proxy: Proxy) -> None:
    proxy.behind.socket.close()
    answer = proxy.get("/chat/v1/config")
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert b'"code":"away"' in answer.body
    page = proxy.get("/", {"Accept": "text/html,*/*"})
    assert (page.status, page.headers["Content-Type"]) == (503, "text/html")
    assert b"Back in a minute" in page.body
    assert page.headers.get_all("Strict-Transport-Security") == [HSTS]
