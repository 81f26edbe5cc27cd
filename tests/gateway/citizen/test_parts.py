"""Photos in parts: nothing arrives twice, nothing is lost with an answer, and nobody finishes another's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from desk.media.files import MediaFiles
from desk.store.inbound import uploads
from desk.store.pool import Store
from gateway.citizen.parts import MOST_OPEN, PART_BYTES
from tests.support import memory, photos
from tests.support.gateway import Citizen, RunningGateway


async def test_a_photo_in_parts_resumes_where_it_stopped(gateway: RunningGateway, citizen: Citizen) -> None:
    photo, upload = photos.jpeg(400, 400), uuid4()
    size, half = len(photo), len(photo) // 2
    assert await citizen.part(upload, 0, size, photo[:half]) == (200, {"received": half})
    # The answer was lost: the same part again, and the question where to go on, change nothing.
    assert await citizen.part(upload, 0, size, photo[:half]) == (200, {"received": half})
    assert await citizen.part(upload, 0, size, b"") == (200, {"received": half})
    stranger = await gateway.citizen()
    assert await stranger.part(upload, half, size, photo[half:]) == (200, {"received": 0})

    status, body = await citizen.part(upload, half, size, photo[half:])
    assert status == 201 and body["content_type"] == "image/jpeg"
    assert await citizen.part(upload, half, size, photo[half:]) == (201, body), "the last answer was lost"
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM upload_parts WHERE start > 0") == 0
    status, _ = await citizen.get(f"/chat/v1/media/{body['media']}")
    assert status == 200


async def test_the_last_part_sent_many_times_at_once_makes_one_photo(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    photo, upload = photos.jpeg(400, 400), uuid4()
    size, half = len(photo), len(photo) // 2
    await citizen.part(upload, 0, size, photo[:half])
    answers = await asyncio.gather(*(citizen.part(upload, half, size, photo[half:]) for _ in range(4)))
    again = await citizen.part(upload, half, size, photo[half:])
    # Who asks while it is opened is told to try again, and then gets the same photo.
    assert again[0] == 201 and all(one == again for one in answers if one[0] != 503), answers
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM media") == 1


async def test_what_cannot_be_a_photo_or_is_too_much_is_refused(
    gateway: RunningGateway, citizen: Citizen, store: Store
) -> None:
    upload = uuid4()
    status, body = await citizen.part(upload, 0, 20, b"MZ-1.7-- no photo at")
    assert (status, body["error"]["code"]) == (415, "not_a_photo")
    assert await citizen.part(upload, 0, 20, b"") == (200, {"received": 0}), (
        "it begins again, and is counted again"
    )
    assert (await citizen.part(upload, 0, 21, b"x"))[0] == 422, "another photo under the same id"
    assert (await citizen.part(upload, 0, 20, b"x" * 21))[0] == 422
    assert (await citizen.part(uuid4(), 0, 11_000_000, b"x"))[0] == 413
    assert (await citizen.part(uuid4(), 0, 1_000_000, b"x" * (PART_BYTES + 1)))[0] == 413
    for _ in range(MOST_OPEN - 1):
        assert (await citizen.part(uuid4(), 0, 1_000, b"x"))[0] == 200
    status, body = await citizen.part(uuid4(), 0, 1_000, b"x")
    assert status == 429 and body["error"]["code"] in ("photo_busy", "too_fast")

    await store.pool.execute("UPDATE uploads SET created_at = now() - interval '25 hours'")
    assert await uploads.delete_old(store.pool, timedelta(hours=24), 500) == MOST_OPEN
    assert await store.pool.fetchval("SELECT count(*) FROM upload_parts") == 0


async def test_photos_in_parts_are_held_in_memory_one_part_at_a_time(citizen: Citizen) -> None:
    size, uploads_of_one = 24 * PART_BYTES, [uuid4() for _ in range(6)]
    for upload in uploads_of_one:
        for offset in range(0, size - PART_BYTES, PART_BYTES):
            assert (await citizen.part(upload, offset, size, b"x" * PART_BYTES))[0] == 200
    memory.forget_peak()
    resident = memory.resident()
    last = (citizen.part(upload, size - PART_BYTES, size, b"x" * PART_BYTES) for upload in uploads_of_one)
    assert {status for status, _ in await asyncio.gather(*last)} <= {415, 503}
    assert memory.peak() - resident < 18 * memory.MB, "of 36 MB that were sent"


async def test_a_photo_is_opened_once_however_often_its_last_part_is_sent(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, upload = photos.jpeg(400, 400), uuid4()
    opened, go_on = 0, asyncio.Event()
    keep_photo = MediaFiles.keep_photo

    async def slow(self: MediaFiles, chunks: AsyncIterator[bytes], *limits: Any, **more: Any) -> Any:
        nonlocal opened
        opened += 1
        await go_on.wait()
        return await keep_photo(self, chunks, *limits, **more)

    monkeypatch.setattr(MediaFiles, "keep_photo", slow)
    tries = [asyncio.create_task(citizen.part(upload, 0, len(photo), photo)) for _ in range(8)]
    async with asyncio.timeout(20):
        while sum(one.done() for one in tries) < 7:
            await asyncio.sleep(0)
    go_on.set()
    statuses = [status for status, _ in await asyncio.gather(*tries)]
    assert opened == 1 and sorted(statuses) == [201] + [503] * 7


async def test_a_photo_that_was_refused_is_counted_again(gateway: RunningGateway, citizen: Citizen) -> None:
    upload = uuid4()
    for number in range(1, 4):
        assert (await citizen.part(upload, 0, 20, b"MZ-1.7-- no photo at"))[0] == 415
        assert (
            await gateway.store.pool.fetchval(
                "SELECT sum(photos) FROM media_usage WHERE sender LIKE 'contact:%'"
            )
            == number
        )


async def test_a_photo_in_tiny_pieces_is_refused(citizen: Citizen) -> None:
    status, body = await citizen.part(uuid4(), 0, 5_000_000, b"x")
    assert (status, body["error"]["code"]) == (422, "part_too_small")


async def test_no_photo_is_begun_where_the_disk_is_nearly_full(
    gateway: RunningGateway, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MediaFiles, "takes_more", lambda _: False)
    status, body = await citizen.part(uuid4(), 0, 20, b"x" * 20)
    assert (status, body["error"]["code"]) == (507, "no_room")
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM uploads") == 0
