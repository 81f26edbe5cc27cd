"""Saves a prepared picture: unchanged if that is small enough, otherwise in a smaller but still legible
form."""

import io
from collections.abc import Callable, Iterable, Iterator

from PIL import Image

from desk.media.decoding.budget import target_size

QUALITIES = (85, 75, 65, 55, 45, 35)
BLOCK = 4_096
"""The smallest amount of disk space that a file takes: below it, shrinking saves nothing."""

_Way = Callable[[Image.Image, "_Bounded"], str]


class _TooLong(Exception):
    pass


class _Bounded(io.BytesIO):
    """Ends the encoder as soon as its result is too long."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # Python's own type for the parameter has no name
        if self.tell() + len(data) > self._most:
            raise _TooLong
        return super().write(data)


def save_within(
    image: Image.Image, kind: str, most: int, longest: int, *, jpeg_only: bool
) -> tuple[str, bytes]:
    """(content type, the file), at most `most` bytes. `kind` is the sender's: JPEG, PNG, WEBP, HEIF or GIF.

    The format that suits the sender's kind is tried first. A PNG that stays a PNG may be larger than
    `longest`: a resized screenshot takes more space and is harder to read. If no format fits, the picture is
    made smaller until one does."""
    most = max(most, BLOCK)
    if max(image.size) > longest:
        if saved := _save(image, (_png,), most):
            return saved
        size = target_size(image.width, image.height, longest)
        image = _smooth(image).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    while True:
        if saved := _save(image, _ways(image, kind, jpeg_only=jpeg_only), most):
            return saved
        smaller = (max(1, image.width * 3 // 4), max(1, image.height * 3 // 4))
        image = _smooth(image).resize(smaller, Image.Resampling.LANCZOS)


def _save(image: Image.Image, ways: Iterable[_Way], most: int) -> tuple[str, bytes] | None:
    for way in ways:
        out = _Bounded(most)
        try:
            return way(image, out), out.getvalue()
        except _TooLong:
            continue
    return None


def _smooth(image: Image.Image) -> Image.Image:
    """In a mode that can blend colours, which resizing needs."""
    if image.mode in ("RGB", "L", "RGBA", "LA") and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if "transparency" in image.info else "RGB")


def _ways(image: Image.Image, kind: str, *, jpeg_only: bool) -> Iterator[_Way]:
    transparent = image.mode in ("RGBA", "LA") or "transparency" in image.info
    good, fair, *poor = (_jpeg(quality) for quality in QUALITIES)
    if jpeg_only or kind == "JPEG":
        yield from (good, fair)
    elif transparent or kind == "PNG":
        # Most are drawings and screenshots: try lossless first, then lossy, then few colours.
        yield from (_png, good, _colours(256), fair)
    else:
        yield from (good, fair, _png, _colours(256))
    yield from poor
    if not jpeg_only and kind != "JPEG":
        yield _colours(16)  # text stays legible


def _png(image: Image.Image, out: _Bounded) -> str:
    image.save(out, "PNG", compress_level=6)
    return "image/png"


def _colours(most: int) -> _Way:
    def save(image: Image.Image, out: _Bounded) -> str:
        if image.mode in ("RGBA", "LA") or "transparency" in image.info:
            few = image.convert("RGBA").quantize(most, Image.Quantize.FASTOCTREE)
        else:
            few = image.convert("RGB").quantize(most, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        return _png(few, out)

    return save


def _jpeg(quality: int) -> _Way:
    def save(image: Image.Image, out: _Bounded) -> str:
        _on_paper(image).save(out, "JPEG", quality=quality, optimize=True)
        return "image/jpeg"

    return save


def _on_paper(image: Image.Image) -> Image.Image:
    """Without transparency, on a white background: transparent areas must not turn black."""
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return image if image.mode in ("L", "RGB") else image.convert("RGB")
