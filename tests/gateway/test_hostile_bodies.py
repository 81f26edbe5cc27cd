"""Hostile requests without a session: they cost the sender more than us, and are not logged as errors."""

import asyncio
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.gateway_process import Running, environment, ready, running

BOUNDARY = "boundary-of-the-tests"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
async def gateway(pg_url: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Running]:
    """A gateway in a process of its own, so that its processor time and memory can be read."""
    async with running(environment(pg_url, redis_url, tmp_path)) as gateway:
        async with aiohttp.ClientSession() as http:
            await ready(http, gateway.base)
        yield gateway


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


def processor_seconds(gateway: Running) -> float:
    fields = Path(f"/proc/{gateway.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(gateway: Running) -> float:
    status = Path(f"/proc/{gateway.process.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


async def post(http: aiohttp.ClientSession, url: str, body: bytes, kind: str) -> int:
    headers = {"content-type": kind, "accept": "text/html"}
    async with http.post(url, data=io.BytesIO(body), headers=headers) as answer:
        await answer.read()
        return answer.status


def with_charset(size: int, charset: str) -> bytes:
    """A multipart form with one part of `size` letters, in punycode a text of as many rare characters."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf"\r\n'
    head += f"Content-Type: text/plain; charset={charset}\r\n\r\n"
    return head.encode() + b"j50i" + b"a" * size + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.mark.parametrize("path", ["/console/sign-in", "/chat"])
async def test_a_charset_chosen_by_the_client_costs_nothing(
    gateway: Running, http: aiohttp.ClientSession, path: str
) -> None:
    before = processor_seconds(gateway)
    for size, status in ((400_000, 413), (60_000, 403)):
        assert await post(http, gateway.base + path, with_charset(size, "punycode"), MULTIPART) == status
    # Decoding the smaller one as punycode takes a second, the larger one a minute.
    assert processor_seconds(gateway) - before < 0.5


ADDRESSES = (
    "/chat",
    "/chat/end",
    "/chat/v1/session",
    "/console/sign-in",
    "/open311/v2/requests.json",
)


async def test_a_large_form_is_refused_while_it_arrives(
    gateway: Running, http: aiohttp.ClientSession
) -> None:
    for path in ADDRESSES:
        await post(http, gateway.base + path, b"a=b", URLENCODED)
    before = peak_megabytes(gateway)
    body = b"a=1&" * 475_000
    for _ in range(4):
        statuses = await asyncio.gather(*(post(http, gateway.base + p, body, URLENCODED) for p in ADDRESSES))
        assert statuses == [413] * len(ADDRESSES)
    assert peak_megabytes(gateway) - before < 8, "of 38 MB that were sent, ten at a time"


@pytest.mark.parametrize(
    ("path", "size"), [("/open311/v2/requests.json", 9_000_000), ("/chat/photo", 9_000_000)]
)
async def test_forms_with_files_that_never_end_are_not_held_in_memory(
    gateway: Running, http: aiohttp.ClientSession, path: str, size: int
) -> None:
    """From four addresses, as many as are taken at once. In memory, in pieces of 600 bytes, they were half as large again."""
    await post(http, gateway.base + path, with_charset(100, "utf-8"), MULTIPART)
    before = peak_megabytes(gateway)
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\n'.encode()
    chunk = b"258\r\n" + b"x" * 600 + b"\r\n"

    async def send(address: str) -> asyncio.StreamWriter:
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port, local_addr=(address, 0))
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {MULTIPART}\r\n".encode())
        writer.write(b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(head) + head + b"\r\n")
        for _ in range(size // 60_000):
            writer.write(chunk * 100)
            await writer.drain()
        return writer

    writers = await asyncio.gather(*(send(f"127.0.0.{2 + number % 4}") for number in range(8)))
    async with http.get(f"{gateway.base}/live") as answer:
        assert answer.status == 200
    assert peak_megabytes(gateway) - before < 16, "of 72 MB that were sent"
    for writer in writers:
        writer.close()


async def test_webhooks_that_never_end_share_what_is_left_and_small_ones_are_taken(
    gateway: Running, http: aiohttp.ClientSession
) -> None:
    """Ninety of 1.9 MB, from five addresses. All of them were held."""
    before = peak_megabytes(gateway)
    head = b"POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"

    async def send(number: int) -> asyncio.StreamWriter:
        address = f"127.0.0.{2 + number % 5}"
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port, local_addr=(address, 0))
        writer.write(head)
        for _ in range(29):
            writer.write(b"x" * 65_536)
            await writer.drain()
        return writer

    writers = await asyncio.gather(*(send(number) for number in range(90)))
    assert await post(http, f"{gateway.base}/webhooks/sms", b"a=b", URLENCODED) in (403, 404)
    assert peak_megabytes(gateway) - before < 90, "of 170 MB that were sent"
    for writer in writers:
        writer.close()


async def test_a_body_without_a_length_is_refused_too(gateway: Running) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    head = (
        f"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Type: {URLENCODED}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    writer.write(head.encode())
    for _ in range(30):
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    assert b" 413 " in await reader.readline()
    writer.close()


async def test_a_body_on_a_page_is_refused_and_no_error(
    gateway: Running, http: aiohttp.ClientSession
) -> None:
    for path in ("/chat", "/live", "/chat/v1/config"):
        async with http.get(gateway.base + path, data=b"x" * 100) as answer:
            assert answer.status == 400
    assert b'"level": "error"' not in gateway.log and b"not consumed" not in gateway.log


HALF_SENT = (
    b"GET / HT",
    b"POST /chat HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc",
    b"POST /chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    b"POST /webhooks/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
    b"POST /chat/v1/media HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc",
)


async def test_requests_that_are_half_sent_are_no_errors(
    gateway: Running, http: aiohttp.ClientSession
) -> None:
    for number in range(1_000):
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(HALF_SENT[number % len(HALF_SENT)])
        await writer.drain()
        writer.close()
    async with asyncio.timeout(30):
        # All of them have been noticed once this one is answered and every connection but ours is gone.
        while len(os.listdir(f"/proc/{gateway.process.pid}/fd")) > 40:
            await asyncio.sleep(0.05)
    async with http.get(f"{gateway.base}/live") as answer:
        assert answer.status == 200
    assert b'"level": "error"' not in gateway.log, gateway.log[:2_000]
    assert b'"status": 499' in gateway.log
