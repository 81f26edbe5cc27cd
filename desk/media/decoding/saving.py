"""Saves a prepared picture: as it is where that is small enough, else as what is smaller and still legible."""

import io
from collections.abc import Callable, Iterator

from PIL import Image

QUALITY = 85
BLOCK = 4_096
"""What the smallest file takes on disk: below it there is nothing to save."""

_Save = Callable[[Image.Image, "_Bounded"], str]


class _TooLong(Exception):
    pass


class _Bounded(io.BytesIO):
    """Ends the encoder as soon as its result is too long."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        if self.tell() + len(data) > self._most:
            raise _TooLong
        return super().write(data)


def save_within(image: Image.Image, kind: str, most: int, *, jpeg_only: bool) -> tuple[str, bytes]:
    """(content type, the file), at most `most` bytes. `kind` is the sender's: JPEG, PNG, WEBP or GIF.

    What the sender's kind suits comes first. What fits in no way is made smaller until it does."""
    most = max(most, BLOCK)
    while True:
        for save in _ways(image, kind, jpeg_only=jpeg_only):
            out = _Bounded(most)
            try:
                return save(image, out), out.getvalue()
            except _TooLong:
                continue
        if image.mode in ("1", "P"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        smaller = (max(1, image.width * 3 // 4), max(1, image.height * 3 // 4))
        image = image.resize(smaller, Image.Resampling.LANCZOS)


def _ways(image: Image.Image, kind: str, *, jpeg_only: bool) -> Iterator[_Save]:
    transparent = image.mode in ("RGBA", "LA") or "transparency" in image.info
    good, fair = (_jpeg(quality) for quality in (QUALITY, 75))
    if jpeg_only or kind == "JPEG":
        yield from (good, fair)
    elif transparent or kind == "PNG":
        # Most are drawings and screenshots: sharp edges first, then a photograph's way, then few colours.
        yield from (_png, good, _colours(256), fair)
    else:
        yield from (good, fair, _png, _colours(256))
    yield from (_jpeg(65), _jpeg(55))
    if not jpeg_only and kind != "JPEG":
        yield _colours(16)  # words stay legible


def _png(image: Image.Image, out: _Bounded) -> str:
    image.save(out, "PNG", compress_level=6)
    return "image/png"


def _colours(most: int) -> _Save:
    def save(image: Image.Image, out: _Bounded) -> str:
        if image.mode in ("RGBA", "LA") or "transparency" in image.info:
            few = image.convert("RGBA").quantize(most, Image.Quantize.FASTOCTREE)
        else:
            few = image.convert("RGB").quantize(most, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        return _png(few, out)

    return save


def _jpeg(quality: int) -> _Save:
    def save(image: Image.Image, out: _Bounded) -> str:
        _on_paper(image).save(out, "JPEG", quality=quality, optimize=True)
        return "image/jpeg"

    return save


def _on_paper(image: Image.Image) -> Image.Image:
    """Without transparency. Paper is white: what was transparent must not turn black."""
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    return image if image.mode in ("L", "RGB") else image.convert("RGB")
