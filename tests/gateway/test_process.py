"""`python -m gateway` as a process: starts at once, says in one sentence why it cannot, stops cleanly."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import async_playwright, expect

from desk.runtime.live import Live
from desk.store.pool import Store
from launch.browser import find_browser
from tests.gateway import photos
from tests.gateway.cable import to_postgres
from tests.gateway.house import Citizen, Clock, House, next_event
from tests.support import memory
from tests.web.conftest import FLAGS
from tests.web.widget import message, open_chat, write

ROOT = Path(__file__).parents[2]


def environment(pg_url: str, redis_url: str, folder: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "DATABASE_URL": pg_url,
        "REDIS_URL": redis_url,
        "CIVICDESK_SECRET": "a-secret-of-the-tests",
        "CIVICDESK_MEDIA_DIR": str(folder / "media"),
        "CIVICDESK_PORT": "0",
        "CIVICDESK_RATE_SCALE": "1000",
        **more,
    }


async def _start(environ: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", cwd=ROOT, env=environ,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def fails(environ: Mapping[str, str]) -> str:
    """The one sentence of a gateway that does not start."""
    process = await _start(environ)
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode == 2, err.decode()
    assert out == b""
    lines = [line for line in err.decode().splitlines() if not line.startswith("{")]
    assert len(lines) == 1 and lines[0].endswith("."), err.decode()
    return lines[0]


class Running:
    """A gateway process that listens."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.port = process, port
        self.base = f"http://127.0.0.1:{port}"
        self.log = b""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.log += line

    async def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        async with asyncio.timeout(15):
            code = await self.process.wait()
        await self._reading
        return code


@asynccontextmanager
async def running(environ: Mapping[str, str]) -> AsyncIterator[Running]:
    import json

    process = await _start(environ)
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            while True:
                line = await process.stderr.readline()
                assert line, "the gateway stopped before it listened"
                if b'"listening"' in line:
                    break
        gateway = Running(process, json.loads(line)["port"])
        yield gateway
        assert process.returncode is not None or await gateway.stop() == 0
        assert b"Traceback" not in gateway.log, gateway.log.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ready(http: aiohttp.ClientSession, base: str) -> None:
    async with asyncio.timeout(60):
        while True:
            async with http.get(f"{base}/ready") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)


async def test_what_keeps_it_from_starting_is_one_sentence(
    pg_url: str, redis_url: str, tmp_path: Path
) -> None:
    good = environment(pg_url, redis_url, tmp_path)
    broken = tmp_path / "city.yml"
    broken.write_text("name: [")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        cases = {
            "is in use|already in use": {**good, "CIVICDESK_PORT": port},
            "city.yml is not valid YAML": {**good, "CIVICDESK_CITY": str(broken)},
            "There is no ": {**good, "CIVICDESK_CITY": str(tmp_path / "none.yml")},
            "CIVICDESK_PORT is wrong": {**good, "CIVICDESK_PORT": "eighty"},
            "CIVICDESK_SECRET is not set": {k: v for k, v in good.items() if k != "CIVICDESK_SECRET"},
            "DATABASE_URL is wrong": {**good, "DATABASE_URL": "mysql://u:hunter2@h/d"},
            "REDIS_URL_FILE names": {k: v for k, v in good.items() if k != "REDIS_URL"}
            | {"REDIS_URL_FILE": "/no"},
        }
        # One at a time: each is a whole interpreter on a machine that has two processors.
        for words, environ in cases.items():
            sentence = await fails(environ)
            assert any(part in sentence for part in words.split("|")), (words, sentence)
            assert "hunter2" not in sentence and "a-secret" not in sentence


async def test_a_database_that_refuses_us_ends_it_with_a_sentence(
    pg_url: str, redis_url: str, tmp_path: Path
) -> None:
    nowhere = pg_url.replace("/test_", "/no_such_database_")
    sentence = await fails(environment(nowhere, redis_url, tmp_path))
    assert sentence.startswith("The database refuses DATABASE_URL")


async def test_it_listens_before_the_database_answers_and_recovers_by_itself(
    pg_url: str, redis_url: str, tmp_path: Path
) -> None:
    cable, near = to_postgres(pg_url)
    await cable.mend()
    await cable.cut()
    environ = environment(near(cable.port), redis_url, tmp_path)
    async with running(environ) as gateway, aiohttp.ClientSession() as http:
        async with http.get(f"{gateway.base}/live") as answer:
            assert answer.status == 200
        async with http.post(f"{gateway.base}/chat/v1/session") as answer:
            assert answer.status == 503 and int(answer.headers["retry-after"]) >= 1
            assert (await answer.json())["error"]["message"].startswith("The front desk cannot be reached")
        async with asyncio.timeout(20):
            while b"waits_for_database" not in gateway.log:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)  # for a few tries more
        await cable.mend()
        await ready(http, gateway.base)
        async with http.post(f"{gateway.base}/chat/v1/session") as answer:
            assert answer.status == 201
    assert gateway.log.count(b"waits_for_database") == 1, "said once, however long it takes"
    await cable.cut()


@pytest.mark.slow
async def test_what_is_written_before_the_database_is_there_is_kept_and_sent_by_itself(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    """`make run` starts the gateway first: the page is open while PostgreSQL is still being made, and Redis too."""
    cable, near = to_postgres(pg_url)
    await cable.mend()
    await cable.cut()
    environ = environment(near(cable.port), "unix:///nowhere/redis.sock", tmp_path)
    async with running(environ) as gateway, async_playwright() as playwright, aiohttp.ClientSession() as http:
        async with http.get(f"{gateway.base}/ready") as answer:
            assert answer.status == 503
            assert "waits for the database" in (await answer.json())["message"]
        program = os.environ.get("CIVICDESK_CHROMIUM") or find_browser()
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page()
        await page.goto(gateway.base)
        await open_chat(page)
        await write(page, "There is a hole in Mill Street")
        await expect(message(page, "There is a hole")).to_contain_text("Not sent yet, trying again")
        await cable.mend()
        await expect(message(page, "There is a hole")).to_contain_text("Sent", timeout=30_000)
        await browser.close()
    kept = await store.pool.fetch("SELECT payload->>'text' AS text FROM events")
    assert [row["text"] for row in kept] == ["There is a hole in Mill Street"]
    await cable.cut()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_at_once_though_windows_are_open(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path, number: int
) -> None:
    async with (
        running(environment(pg_url, redis_url, tmp_path)) as gateway,
        aiohttp.ClientSession() as http,
    ):
        await ready(http, gateway.base)
        outside = House(gateway.base, http, store, None, Clock(), None, tmp_path, None)  # type: ignore[arg-type]
        citizen = await outside.citizen()
        async with citizen.stream() as stream:
            await next_event(stream, "state")
            polling = asyncio.create_task(citizen.poll(wait=25))
            other = await outside.citizen()  # a whole exchange later the poll is under way
            assert await other.poll()
            assert await gateway.stop(number) == 0
            rest = [event async for event in stream]
            assert not [kind for kind, _ in rest if kind == "message"]
        page = await polling
        assert page["messages"] == []


async def test_a_stream_goes_on_where_it_was_through_a_restart(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = environment(pg_url, redis_url, tmp_path, CIVICDESK_PORT=str(port))
    live = Live(redis_url)
    await live.start()
    seen: list[int] = []
    async with aiohttp.ClientSession() as http:
        async with running(environ) as first:
            await ready(http, first.base)
            desk = House(first.base, http, store, live, Clock(), None, tmp_path, None)  # type: ignore[arg-type]
            citizen: Citizen = await desk.citizen()
            contact = await citizen.contact_id()
            for text in ("one", "two"):
                await desk.say(contact, text)
            async with citizen.stream() as stream:
                seen += [(await next_event(stream, "message"))["seq"] for _ in range(2)]
                first.process.kill()
                await first.process.wait()
                with pytest.raises((aiohttp.ClientError, AssertionError)):
                    await next_event(stream, "message")
        await desk.say(contact, "while it was down")
        async with running(environ) as second:
            await ready(http, second.base)
            async with citizen.stream(after=seen[-1]) as stream:
                seen.append((await next_event(stream, "message"))["seq"])
                await desk.say(contact, "after it was up")
                seen.append((await next_event(stream, "message"))["seq"])
    await live.stop()
    assert seen == [1, 2, 3, 4]


async def test_secrets_come_from_files(pg_url: str, redis_url: str, tmp_path: Path) -> None:
    environ = environment(pg_url, redis_url, tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL", "CIVICDESK_SECRET"):
        path = tmp_path / name.lower()
        path.write_text(environ.pop(name) + "\n")
        environ[f"{name}_FILE"] = str(path)
    async with running(environ) as gateway, aiohttp.ClientSession() as http:
        await ready(http, gateway.base)


async def test_all_hostile_photos_at_once_fit_into_its_container(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    """docker-compose.yml and the chart give it 512 MB, for itself and for the process that opens photos."""
    hostile = [photos.flat_webp(), photos.tall_jpeg(), photos.tall_jpeg(), photos.png_bomb()]
    hostile += [photos.noisy_webp(), photos.photograph(8_192, 6_144, quality=60, progressive=True)]
    async with running(environment(pg_url, redis_url, tmp_path)) as gateway, aiohttp.ClientSession() as http:
        await ready(http, gateway.base)
        outside = House(gateway.base, http, store, None, Clock(), None, tmp_path, None)  # type: ignore[arg-type]
        citizens = [await outside.citizen() for _ in hostile]
        uploads = [citizen.upload(data) for citizen, data in zip(citizens, hostile, strict=True)]
        answers = await asyncio.gather(*uploads, citizens[0].post(text="text goes meanwhile"))
        assert answers.pop()[0] == 202
        # One address has four photos in the line; who comes too late is told so.
        assert {status for status, _ in answers} <= {201, 413, 503}
        assert [status for status, _ in answers].count(201) >= 2
        (child,) = memory.children(gateway.process.pid, "desk.media.decoding")
        taken = memory.peak(gateway.process.pid) + memory.peak(child)
        assert taken < 400 * memory.MB, f"{taken:,} bytes"
        assert memory.peak(gateway.process.pid) < 160 * memory.MB


async def test_a_disk_without_room_is_a_sentence(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    media.write_text("a file where the folder should be: nothing can be written under it")
    async with running(environment(pg_url, redis_url, tmp_path)) as gateway, aiohttp.ClientSession() as http:
        await ready(http, gateway.base)
        outside = House(gateway.base, http, store, None, Clock(), None, tmp_path, None)  # type: ignore[arg-type]
        citizen = await outside.citizen()
        status, body = await citizen.upload(photos.jpeg())
        assert (status, body["error"]["code"]) == (507, "no_room")
        assert (await citizen.post(text="text still goes"))[0] == 202
