"""`python -m gateway` as a process: starts at once, says in one sentence why it cannot, stops cleanly."""

import asyncio
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import async_playwright, expect

from desk.runtime.live import Live
from desk.store.pool import Store
from tests.support import memory, photos
from tests.support.browser import FLAGS, chromium
from tests.support.cable import to_postgres
from tests.support.clock import MovedClock as Clock
from tests.support.gateway import Citizen, RunningGateway, next_event
from tests.support.gateway_process import environment, ready, running, start
from tests.support.waiting import eventually
from tests.support.widget import message, open_chat, write


async def fails(environ: Mapping[str, str]) -> str:
    """The one sentence of a gateway that does not start."""
    process = await start(environ)
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    assert process.returncode == 2, err.decode()
    assert out == b""
    lines = [line for line in err.decode().splitlines() if not line.startswith("{")]
    assert len(lines) == 1 and lines[0].endswith("."), err.decode()
    return lines[0]


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
    await cable.drop()
    environ = environment(near(cable.port), redis_url, tmp_path)
    async with running(environ) as gateway, aiohttp.ClientSession() as http:
        async with http.get(f"{gateway.base}/live") as answer:
            assert answer.status == 200
        async with http.post(f"{gateway.base}/chat/v1/session") as answer:
            assert answer.status == 503 and int(answer.headers["retry-after"]) >= 1
            assert (await answer.json())["error"]["message"].startswith("The front desk cannot be reached")
        await eventually(lambda: b"waits_for_database" in gateway.log)
        tried = cable.dropped
        await eventually(lambda: cable.dropped >= tried + 3)
        await cable.cut()
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
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
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
        outside = RunningGateway(gateway.base, http, store, None, Clock(), None, tmp_path, None)  # type: ignore[arg-type]  # what the test does not use is left out
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
            desk = RunningGateway(first.base, http, store, live, Clock(), None, tmp_path, None)  # type: ignore[arg-type]  # what the test does not use is left out
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
        outside = RunningGateway(gateway.base, http, store, None, Clock(), None, tmp_path, None)  # type: ignore[arg-type]  # what the test does not use is left out
        citizens = [await outside.citizen() for _ in hostile]
        idle = memory.peak(gateway.process.pid)
        uploads = [citizen.upload(data) for citizen, data in zip(citizens, hostile, strict=True)]
        answers = await asyncio.gather(*uploads, citizens[0].post(text="text goes meanwhile"))
        assert answers.pop()[0] == 202
        # One address has four photos in the line; who comes too late is told so.
        assert {status for status, _ in answers} <= {201, 413, 503}
        assert [status for status, _ in answers].count(201) >= 2
        (child,) = memory.children(gateway.process.pid, "desk.media.decoding")
        taken = memory.peak(gateway.process.pid) + memory.peak(child)
        assert taken < 400 * memory.MB, f"{taken:,} bytes"
        # The gateway itself holds what arrives, and opens nothing. At rest it takes 128 MB: libraries that few
        # requests need are imported when they come.
        assert memory.peak(gateway.process.pid) < 160 * memory.MB
        assert memory.peak(gateway.process.pid) - idle < 24 * memory.MB, f"{idle:,} bytes before"


async def test_a_disk_without_room_is_a_sentence(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    media = tmp_path / "media"
    media.write_text("a file where the folder should be: nothing can be written under it")
    async with running(environment(pg_url, redis_url, tmp_path)) as gateway, aiohttp.ClientSession() as http:
        await ready(http, gateway.base)
        outside = RunningGateway(gateway.base, http, store, None, Clock(), None, tmp_path, None)  # type: ignore[arg-type]  # what the test does not use is left out
        citizen = await outside.citizen()
        status, body = await citizen.upload(photos.jpeg())
        assert (status, body["error"]["code"]) == (507, "no_room")
        assert (await citizen.post(text="text still goes"))[0] == 202
