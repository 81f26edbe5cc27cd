"""Opens a picture in one of the five accepted formats, within the budget, upright and no larger than requested."""

import io
from pathlib import Path

import filetype
from PIL import Image
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from desk.media.decoding import budget
from desk.media.decoding.heif import JPEG_RATIO, is_heif, open_heif
from desk.media.decoding.jpeg import read_jpeg
from desk.media.decoding.png import only_picture
from desk.media.decoding.refused import PictureRefused
from desk.media.decoding.webp import webp_size

# The budget judges sizes; Pillow's own limit is process-wide and comes after WebP has taken its memory.
Image.MAX_IMAGE_PIXELS = None

SHARP = 8 / 5  # how much larger a PNG may stay: phone screenshots have 2,800 pixels and more

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_upright(source: Path, longest: int, *, sharp: bool) -> tuple[Image.Image, str, int]:
    """The picture (mode 1, L, P, LA, RGB or RGBA), its kind, and the bytes that it took in the file.

    No side is longer than `longest` pixels; but with `sharp` a PNG stays as it is up to SHARP of that. It contains only the pixels, the palette and the transparency of the file. Raises PictureRefused, or what
    Pillow raises on damaged data."""
    image: Image.Image
    image, kind, length = _open(source, longest)
    if kind != "JPEG":
        # An animation's frame can be larger than its header said.
        a_pixel = budget.mode_bytes(image.mode, transparent=_is_transparent(image))
        budget.check(image.width, image.height, a_pixel, longest)
    if sharp and kind == "PNG" and max(image.size) <= longest * SHARP:
        longest = max(image.size)
    image.load()
    orientation = _orientation(image)
    # Each step releases the previous picture, so that only one is in memory.
    image = _without_decoder(image)
    image = _plain(image)
    image = _shrink(image, longest)
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    turn = _UPRIGHT.get(orientation)
    return (image.copy() if turn is None else image.transpose(turn)), kind, length


def _open(source: Path, longest: int) -> tuple[Image.Image, str, int]:
    # Each kind by its own class: Image.open would try its plug-ins in turn, and follow a JPEG into its second picture.
    data = source.read_bytes()
    if data.startswith(b"\xff\xd8\xff"):
        jpeg = read_jpeg(data)
        scale = budget.jpeg_scale(jpeg, longest, bytes_a_pixel=1 if len(jpeg.sampling) == 1 else 4)
        del data
        photo = JpegImageFile(source)
        if photo.size != (jpeg.width, jpeg.height):
            raise PictureRefused("photo_damaged")
        photo.draft(None, (max(1, jpeg.width // scale), max(1, jpeg.height // scale)))
        return photo, "JPEG", jpeg.length
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile(io.BytesIO(only_picture(data))), "PNG", len(data)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        width, height = webp_size(data[:30])
        if width * height * budget.WEBP_BYTES > budget.WORKING_BYTES:
            raise PictureRefused("photo_too_many_pixels")
        return WebPImageFile(source), "WEBP", len(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GifImageFile(source), "GIF", len(data)
    if is_heif(data):
        return open_heif(data, longest), "HEIF", len(data) * JPEG_RATIO
    known = filetype.guess_mime(data[:8192]) or ""
    raise PictureRefused("photo_kind" if known.startswith("image/") else "not_a_photo")


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Damaged EXIF data is no reason to refuse the photo.
        return 1


def _without_decoder(image: Image.Image) -> Image.Image:
    """WebP's decoder keeps its two canvases as long as the picture that it came from."""
    return image.copy() if isinstance(image, WebPImageFile) else image


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be resized and saved, without transparency where nothing is transparent."""
    if image.mode in ("I;16", "I;16B", "I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGBA", "LA") and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB" if image.mode == "RGBA" else "L")
    if image.mode in ("1", "L", "P", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if _is_transparent(image) else "RGB")


def _shrink(image: Image.Image, longest: int) -> Image.Image:
    size = budget.target_size(image.width, image.height, longest)
    if size != image.size:
        if image.mode == "P" or "transparency" in image.info:
            image = image.convert("RGBA" if _is_transparent(image) else "RGB")
        elif image.mode == "1":
            image = image.convert("L")
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image.convert("RGB") if image.mode == "CMYK" else image
