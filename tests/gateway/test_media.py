"""Photos: judged by content, made anew, shown to their owner alone."""

import asyncio
import errno
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PIL import Image

from desk.media.files import MediaFiles
from desk.media.links import sign_media
from tests.support import photos
from tests.support.gateway import SECRET, Citizen, House
from tests.support.waiting import eventually


def files(house: House) -> list[Path]:
    return [path for path in house.media_dir.rglob("*") if path.is_file()]


async def test_each_kind_of_picture_is_kept_and_shown(gateway: House, citizen: Citizen) -> None:
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
    gateway: House, citizen: Citizen
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
    (b"%PDF-1.7 " + b"x" * 500, 415, "not a photo"),
    (b"<html><script>alert(1)</script>", 415, "not a photo"),
    (b"", 422, "empty"),
    (photos.jpeg(400, 400)[:3000], 422, "damaged"),
    (photos.png()[:60], 422, "damaged"),
    (b"\xff\xd8\xff\xe0" + b"\0" * 400, 422, "damaged"),
    (b"\xff\xd8\xff\xe0" + b"\xff\xda" * 400, 422, "damaged"),
    (photos.png_bomb(), 413, "too many pixels"),
]


async def test_what_is_no_good_photo_gets_a_sentence_and_leaves_nothing(
    gateway: House, citizen: Citizen
) -> None:
    for data, expected, words in REFUSED:
        status, body = await citizen.upload(data, "image/jpeg")
        assert status == expected, (data[:20], body)
        assert words in body["error"]["message"]
    assert files(gateway) == []
    assert await gateway.store.pool.fetchval("SELECT count(*) FROM media") == 0


async def test_thirty_megabytes_get_the_sentence_and_not_a_broken_line(
    gateway: House, citizen: Citizen
) -> None:
    status, body = await citizen.upload(photos.jpeg() + b"\0" * 30_000_000)
    assert status == 413
    assert (
        body["error"]["message"] == "This photo is larger than 10 MB. Nothing was kept. Send a smaller one."
    )
    assert (await citizen.post(text="still here"))[0] == 202
    assert files(gateway) == []


async def test_the_cap_holds_where_no_length_is_announced(gateway: House, citizen: Citizen) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield photos.jpeg()
        for _ in range(12):
            yield b"\0" * 1_048_576

    status, _ = await citizen.upload(chunks())
    assert status == 413
    assert files(gateway) == []


async def test_a_line_that_breaks_in_the_middle_leaves_nothing(gateway: House, citizen: Citizen) -> None:
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
    gateway: House, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: MediaFiles, photo: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(MediaFiles, "_keep", full)
        status, body = await citizen.upload(photos.jpeg())
    assert (status, body["error"]["code"]) == (507, "no_room")
    assert "without the photo" in body["error"]["message"]
    assert files(gateway) == []
    assert (await citizen.upload(photos.jpeg()))[0] == 201, "and once there is room it works again"


async def test_another_citizens_photo_is_not_there(gateway: House, citizen: Citizen) -> None:
    _, body = await citizen.upload(photos.jpeg())
    other = await gateway.citizen()
    assert (await other.get(f"/chat/v1/media/{body['media']}"))[0] == 404
    assert (await other.get(f"/chat/v1/media/{uuid4()}"))[0] == 404
    assert (await other.get("/chat/v1/media/not-a-uuid"))[0] == 404
    assert (await citizen.get(f"/chat/v1/media/{body['media']}"))[0] == 200


async def test_a_signed_link_holds_until_it_expires(gateway: House, citizen: Citizen) -> None:
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


async def test_what_a_killed_gateway_left_is_swept(tmp_path: Path) -> None:
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    old, new = incoming / "old", incoming / "new"
    for path in (old, new):
        path.write_bytes(b"x")
    import os

    os.utime(old, (1, 1))
    MediaFiles(tmp_path).sweep()
    assert not old.exists() and new.exists()
