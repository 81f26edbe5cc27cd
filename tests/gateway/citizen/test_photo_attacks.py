"""Hostile pictures: each is refused with a sentence or kept small, and takes no more memory than allowed.

The bounds are on memory at its peak as the kernel counts it: of the process that decodes, and of the gateway itself.
"""

import asyncio
import io

import pytest
from PIL import Image

from tests.support import memory, photos
from tests.support.gateway import Citizen, RunningGateway
from tests.support.memory import MB

CHILD = 240 * MB  # a picture's budget of 192 MB, the interpreter, the file itself
GATEWAY = 40 * MB  # more than before the request; none of it is a picture
DECODER = "desk.media.decoding"


async def shown(citizen: Citizen, media: str) -> Image.Image:
    _, kept = await citizen.get(f"/chat/v1/media/{media}")
    return Image.open(io.BytesIO(kept))


def stored(gateway: RunningGateway) -> list[int]:
    """The size of each file in the media folder."""
    return [path.stat().st_size for path in gateway.media_dir.rglob("*") if path.is_file()]


ATTACKS = {
    "a kilobyte of WebP with 29 million pixels": (photos.flat_webp, 413, "photo_too_many_pixels"),
    "a narrow JPEG of 60 million pixels": (photos.tall_jpeg, 201, None),
    "a PNG of 900 million pixels": (photos.png_bomb, 413, "photo_too_many_pixels"),
    "a GIF with a screen of 4 billion pixels": (photos.huge_gif, 413, "photo_too_many_pixels"),
    "a GIF with a frame larger than its screen": (photos.gif_with_a_wide_frame, 413, "photo_too_many_pixels"),
    "a PNG with texts and a profile of 50 MB each": (photos.png_with_bombs, 201, None),
    "a JPEG with a hundred scans": (photos.many_scans, 413, "photo_too_many_pixels"),
    "a WebP that is 20 MB as a PNG": (photos.noisy_webp, 201, None),
}


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_uses_no_memory_and_no_disk(
    gateway: RunningGateway, citizen: Citizen, name: str
) -> None:
    make, expected, code = ATTACKS[name]
    data = make()
    await citizen.upload(photos.jpeg())  # the process is there, and so is all that a first photo loads
    before = stored(gateway)
    memory.forget_peak()
    resident = memory.resident()
    status, body = await citizen.upload(data)
    assert status == expected, body
    assert memory.peak() - resident < GATEWAY
    (child,) = memory.children(running=DECODER)
    assert memory.peak(child) < CHILD
    kept = stored(gateway)
    assert sum(kept) - sum(before) <= max(len(data), 4_096), "a photo takes no more room than what was sent"
    if code is not None:
        assert body["error"]["code"] == code and kept == before
        assert "Nothing was kept" in body["error"]["message"]


async def test_four_at_once_take_no_more_than_one(gateway: RunningGateway, citizen: Citizen) -> None:
    data = photos.tall_jpeg()
    memory.forget_peak()
    resident = memory.resident()
    answers = await asyncio.gather(*(citizen.upload(data) for _ in range(4)))
    assert [status for status, _ in answers] == [201] * 4
    (child,) = memory.children(running=DECODER)
    assert memory.peak(child) < CHILD
    assert memory.peak() - resident < GATEWAY


HONEST = {
    "a 50-megapixel telephone": lambda: photos.photograph(8_192, 6_144, quality=60),
    "the same, progressive": lambda: photos.photograph(8_192, 6_144, quality=60, progressive=True),
    "a 12-megapixel WebP": lambda: photos.photograph(4_000, 3_000, "WEBP", quality=60, method=0),
    "a 12-megapixel screenshot": lambda: photos.screenshot(4_000, 3_000),
    "one with transparency": lambda: photos.screenshot(4_000, 3_000, mode="RGBA"),
    "24 megapixels of PNG": lambda: photos.screenshot(6_000, 4_000),
    "16 bits of grey": lambda: photos.png(3_000, 2_000, mode="I;16"),
    "inks for print": lambda: photos.photograph(3_000, 2_000, mode="CMYK"),
}


@pytest.mark.parametrize("name", HONEST)
async def test_a_large_honest_photo_is_kept(citizen: Citizen, name: str) -> None:
    data = HONEST[name]()
    status, body = await citizen.upload(data)
    assert status == 201, body
    kept = await shown(citizen, body["media"])
    assert 2_000 <= max(kept.size) <= (4_096 if kept.format == "PNG" else 2_560)
    (child,) = memory.children(running=DECODER)
    assert memory.peak(child) < CHILD


async def test_a_motion_photo_keeps_the_still_picture(gateway: RunningGateway, citizen: Citizen) -> None:
    data = photos.motion_photo()
    assert data.count(b"\xff\xda") > 60, "in so much video the marker of a scan occurs by chance"
    status, body = await citizen.upload(data)
    assert status == 201, body
    assert (await shown(citizen, body["media"])).size == (800, 600)
    assert sum(stored(gateway)) < len(data) - 5_000_000, "and none of the video"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
async def test_of_an_animation_the_first_frame_is_kept(citizen: Citizen, kind: str) -> None:
    status, body = await citizen.upload(photos.animation(kind))
    assert status == 201, body
    kept = await shown(citizen, body["media"])
    assert getattr(kept, "n_frames", 1) == 1
    red, green, blue = kept.convert("RGB").getpixel((300, 200))  # type: ignore[misc]  # three numbers in an RGB picture
    assert red > 240 and green < 20 and blue < 20


OTHER_KINDS = {
    "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 " + b"\0" * 300,
    "AVIF": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + b"\0" * 300,
    "TIFF": b"II*\0\x08\0\0\0" + b"\0" * 300,
    "BMP": b"BM" + b"\0" * 300,
}


@pytest.mark.parametrize("kind", OTHER_KINDS)
async def test_an_unsupported_kind_of_picture_is_named(citizen: Citizen, kind: str) -> None:
    status, body = await citizen.upload(OTHER_KINDS[kind])
    assert (status, body["error"]["code"]) == (415, "photo_kind")
    assert "as a JPEG or PNG" in body["error"]["message"]
