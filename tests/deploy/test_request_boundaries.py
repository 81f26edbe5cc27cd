"""Proxy and gateway agree where a request ends: nothing in a body is another request."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.store.pool import Store
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.proxy import HOST, Proxy, running_proxy
from tests.support.waiting import eventually

INSIDE = b"GET /chat/accessibility HTTP/1.1\r\nHost: desk.example.org\r\nX: "
"""A second request, hidden in the body of the first."""
SMUGGLED = {
    "a length and chunks": b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    % (len(INSIDE) + 5),
    "chunks, then a length": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n",
    "an unknown coding": b"Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n",
    "a tab in the coding": b"Transfer-Encoding:\tchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(INSIDE),
    "a list of lengths": b"Content-Length: 0, %d\r\n\r\n" % len(INSIDE),
    "a signed length": b"Content-Length: +0\r\n\r\n",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a length in another base": b"Content-Length: 0x0\r\n\r\n",
    "a length with a line feed": b"X: y\nContent-Length: 0\r\n\r\n",
    "a folded header": b"X: y\r\n Content-Length: 0\r\n\r\n",
    "a header without a name": b": y\r\nContent-Length: 0\r\n\r\n",
    "a chunk of a negative size": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    "a chunk with an extension": b"Transfer-Encoding: chunked\r\n\r\n0;a=b\r\n\r\n",
    "a chunk with a huge size": b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n",
}


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, store: Store, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="1000", CIVICDESK_TRUSTED_PROXIES="1"
    ) as running:
        yield running


@pytest.mark.slow
async def test_proxy_and_gateway_agree_where_a_request_ends(gateway: RunningGateway, tmp_path: Path) -> None:
    """Nothing in the body of a request is a request to the gateway, unless the proxy has taken it for one as well."""
    port = int(gateway.base.rpartition(":")[2])
    with running_proxy(tmp_path, gateway=port) as proxy:
        assert (await asyncio.to_thread(proxy.get, "/chat/v1/config")).status == 200
        for title, rest in SMUGGLED.items():
            before = len(await asyncio.to_thread(_logged, tmp_path)), await _served(gateway)
            await asyncio.to_thread(_send, proxy, rest)
            served = await _served(gateway) - before[1] - 1

            async def all_are_logged(least: float = before[0] + served) -> bool:  # nginx writes its line last
                return len(await asyncio.to_thread(_logged, tmp_path)) >= least

            assert await eventually(all_are_logged), title
        assert (await asyncio.to_thread(proxy.get, "/chat/v1/config")).status == 200


async def _served(gateway: RunningGateway) -> float:
    """Requests that the gateway has seen; this one is among those of the next call."""
    return await gateway.metric("civicdesk_requests_total")


def _logged(folder: Path) -> list[str]:
    """Requests that the proxy has seen."""
    return (folder / "access.log").read_text().splitlines()


def _send(proxy: Proxy, rest: bytes) -> None:
    """One connection with a POST, these headers and body, and the hidden request; until the proxy hangs up or has answered."""
    context = ssl._create_unverified_context()
    with (
        socket.create_connection(("127.0.0.1", proxy.https), 20) as plainly,
        context.wrap_socket(plainly, server_hostname=HOST) as connection,
    ):
        head = b"POST /chat/v1/session HTTP/1.1\r\nHost: desk.example.org\r\nConnection: keep-alive\r\n"
        connection.sendall(head + rest + INSIDE + b"\r\nConnection: close\r\n\r\n")
        connection.settimeout(0.5)
        with contextlib.suppress(TimeoutError, OSError):
            while connection.recv(65_536):
                pass
