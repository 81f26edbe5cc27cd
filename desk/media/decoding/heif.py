"""Opens iPhone photos (HEIC). `pi-heif` is libheif with only a decoder, without an encoder."""

import io

from PIL import Image

from desk.media.decoding import budget
from desk.media.decoding.refused import PictureRefused

HEIF_BYTES = 9
"""A pixel: brightness and colour as decoded, the same as RGB, and the picture that Pillow holds."""
BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
JPEG_RATIO = 2
"""A JPEG takes about twice the bytes for what a HEIC shows as well."""


def is_heif(data: bytes) -> bool:
    """Whether the file says that it is HEIF with pictures in HEVC. AVIF has other brands."""
    return data[4:8] == b"ftyp" and data[8:12] in BRANDS


def open_heif(data: bytes, longest: int) -> Image.Image:
    """The main picture, upright: libheif rotates it. Raises PictureRefused, or what libheif raises on damaged data."""
    try:
        import pi_heif  # type: ignore[import-untyped]  # ships no types
    except ImportError:
        raise PictureRefused("photo_kind") from None
    # This process may not start threads, and only one photo is decoded at a time anyway.
    pi_heif.options.DECODE_THREADS = 1
    found = pi_heif.open_heif(io.BytesIO(data))
    budget.check(found.size[0], found.size[1], HEIF_BYTES, longest)
    image: Image.Image = found.to_pillow()
    image.info = {}  # its EXIF orientation would rotate it a second time
    return image
