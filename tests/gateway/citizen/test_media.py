"""Photos: identified by content, re-encoded, shown to their owner only."""

import asyncio
import errno
import io
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image

from desk.media.decoder import PhotoDecoder
from desk.media.files import MediaFiles
from desk.media.links import sign_media
from desk.media.photos import BadPhoto
from desk.media.quotas import MB, PhotoQuotas, of_contact
from desk.store.pool import Store
from tests.support import memory, photos
from tests.support.gateway import SECRET, Citizen, RunningGateway, running_gateway
from tests.support.waiting import eventually


def files(gateway: RunningGateway) -> list[Path]:
    return [path for path in gateway.media_dir.rglob("*") if path.is_file()]


async def test_each_kind_of_picture_is_kept_and_shown(gateway: RunningGateway, citizen: Citizen) -> None:
    for data, kind in (
        (photos.jpeg(), "image/jpeg"),
        (photos.png(), "image/png"),
        (photos.png(mode="RGBA"), "image/png"),
        (photos.webp(), "image/jpeg"),
        (photos.gif(), "image/jpeg"),
    ):
        status, body = await citizen.upload(data)
        assert status == 201, body
        async with gateway.http.get(
            f"{gateway.base}/chat/v1/media/{body['media']}", headers=citizen.headers
        ) as answer:
            assert answer.status == 200
            assert answer.content_type == kind
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert Image.open(io.BytesIO(await answer.read())).size == (64, 48)
    assert len(files(gateway)) == 5


async def test_place_maker_and_comment_are_gone_and_the_picture_stands_upright(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    original = photos.jpeg_with_place()
    assert b"Spytel" in original and b"secret comment" in original
    _, body = await citizen.upload(original)
    _, kept = await citizen.get(f"/chat/v1/media/{body['media']}")
    picture = Image.open(io.BytesIO(kept))
    assert picture.size == (48, 64), "the turn of the camera is done, not noted"
    assert not picture.getexif() and "comment" not in picture.info
    assert b"Spytel" not in kept and b"secret comment" not in kept and b"Exif" not in kept


async def test_a_huge_photo_is_made_smaller(citizen: Citizen) -> None:
    _, body = await citizen.upload(photos.jpeg(6000, 3000, quality=30))
    _, kept = await citizen.get(f"/chat/v1/media/{body['media']}")
    assert Image.open(io.BytesIO(kept)).size == (2560, 1280)


REFUSED = [
    (b"MZ\x90\x00" + b"\0" * 500, 415, "not a photo"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "not a photo"),
    (b"%PDF-1.7 " + b"x" * 500, 422, "PDF is not complete"),
    (b"<html><script>alert(1)</script>", 415, "not a photo"),
    (b"", 422, "empty"),
    (photos.jpeg(400, 400)[:3000], 422, "damaged"),
    (photos.png()[:60], 422, "damaged"),
    (b"\xff\xd8\xff\xe0" + b"\0" * 400, 422, "damaged"),
    (b"\xff\xd8\xff\xe0" + b"\xff\xda" * 400, 422, "damaged"),
    (photos.png_bomb(), 413, "too many pixels"),
]


async def test_an_invalid_photo_gets_a_sentence_and_leaves_nothing(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    for data, expected, words in REFUSED:
        status, body = await citizen.upload(data, "image/jpeg")
        assert status == expected, (data[:20], body)
        assert words in body["error"]["message"]
    assert files(gateway) == []
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM media") == 0


async def test_thirty_megabytes_get_a_sentence_and_not_a_broken_connection(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    status, body = await citizen.upload(photos.jpeg() + b"\0" * 30_000_000)
    assert status == 413
    assert (
        body["error"]["message"] == "This photo is larger than 10 MB. Nothing was kept. Send a smaller one."
    )
    assert (await citizen.post(text="still here"))[0] == 202
    assert files(gateway) == []


async def test_the_cap_holds_where_no_length_is_announced(gateway: RunningGateway, citizen: Citizen) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield photos.jpeg()
        for _ in range(12):
            yield b"\0" * 1_048_576

    status, _ = await citizen.upload(chunks())
    assert status == 413
    assert files(gateway) == []


async def test_a_line_that_breaks_in_the_middle_leaves_nothing(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    host, port = gateway.base.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /chat/v1/media HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {citizen.token}\r\ncontent-length: 500000\r\n\r\n"
    writer.write(head.encode() + b"\xff\xd8\xff\xe0" + b"x" * 300_000)
    await writer.drain()
    await eventually(lambda: files(gateway))
    writer.transport.abort()
    await eventually(lambda: not files(gateway))
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM media") == 0


async def test_a_full_disk_gets_a_sentence_and_leaves_nothing(
    gateway: RunningGateway, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: MediaFiles, made: Path, content_type: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(MediaFiles, "_keep", full)
        status, body = await citizen.upload(photos.jpeg())
    assert (status, body["error"]["code"]) == (507, "no_room")
    assert "without the photo" in body["error"]["message"]
    assert files(gateway) == []
    assert (await citizen.upload(photos.jpeg()))[0] == 201, "and once there is room it works again"


async def test_another_citizens_photo_is_not_there(gateway: RunningGateway, citizen: Citizen) -> None:
    _, body = await citizen.upload(photos.jpeg())
    other = await gateway.citizen()
    assert (await other.get(f"/chat/v1/media/{body['media']}"))[0] == 404
    assert (await other.get(f"/chat/v1/media/{uuid4()}"))[0] == 404
    assert (await other.get("/chat/v1/media/not-a-uuid"))[0] == 404
    assert (await citizen.get(f"/chat/v1/media/{body['media']}"))[0] == 200


async def test_a_signed_link_holds_until_it_expires(gateway: RunningGateway, citizen: Citizen) -> None:
    _, body = await citizen.upload(photos.jpeg())
    media = UUID(body["media"])
    expires = int((gateway.clock() + timedelta(days=1)).timestamp())
    right = sign_media(SECRET, media, expires)
    other = sign_media(SECRET, uuid4(), expires)

    async def ask(**query: str | int) -> int:
        async with gateway.http.get(f"{gateway.base}/media/{media}", params=query) as answer:
            return answer.status

    assert await ask(expires=expires, signature=right) == 200
    assert await ask(expires=expires + 1, signature=right) == 403
    assert await ask(expires=expires, signature=other) == 403
    assert await ask(expires=expires, signature="") == 403
    assert await ask(expires="x", signature=right) == 403
    assert await ask() == 403
    gateway.clock.shift = timedelta(days=2)
    assert await ask(expires=expires, signature=right) == 403


async def test_a_full_disk_is_left_some_room(tmp_path: Path, decoder: PhotoDecoder) -> None:
    """On one machine the database writes to the same disk: photos are refused before messages are."""

    async def chunks() -> AsyncIterator[bytes]:
        yield photos.jpeg()

    full = MediaFiles(tmp_path, decoder, free_bytes=1 << 60)
    with pytest.raises(BadPhoto) as refused:
        await full.keep_photo(chunks(), 1_000_000, who="somebody")
    assert refused.value.code == "no_room"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_day_has_so_many_photos_for_a_contact_and_for_an_address(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    async with running_gateway(pg_url, redis_url, tmp_path, store=store) as gateway:
        first = await gateway.citizen()
        quotas = PhotoQuotas(store, gateway.clock, SECRET)
        contact = of_contact(await first.contact_id())
        assert (await first.upload(photos.jpeg()))[0] == 201
        rows = await store.pool.fetch("SELECT sender, photos FROM media_usage")
        assert {row["sender"] for row in rows} == {contact, quotas.of_address("127.0.0.1")}
        await quotas.charge_now([contact], 100 * MB)
        async with gateway.http.post(
            f"{gateway.base}/chat/v1/media", data=photos.jpeg(), headers=first.headers
        ) as answer:
            refused = (await answer.json())["error"]
            assert (answer.status, refused["code"]) == (429, "photo_quota")
            assert int(answer.headers["retry-after"]) > 60
            assert "Send your message without it" in refused["message"]
        another = await gateway.citizen()
        assert (await another.upload(photos.jpeg()))[0] == 201
        await quotas.charge_now([quotas.of_address("127.0.0.1")], 600 * MB)
        assert (await another.upload(photos.jpeg()))[1]["error"]["code"] == "photo_quota"
        assert len(files(gateway)) == 2
        gateway.clock.shift = timedelta(hours=26)
        assert (await another.upload(photos.jpeg()))[0] == 201


async def test_too_many_at_once_are_told_to_come_back(
    gateway: RunningGateway, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    await citizen.upload(photos.jpeg())
    (child,) = memory.children(running="desk.media.decoding")
    os.kill(child, signal.SIGSTOP)  # the photo that is being opened takes long
    uploads = [asyncio.create_task(citizen.upload(photos.jpeg())) for _ in range(12)]
    done, waiting = await asyncio.wait(uploads, timeout=5)
    assert len(done) == 12 - 5, "one is being opened, four of one address wait"
    assert {(task.result()[0], task.result()[1]["error"]["code"]) for task in done} == {(503, "photo_busy")}
    async with gateway.http.post(
        f"{gateway.base}/chat/v1/media", data=photos.jpeg(), headers=citizen.headers
    ) as answer:
        assert answer.status == 503 and int(answer.headers["retry-after"]) >= 10
    os.kill(child, signal.SIGCONT)
    assert {status for status, _ in await asyncio.gather(*waiting)} == {201}


async def test_slow_readers_do_not_make_us_hold_their_photos(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    _, body = await citizen.upload(photos.jpeg())
    (path,) = files(gateway)
    path.write_bytes(os.urandom(9_000_000))
    host, port = gateway.base.removeprefix("http://").split(":")
    ask = f"GET /chat/v1/media/{body['media']} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {citizen.token}\r\n\r\n"
    memory.forget_peak()
    resident = memory.resident()
    readers = []
    for _ in range(20):
        reader, writer = await asyncio.open_connection(host, int(port), limit=1_024)
        writer.write(ask.encode())
        assert await reader.readexactly(12) == b"HTTP/1.1 200"
        readers.append((reader, writer))
    assert (await citizen.get(f"/chat/v1/media/{body['media']}"))[1] == path.read_bytes()
    assert memory.peak() - resident < 60 * memory.MB, "20 photos would be 180 MB"
    for _, writer in readers:
        writer.transport.abort()


async def test_what_a_killed_gateway_left_is_swept(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    old, new = incoming / "old", incoming / "new"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (1, 1))
    MediaFiles(tmp_path, PhotoDecoder()).sweep()
    assert not old.exists() and new.exists()
