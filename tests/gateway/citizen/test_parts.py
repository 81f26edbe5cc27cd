"""Photos in parts: nothing arrives twice, nothing is lost with an answer, and nobody finishes another's."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from desk.store.inbound import uploads
from desk.store.pool import Store
from gateway.citizen.parts import MOST_OPEN, PART_BYTES
from tests.support import photos
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
    # One who meets a full decoder is told to try again, and then gets the same photo.
    assert again[0] == 201 and all(one == again for one in answers if one[0] != 429), answers
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM media") == 1


async def test_what_cannot_be_a_photo_or_is_too_much_is_refused(
    gateway: RunningGateway, citizen: Citizen, store: Store
) -> None:
    upload = uuid4()
    status, body = await citizen.part(upload, 0, 20, b"%PDF-1.7 no photo at")
    assert (status, body["error"]["code"]) == (415, "not_a_photo")
    assert await citizen.part(upload, 0, 20, b"") == (200, {"received": 0}), "it begins again"
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
