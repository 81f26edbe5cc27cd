"""Pictures of all kinds, good and bad, made when asked for."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def jpeg(width: int = 64, height: int = 48, **extra: Any) -> bytes:
    return _saved(
        Image.effect_mandelbrot((width, height), (-2, -1, 1, 1), 20).convert("RGB"), "JPEG", **extra
    )


def png(width: int = 64, height: int = 48, mode: str = "RGB", **extra: Any) -> bytes:
    return _saved(
        Image.new(mode, (width, height), "red" if mode == "RGB" else (255, 0, 0, 90)), "PNG", **extra
    )


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


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _saved(image: Image.Image, kind: str, **extra: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **extra)
    return out.getvalue()
