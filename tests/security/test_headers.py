"""Security headers on every answer, CORS for configured origins alone, logs without what citizens wrote."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from desk.store.pool import Store
from forms.memory import FREE, MOST_OF_ONE
from tests.support.gateway import Citizen, RunningGateway, running_gateway

ORIGIN = "https://www.lindenport.example"


async def _raw(gateway: RunningGateway, request: bytes) -> str:
    host, port = gateway.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    async with asyncio.timeout(20):
        answer = await reader.read(65_536)
    writer.close()
    await writer.wait_closed()
    return answer.decode(errors="replace")


def _concrete(path: str) -> str:
    path = re.sub(r"<\w+:uuid>", "00000000-0000-4000-8000-000000000000", path)
    return "/" + re.sub(r"<[^>]+>", "x", path)


async def test_every_route_carries_the_headers_and_a_strict_policy(gateway: RunningGateway) -> None:
    routes: list[Any] = list(gateway.app.router.routes_all.values())
    assert len(routes) > 25
    for route in routes:
        for method in route.methods:
            async with gateway.http.request(
                method,
                gateway.base + _concrete(route.path),
                allow_redirects=False,
                data=b"" if method == "POST" else None,
            ) as answer:
                where = f"{method} /{route.path}"
                policy = answer.headers["content-security-policy"]
                assert "default-src 'none'" in policy, where
                assert "unsafe" not in policy, where
                assert "frame-ancestors 'none'" in policy or "sandbox" in policy, where
                assert answer.headers["x-content-type-options"] == "nosniff", where
                assert "referrer-policy" in answer.headers, where
                assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"]), where
                assert "strict-transport-security" not in answer.headers, "plain HTTP, nothing to insist on"
                assert "server" not in answer.headers, where
                assert answer.status != 500, where
                assert "Traceback" not in await answer.text(errors="replace"), where


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 20_000 + b"\r\n\r\n",
        b"POST /chat/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /chat/v1/session HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n",
        b"POST /chat/v1/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
        b"BREW /chat HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
)
async def test_broken_http_gets_a_refusal_with_headers(gateway: RunningGateway, request_bytes: bytes) -> None:
    answer = await _raw(gateway, request_bytes)
    assert re.match(r"HTTP/1.1 4\d\d ", answer), answer[:200]
    assert "content-security-policy" in answer and "Traceback" not in answer
    async with gateway.http.get(f"{gateway.base}/live") as live:
        assert live.status == 200


async def test_a_cookie_in_no_charset_is_none(gateway: RunningGateway) -> None:
    """Each was an internal error, and a traceback in the log."""
    names = ("chat", "form", "agent", "sign_in", "step", "passkey", "provider", "push", "device_x")
    cookies = b"; ".join(b"civicdesk_%s=\xff\xfe" % name.encode() for name in names)
    paths = [route.path for route in gateway.app.router.routes_all.values() if "POST" in route.methods]
    for path in (one for one in paths if one.startswith(("chat", "console/sign-in"))):
        head = f"POST {_concrete(path)} HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\ncookie: "
        answer = await _raw(gateway, head.encode() + cookies + b"\r\n\r\n")
        assert re.match(r"HTTP/1.1 [24]\d\d ", answer), (path, answer[:100])


async def test_https_is_enforced_if_it_is_the_public_address(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with (
        running_gateway(
            pg_url, redis_url, tmp_path, store=store, CIVICDESK_PUBLIC_URL="https://desk.example.org"
        ) as gateway,
        gateway.http.get(f"{gateway.base}/chat") as answer,
    ):
        assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
        cookies = answer.headers.getall("set-cookie")
        assert cookies and all(
            one.startswith("__Host-") and "Secure" in one and "Path=/;" in f"{one};" for one in cookies
        )


async def test_cors_is_for_configured_origins_and_the_chat_alone(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_WIDGET_ORIGINS=ORIGIN
    ) as gateway:

        async def ask(method: str, path: str, origin: str) -> tuple[int, dict[str, str]]:
            headers = {"origin": origin, "access-control-request-method": "POST"}
            async with gateway.http.request(method, gateway.base + path, headers=headers) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}

        status, headers = await ask("OPTIONS", "/chat/v1/messages", ORIGIN)
        assert status == 204
        assert headers["access-control-allow-origin"] == ORIGIN
        assert "Authorization" in headers["access-control-allow-headers"]
        assert headers["vary"] == "Origin" and "access-control-allow-credentials" not in headers
        _, headers = await ask("POST", "/chat/v1/session", ORIGIN)
        assert headers["access-control-allow-origin"] == ORIGIN
        _, headers = await ask("POST", "/chat/v1/messages", ORIGIN)
        assert headers["access-control-allow-origin"] == ORIGIN, "the widget must be able to read a refusal"
        for origin in ("https://evil.example", "null", ORIGIN + ".evil.example", ORIGIN.upper()):
            status, headers = await ask("OPTIONS", "/chat/v1/messages", origin)
            assert status == 405 and "access-control-allow-origin" not in headers
        # The configuration is for everybody, so that a widget elsewhere can say why it does not work.
        for origin, allowed in (("https://evil.example", False), ("null", False), (ORIGIN, True)):
            async with gateway.http.get(
                gateway.base + "/chat/v1/config", headers={"origin": origin}
            ) as answer:
                assert (await answer.json())["origin_allowed"] is allowed
                assert answer.headers["access-control-allow-origin"] == (ORIGIN if allowed else "*")
                assert answer.headers["vary"] == "Origin"
        for path in ("/chat", "/console/", "/ready"):
            _, headers = await ask("OPTIONS", path, ORIGIN)
            assert "access-control-allow-origin" not in headers


async def test_without_configured_origins_there_is_no_cors(gateway: RunningGateway) -> None:
    async with gateway.http.post(f"{gateway.base}/chat/v1/session", headers={"origin": ORIGIN}) as answer:
        assert "access-control-allow-origin" not in answer.headers


async def test_a_clients_request_id_is_replaced(gateway: RunningGateway) -> None:
    async with gateway.http.get(f"{gateway.base}/live", headers={"x-request-id": "forged-forged"}) as answer:
        assert answer.headers["x-request-id"] != "forged-forged"


@pytest.mark.parametrize(
    ("networks", "believed"), [("", True), ("127.0.0.0/8", True), ("192.0.2.0/24 2001:db8::/32", False)]
)
async def test_only_a_trusted_proxy_names_the_client(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path, networks: str, believed: bool
) -> None:
    """The address that limits go by, also the one for the memory of bodies, and the request id."""
    settings: dict[str, Any] = {
        "CIVICDESK_TRUSTED_PROXIES": "1",
        "CIVICDESK_PROXY_REQUEST_IDS": "1",
        "CIVICDESK_PROXY_NETWORKS": networks,
        "CIVICDESK_RATE_SCALE": "0.05",
    }
    async with running_gateway(pg_url, redis_url, tmp_path, store=store, **settings) as gateway:
        statuses = []
        for number in range(4):
            said = {"x-forwarded-for": f"192.0.2.{number}", "x-request-id": "from-the-proxy"}
            async with gateway.http.post(f"{gateway.base}/chat/v1/session", headers=said) as answer:
                statuses.append(answer.status)
                assert (answer.headers["x-request-id"] == "from-the-proxy") is believed
        assert statuses == [201, 201, 201, 201 if believed else 429]
        # What was forwarded is not from inside, whoever forwarded it.
        async with gateway.http.get(f"{gateway.base}/metrics", headers={"x-real-ip": "10.0.0.1"}) as answer:
            assert answer.status == 404
        # One client has all the memory for bodies that it may have. The others get theirs.
        with gateway.app.ctx.body_memory.share("192.0.2.1" if believed else "127.0.0.1") as grow:
            grow(MOST_OF_ONE)
            statuses = []
            for number in (1, 2):
                said = {"x-forwarded-for": f"192.0.2.{number}"}
                url = f"{gateway.base}/webhooks/sms"
                async with gateway.http.post(url, headers=said, data=b"x" * 2 * FREE) as answer:
                    statuses.append(answer.status)
        assert statuses == [429, 404 if believed else 429]


async def test_a_proxy_that_makes_no_request_ids_is_not_believed_one(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_TRUSTED_PROXIES="1"
    ) as gateway:
        said = {"x-request-id": "from-a-client"}
        async with gateway.http.get(f"{gateway.base}/live", headers=said) as answer:
            assert answer.headers["x-request-id"] != "from-a-client"


async def test_metrics_are_not_public(gateway: RunningGateway) -> None:
    async with gateway.http.get(f"{gateway.base}/metrics") as answer:
        assert answer.status == 200 and "civicdesk_requests_total" in await answer.text()
    async with gateway.http.get(f"{gateway.base}/metrics", headers={"x-forwarded-for": "10.0.0.1"}) as answer:
        assert answer.status == 404


async def test_logs_carry_ids_and_never_words(
    gateway: RunningGateway, citizen: Citizen, capsys: pytest.CaptureFixture[str]
) -> None:
    await citizen.post(text="my very private matter")
    await citizen.post(raw=b'{"text": "my very private matter"')
    await citizen.get("/chat/v1/messages?after=0&note=my-very-private-matter")
    await gateway.say(await citizen.contact_id(), "your very private answer")
    await citizen.poll()
    out = "".join(capsys.readouterr())
    assert str(await citizen.contact_id()) in out, "the log does say who"
    assert "private" not in out and citizen.token not in out and "127.0.0.1" not in out


async def test_a_slow_upload_of_headers_does_not_hold_others_up(gateway: RunningGateway) -> None:
    host, port = gateway.base.removeprefix("http://").split(":")
    idle = [await asyncio.open_connection(host, int(port)) for _ in range(50)]
    for _, writer in idle:
        writer.write(b"POST /chat/v1/session HTTP/1.1\r\nhost:")
    async with asyncio.timeout(10):
        citizen = await gateway.citizen()
        assert (await citizen.post(text="served"))[0] == 202
    for _, writer in idle:
        writer.transport.abort()
