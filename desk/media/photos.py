"""A citizen's photo, judged by its content and made anew: nothing that was hidden in the file survives."""

import io
from dataclasses import dataclass
from pathlib import Path

import filetype
from PIL import Image, ImageOps

from desk.model import DeskError

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}

LONGEST_SIDE = 2_560  # pixels kept: a pothole and a licence plate stay legible
# JPEG is decoded at a fraction of its size, so a 200-megapixel telephone is fine; the others are held whole.
JPEG_PIXELS = 250_000_000
OTHER_PIXELS = 30_000_000
JPEG_SCANS = 60  # a progressive file has some ten; thousands are an attack on the processor
DECODED_PIXELS = 60_000_000  # after JPEG's own shrinking: what one photo may take of our memory
QUALITY = 85
QUALITIES = (QUALITY, 70, 55)

# Pillow's own alarm is process-wide and comes twice: a warning at its limit, an error at double of it.
Image.MAX_IMAGE_PIXELS = JPEG_PIXELS


class BadPhoto(DeskError):
    """It cannot be kept. `code`: not_a_photo, photo_too_large, photo_damaged, photo_empty or no_room; the text is
    for the citizen."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Fit:
    """How large a photo may stay: `longest` in pixels. With `most` (bytes) it becomes a JPEG that is no larger."""

    longest: int = LONGEST_SIDE
    most: int | None = None


TO_KEEP = Fit()
TO_SEND = Fit(1_600, 1_000_000)
"""What every provider takes: LINE shows a preview of 1 MB at most, the others take 5 MB and more (docs/channels.md)."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A clean image."""

    content_type: str
    data: bytes


def clean_photo(source: Path, fit: Fit = TO_KEEP) -> Photo:
    """Read, check, turn upright, shrink and re-encode the file. CPU-bound: call it in a thread.

    Raises BadPhoto.
    """
    found = filetype.guess(str(source))
    kind = KINDS.get(found.mime) if found else None
    if kind is None:
        raise BadPhoto(
            "not_a_photo",
            "This file is not a photo we can show. Send a JPEG, PNG, WebP or GIF picture.",
        )
    if kind == "JPEG" and source.read_bytes().count(b"\xff\xda") > JPEG_SCANS:
        raise _damaged()
    try:
        return _reencode(source, kind, fit)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except BadPhoto:
        raise
    except Exception:
        # Pillow's decoders raise a dozen types on hostile bytes; each means the same to the citizen.
        raise _damaged() from None


def _reencode(source: Path, kind: str, fit: Fit) -> Photo:
    with Image.open(source, formats=[kind]) as image:
        if image.width * image.height > (JPEG_PIXELS if kind == "JPEG" else OTHER_PIXELS):
            raise _too_many_pixels()
        if kind == "JPEG":
            image.draft("RGB", (fit.longest, fit.longest))
        if image.width * image.height > DECODED_PIXELS:
            raise _too_many_pixels()
        image.load()
        upright = ImageOps.exif_transpose(image)
        transparent = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
        plain = upright.convert("RGBA" if transparent else "RGB")
        plain.thumbnail((fit.longest, fit.longest), Image.Resampling.LANCZOS)
        # A new canvas: text chunks, profiles and tags stay behind with the old one.
        canvas = Image.new(plain.mode, plain.size)
        canvas.paste(plain)
    if fit.most is not None:
        return _within(canvas, fit.most)
    out = io.BytesIO()
    if transparent or kind == "PNG":
        canvas.save(out, "PNG")
        return Photo("image/png", out.getvalue())
    canvas.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Photo("image/jpeg", out.getvalue())


def _within(canvas: Image.Image, most: int) -> Photo:
    """A JPEG of at most so many bytes: first with less detail, then smaller."""
    if canvas.mode == "RGBA":
        # Paper is white: what was transparent must not turn black.
        paper = Image.new("RGB", canvas.size, "white")
        paper.paste(canvas, mask=canvas.getchannel("A"))
        canvas = paper
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            canvas.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= most:
                return Photo("image/jpeg", out.getvalue())
        canvas.thumbnail((canvas.width * 3 // 4, canvas.height * 3 // 4), Image.Resampling.LANCZOS)


def _too_many_pixels() -> BadPhoto:
    return BadPhoto(
        "photo_too_large", "This picture has too many pixels. Nothing was kept. Send a smaller one."
    )


def _damaged() -> BadPhoto:
    return BadPhoto(
        "photo_damaged",
        "This picture is damaged and cannot be opened. Nothing was kept. Send another one.",
    )
