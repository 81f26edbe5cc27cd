"""A client that sends a byte now and then is cut off in bounded time, whatever it sends."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from sanic.http import Stage

from gateway.ops import connection
from gateway.ops.connection import Connection
from tests.support.gateway import RunningGateway


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, gateway: RunningGateway) -> RunningGateway:
    """The same gateway with deadlines that a test can wait for."""
    monkeypatch.setattr(connection, "FAREWELL_SECONDS", 0.2)
    gateway.app.config.update({"REQUEST_TIMEOUT": 0.4, "RESPONSE_TIMEOUT": 0.4, "KEEP_ALIVE_TIMEOUT": 0.4})
    return gateway


async def dripped(gateway: RunningGateway, first: bytes, drip: bytes) -> bytes:
    """What the gateway answers to a client that never finishes; ends when it hangs up."""
    port = int(gateway.base.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(first)

    async def go_on() -> None:
        while True:
            writer.write(drip)
            await writer.drain()
            await asyncio.sleep(0.02)

    dripping = asyncio.create_task(go_on())
    try:
        async with asyncio.timeout(30):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)
        writer.close()


@pytest.mark.parametrize(
    ("first", "drip"),
    [
        (b"GET / HTTP/1.1\r\n", b"X-A: b\r\n"),
        (b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", b"x"),
        (b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", b"x"),
        (b"POST /chat/v1/media HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", b"x"),
    ],
    ids=["header", "form", "an address that there is not", "photo"],
)
async def test_it_is_hung_up_on(short: RunningGateway, first: bytes, drip: bytes) -> None:
    answer = await dripped(short, first, drip)
    assert not answer or b" 4" in answer.split(b"\r\n", 1)[0] or b" 503 " in answer.split(b"\r\n", 1)[0]


class Clock:
    """Monotonic seconds, moved by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("stage", [Stage.REQUEST, Stage.HANDLER, Stage.RESPONSE])
def test_bytes_do_not_restart_the_clock_of_a_request(monkeypatch: pytest.MonkeyPatch, stage: Stage) -> None:
    clock = Clock()
    monkeypatch.setattr("sanic.server.protocols.http_protocol.current_time", clock)
    one: Any = Connection.__new__(Connection)
    one.app = SimpleNamespace(config=SimpleNamespace(REQUEST_BUFFER_SIZE=65_536))
    one.recv_buffer, one.transport, one._data_received = bytearray(), None, asyncio.Event()
    one._http, one._time = SimpleNamespace(stage=Stage.IDLE, request_body=None), 0.0
    one.data_received(b"GET ")
    assert one._time == 100.0, "the first bytes start it"
    one._http.stage, clock.now = stage, 130.0
    one.data_received(b"/")
    assert one._time == 100.0 and bytes(one.recv_buffer) == b"GET /"
    one._http = SimpleNamespace(stage=Stage.IDLE, request_body=True)
    one.data_received(b"rest of a body that nobody wants")
    assert one._time == 100.0


def test_an_upload_may_take_its_time() -> None:
    from gateway.citizen.media import UPLOAD_SECONDS

    assert UPLOAD_SECONDS + connection.HEADER_SECONDS < connection.REQUEST_SECONDS
