"""Pictures of all kinds, good and bad, made when asked for."""

import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw


def jpeg(width: int = 64, height: int = 48, **extra: Any) -> bytes:
    return _saved(
        Image.effect_mandelbrot((width, height), (-2, -1, 1, 1), 20).convert("RGB"), "JPEG", **extra
    )


def png(width: int = 64, height: int = 48, mode: str = "RGB", **extra: Any) -> bytes:
    colour: Any = {"RGB": "red", "I;16": 30_000}.get(mode, (255, 0, 0, 90))
    return _saved(Image.new(mode, (width, height), colour), "PNG", **extra)


def webp() -> bytes:
    return _saved(Image.new("RGB", (64, 48), "green"), "WEBP")


def gif() -> bytes:
    return _saved(Image.new("P", (64, 48), 3), "GIF")


def jpeg_with_place() -> bytes:
    """A telephone's photo: GPS, maker, a turned camera."""
    exif = Image.Exif()
    exif[0x010F] = "Spytel"
    exif[0x0112] = 6  # turned by 90 degrees
    exif.get_ifd(0x8825).update({1: "N", 2: (42.0, 21.0, 30.0), 3: "W", 4: (71.0, 3.0, 37.0)})
    return jpeg(64, 48, exif=exif.tobytes(), comment=b"secret comment")


def png_bomb(side: int = 30_000) -> bytes:
    """A few kilobytes that would be gigabytes: one colour, 30,000 pixels a side."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (side * 3 + 1)
    data = b"".join(packer.compress(row) for _ in range(50)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def flat_webp(side: int = 5_400) -> bytes:
    """A kilobyte that is 29 million pixels: one colour, without loss."""
    return _saved(Image.new("RGB", (side, side), "green"), "WEBP", lossless=True)


def tall_jpeg() -> bytes:
    """950 kB that are 60 million pixels, so narrow that a decoder that looks at its width makes it no smaller."""
    return _saved(Image.new("RGB", (915, 65_500), "green"), "JPEG")


def noisy_webp() -> bytes:
    """Several megabytes that are three times as many as a PNG: noise that is half transparent."""
    size = (2_560, 2_560)
    image = Image.merge("RGB", [Image.effect_noise(size, 90) for _ in range(3)])
    image.putalpha(Image.linear_gradient("L").resize(size))
    return _saved(image, "WEBP", quality=70, method=0)


def motion_photo(video: int = 5_000_000) -> bytes:
    """What telephones call so: a JPEG, and behind its end a video, in which every pair of bytes occurs."""
    return jpeg(800, 600) + b"\0\0\0\x18ftypmp42" + random.Random(7).randbytes(video)


def many_scans(scans: int = 90) -> bytes:
    """A progressive JPEG whose last scan is there again and again: each makes the decoder go over the whole picture."""
    data = jpeg(4_000, 3_000, progressive=True, quality=30)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + b"\xff\xd9"


def photograph(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **extra: Any) -> bytes:
    """What a camera makes: light that changes slowly, and some noise."""
    small = Image.merge("RGB", [Image.effect_noise((width // 8, height // 8), 60) for _ in range(3)])
    return _saved(small.resize((width, height), Image.Resampling.BICUBIC).convert(mode), kind, **extra)


def screenshot(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """Words on white."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    chance = random.Random(5)
    for line in range(0, height, 32):
        words = " ".join(f"{chance.randrange(36**6):x}" for _ in range(width // 90))
        pen.text((16, line), words, fill=(20, 20, 60), font_size=22)
    return _saved(image.convert(mode), kind)


def png_with_bombs() -> bytes:
    """A small picture beside texts and a profile that are a thousand times their size."""
    bomb = zlib.compress(b"\0" * 50_000_000, 9)
    plain = png()
    extra = (
        _chunk(b"iCCP", b"p\0\0" + bomb),
        _chunk(b"zTXt", b"t\0\0" + bomb),
        _chunk(b"iTXt", b"t\0\1\0\0\0" + bomb),
    )
    return plain[:33] + b"".join(extra) + plain[33:]


def animation(kind: str, frames: int = 30) -> bytes:
    """A red picture and then others."""
    pictures = [Image.new("RGB", (640, 480), (one * 8, 0, 200)) for one in range(1, frames)]
    first = Image.new("RGB", (640, 480), "red")
    return _saved(first, kind, save_all=True, append_images=pictures, duration=100)


def huge_gif(screen: tuple[int, int] = (65_535, 65_535)) -> bytes:
    """Some bytes: a screen of four gigapixels with a frame of a few."""
    data = gif()
    return data[:6] + struct.pack("<HH", *screen) + data[10:]


def gif_with_a_wide_frame() -> bytes:
    """A small screen, and a frame that says it is larger than any screen."""
    data = gif()
    at = data.index(b",\0\0\0\0") + 5
    return data[:at] + struct.pack("<HH", 65_535, 65_535) + data[at + 4 :]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _saved(image: Image.Image, kind: str, **extra: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **extra)
    return out.getvalue()
