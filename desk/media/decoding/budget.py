"""Estimates the memory that decoding a picture will take, from its header and before any pixel is decoded.
Pure. Bytes per pixel were measured with Pillow 13: it holds RGB in 4 bytes, and resizes transparent
pictures via a copy.
"""

from desk.media.decoding.jpeg import Jpeg
from desk.media.decoding.refused import PictureRefused

WORKING_BYTES = 192 * 1_048_576
"""The limit for one picture: together with the gateway or the worker, less than their containers' 512 MB."""

SCANNED_PIXELS = 600_000_000  # pixels times scans: a progressive photo is decoded once for each scan
SCALES = (1, 2, 4, 8)  # the fractions at which a JPEG can be decoded
WEBP_BYTES = 16  # two canvases, the frame, and its copy as an image


def jpeg_scale(jpeg: Jpeg, longest: int, *, bytes_a_pixel: int) -> int:
    """The fraction (1, 2, 4 or 8) at which to decode the photo. Raises PictureRefused if no fraction is small
    enough."""
    if jpeg.pixels * jpeg.scans > SCANNED_PIXELS:
        raise PictureRefused("photo_too_many_pixels")
    enough = [one for one in SCALES if one == 1 or max(jpeg.width, jpeg.height) // one >= longest]
    for scale in SCALES[SCALES.index(enough[-1]) :]:
        width, height = -(-jpeg.width // scale), -(-jpeg.height // scale)
        if jpeg.coefficient_bytes() + working_bytes(width, height, bytes_a_pixel, longest) <= WORKING_BYTES:
            return scale
    raise PictureRefused("photo_too_many_pixels")


def check(width: int, height: int, bytes_a_pixel: int, longest: int) -> None:
    """Raise PictureRefused if decoding and shrinking this picture takes more than WORKING_BYTES."""
    if working_bytes(width, height, bytes_a_pixel, longest) > WORKING_BYTES:
        raise PictureRefused("photo_too_many_pixels")


def working_bytes(width: int, height: int, bytes_a_pixel: int, longest: int) -> int:
    """Bytes for the picture, the intermediate result between the two passes of resizing, and the result."""
    across, down = target_size(width, height, longest)
    resizing = 4 * across * height + 4 * across * down if (across, down) != (width, height) else 0
    return width * height * bytes_a_pixel + resizing


def target_size(width: int, height: int, longest: int) -> tuple[int, int]:
    """The size to keep: the same shape, no side longer than `longest`, none shorter than a pixel."""
    if max(width, height) <= longest:
        return width, height
    share = longest / max(width, height)
    return max(1, round(width * share)), max(1, round(height * share))


def mode_bytes(mode: str, *, transparent: bool) -> int:
    """Bytes for a pixel while a decoded picture of this Pillow mode is prepared and resized."""
    held = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}.get(mode, 4)
    converted = {"1": 1, "L": 0, "RGB": 0, "CMYK": 0, "YCbCr": 0, "I;16": 5, "I;16B": 5}.get(mode, 4)
    if transparent and mode not in ("RGBA", "LA", "PA"):
        return held + 8  # made RGBA, then copied once more to be resized
    return held + converted + (4 if transparent and mode == "PA" else 0)
