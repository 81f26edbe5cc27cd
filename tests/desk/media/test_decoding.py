"""What is read from a picture's header, what is stored of it, and that no file grows."""

import base64
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from channels.mail.reading.parse import read_image, read_mail
from desk.media.decoder import PhotoDecoder
from desk.media.decoding import budget
from desk.media.decoding.jpeg import read_jpeg
from desk.media.decoding.png import only_picture
from desk.media.decoding.refused import PictureRefused
from desk.media.decoding.webp import webp_size
from desk.media.photos import TO_KEEP, TO_SEND, BadPhoto
from tests.support import photos


def test_the_end_of_a_jpeg_is_found_and_what_follows_is_not_counted() -> None:
    still = photos.jpeg(800, 600)
    found = read_jpeg(photos.motion_photo(3_000_000))
    assert (found.width, found.height, found.scans, found.length) == (800, 600, 1, len(still))
    assert not found.buffered and found.coefficient_bytes() == 0


def test_a_progressive_jpeg_is_held_whole_by_its_decoder() -> None:
    found = read_jpeg(photos.jpeg(800, 600, progressive=True))
    assert found.buffered and found.scans > 3
    # 50 by 38 blocks of 16 pixels, each of four blocks of brightness and two of colour: 64 coefficients of two bytes.
    assert found.coefficient_bytes() == 50 * 38 * 6 * 64 * 2


def test_a_picture_in_separate_scans_is_held_whole_too() -> None:
    data = photos.jpeg(64, 48)
    at = data.index(b"\xff\xda")
    assert data[at + 4] == 3
    one_component = data[: at + 2] + b"\0\x08\1\1\0\0\x3f\0" + data[at + 14 :]
    assert read_jpeg(one_component).buffered


BAD_JPEGS: dict[str, Callable[[bytes], bytes]] = {
    "no frame": lambda data: b"\xff\xd8\xff\xda\0\x08\1\1\0\0\x3f\0" + data[-100:],
    "no scan": lambda data: data[: data.index(b"\xff\xda")],
    "two frames": lambda data: data[:2] + _frame(data) + data[2:],
    "without loss": lambda data: data.replace(b"\xff\xc0", b"\xff\xc3", 1),
    "no height": lambda data: _sized(data, 0, 64),
    "no width": lambda data: _sized(data, 48, 0),
    "a segment shorter than its length": lambda data: data[:2] + b"\xff\xe0\0\1" + data[2:],
    "thousands of segments": lambda data: data[:2] + b"\xff\xfe\0\2" * 6_000 + data[2:],
}


def _frame(data: bytes) -> bytes:
    at = data.index(b"\xff\xc0")
    return data[at : at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")]


def _sized(data: bytes, height: int, width: int) -> bytes:
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


@pytest.mark.parametrize("name", BAD_JPEGS)
def test_a_jpeg_that_no_camera_makes_is_refused(name: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        read_jpeg(BAD_JPEGS[name](photos.jpeg()))
    assert refused.value.code == "photo_damaged"


def test_a_jpeg_is_decoded_at_the_fraction_that_the_budget_allows() -> None:
    def scale(width: int, height: int, **how: bool) -> int:
        jpeg = read_jpeg(
            _sized(photos.jpeg(64, 48, **how), height, width).replace(b"\xff\xd9", b"") + b"\xff\xd9"
        )
        return budget.jpeg_scale(jpeg, 2_560, bytes_a_pixel=4)

    assert scale(4_000, 3_000) == 1
    assert scale(8_192, 6_144) == 2
    assert scale(16_320, 12_240) == 4
    assert scale(915, 65_500) == 8
    assert scale(5_119, 5_119) == 1
    with pytest.raises(PictureRefused):
        scale(65_500, 65_500)


def test_webp_sizes_are_read_from_all_three_headers() -> None:
    def header(kind: str, **how: object) -> bytes:
        mode = "RGBA" if kind == "VP8X" else "RGB"
        return photos.photograph(640, 480, "WEBP", mode=mode, **how)[:30]

    assert webp_size(header("VP8 ")) == (640, 480)
    assert webp_size(header("VP8L", lossless=True)) == (640, 480)
    assert webp_size(photos.animation("WEBP")[:30]) == (640, 480)
    for bad in (b"RIFF", b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 20, b"RIFF\0\0\0\0WEBPICCP" + b"\0" * 20):
        with pytest.raises(PictureRefused):
            webp_size(bad)


def test_of_a_png_only_the_picture_is_handed_on() -> None:
    clean = only_picture(photos.png_with_bombs() + b"and more")
    assert clean == photos.png()
    assert b"acTL" not in only_picture(photos.animation("PNG"))
    with pytest.raises(PictureRefused):
        only_picture(photos.png()[:33] + b"\0\0\0\0tEXt\0\0\0\0" * 200_000)


SENT: dict[str, Callable[[], bytes]] = {
    "a photo of good quality": lambda: photos.photograph(1_600, 1_200, quality=92),
    "a photo that was made small before": lambda: photos.photograph(1_600, 1_200, quality=40),
    "a photo as PNG": lambda: photos.photograph(1_400, 1_000, "PNG"),
    "a photo as WebP": lambda: photos.photograph(1_600, 1_200, "WEBP", quality=60),
    "a photo as GIF": lambda: photos.photograph(1_000, 800, "GIF", mode="P"),
    "a screenshot": lambda: photos.screenshot(1_290, 2_796),
    "a screenshot with transparency": lambda: photos.screenshot(1_290, 2_796, mode="RGBA"),
    "a screenshot with few colours": lambda: photos.screenshot(2_000, 1_500, mode="P"),
    "a screenshot as WebP": lambda: photos.screenshot(1_290, 2_796, "WEBP"),
    "black and white": lambda: photos.screenshot(2_000, 1_500, mode="1"),
    "one colour": lambda: photos.png(3_000, 3_000),
    "a pixel": lambda: photos.png(1, 1),
    "a line": lambda: photos.png(1, 30_000),
}


@pytest.mark.parametrize("name", SENT)
async def test_nothing_grows_on_the_disk_and_all_stays_legible(
    decoder: PhotoDecoder, tmp_path: Path, name: str
) -> None:
    source, target = tmp_path / "sent", tmp_path / "made"
    source.write_bytes(SENT[name]())
    kind = await decoder.decode(source, target, TO_KEEP, "somebody")
    assert target.stat().st_size <= max(source.stat().st_size, 4_096)
    with Image.open(source) as sent, Image.open(target) as made:
        assert Image.MIME[str(made.format)] == kind
        assert min(max(sent.size), 2_560) <= max(made.size) <= (4_096 if sent.format == "PNG" else 2_560)
        # Cut into 48 tiles, each has the mean that it had.
        for tile in zip(_means(sent), _means(made), strict=True):
            assert all(abs(one - other) < 12 for one, other in zip(*tile, strict=True)), tile
    await decoder.decode(source, target, TO_SEND, "somebody")
    with Image.open(target) as made:
        assert made.format == "JPEG" and max(made.size) <= 1_600 and target.stat().st_size <= 1_000_000


def _means(image: Image.Image) -> list[tuple[int, ...]]:
    clear = image.convert("RGBA")
    paper = Image.new("RGB", clear.size, "white")
    paper.paste(clear, mask=clear.getchannel("A"))
    small = paper.resize((8, 6), Image.Resampling.BOX)
    return [small.getpixel((x, y)) for x in range(8) for y in range(6)]  # type: ignore[misc]  # three numbers in an RGB picture


async def test_hostile_bytes_are_refused_and_the_process_lives(decoder: PhotoDecoder, tmp_path: Path) -> None:
    source, target = tmp_path / "sent", tmp_path / "made"
    good = [photos.jpeg(), photos.jpeg(progressive=True), photos.png(), photos.webp(), photos.gif()]
    chance = random.Random(11)
    source.write_bytes(good[0])
    await decoder.decode(source, target, TO_KEEP, "somebody")
    process = decoder.process_id
    refused = 0
    for number in range(250):
        data = bytearray(good[number % len(good)])
        for _ in range(chance.choice((1, 3, 20))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        source.write_bytes(data[: chance.randrange(12, len(data) + 1)])
        try:
            await decoder.decode(source, target, TO_KEEP, "somebody")
        except BadPhoto:
            refused += 1
        if number == 150:
            process = decoder.process_id if decoder.process_id == process else None
    assert refused > 50
    assert process is not None, "no picture ended the process"


HEIC = Path("tests/fixtures/photos/turned_with_place.heic")
"""64 by 48 pixels, red from left to right, with an orientation of 90 degrees and a place in its Exif data."""


async def test_a_photo_of_an_iphone_is_kept_upright_as_jpeg_without_its_place(
    decoder: PhotoDecoder, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    assert await decoder.decode(HEIC, target, TO_KEEP, "one") == "image/jpeg"
    data = target.read_bytes()
    assert b"Exif" not in data and b"GPS" not in data
    with Image.open(target) as image:
        assert image.size == (48, 64), "turned once and not twice"


@pytest.mark.parametrize("label", ["image/heic", "image/heif", "application/octet-stream", "image/jpeg"])
async def test_a_photo_of_an_iphone_in_a_mail_is_kept_as_jpeg(
    decoder: PhotoDecoder, tmp_path: Path, label: str
) -> None:
    raw = (
        "From: ana@mail.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nThe hole.\r\n--b\r\n"
        f"Content-Type: {label}; name=IMG_1.HEIC\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.encodebytes(HEIC.read_bytes()).decode()}\r\n--b--\r\n"
    ).encode()
    (image,) = read_mail(raw).images
    assert image.content_type == "image/heic"
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(read_image(raw, image.number) or b"")
    assert await decoder.decode(source, target, TO_KEEP, "one") == "image/jpeg"


def _no_meta(data: bytes) -> bytes:
    return data.replace(b"meta", b"xxxx", 1)


@pytest.mark.parametrize(
    "broken",
    [
        lambda data: data[:24] + b"\0" * 300,
        lambda data: data[: len(data) // 2],
        _no_meta,
        lambda data: data.replace(b"hvcC", b"hvcX"),
        lambda data: data.replace(b"ispe\0\0\0\0\0\0\0\x40", b"ispe\0\0\0\0\0\x0f\xff\xff"),
    ],
    ids=["no boxes", "half of it", "no meta", "no decoder's configuration", "a million pixels wide"],
)
async def test_a_broken_heic_is_refused_and_the_next_photo_is_kept(
    decoder: PhotoDecoder, tmp_path: Path, broken: Callable[[bytes], bytes]
) -> None:
    source, good = tmp_path / "in", tmp_path / "good"
    source.write_bytes(broken(HEIC.read_bytes()))
    good.write_bytes(photos.jpeg())
    with pytest.raises(BadPhoto) as refused:
        await decoder.decode(source, tmp_path / "out", TO_KEEP, "one")
    assert refused.value.code in ("photo_damaged", "photo_too_many_pixels")
    assert await decoder.decode(good, tmp_path / "out", TO_KEEP, "one") == "image/jpeg"
