"""Reads the structure of a JPEG without decoding it: its size, its scans, and where it ends. Pure."""

import re
from dataclasses import dataclass

from desk.media.decoding.refused import PictureRefused

# Inside the compressed data FF is followed by 00 or by a restart marker (D0 to D7); anything else is a marker.
_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_TEM, _SOI, _EOI, _SOS, _DHT, _JPG, _DAC = 0x01, 0xD8, 0xD9, 0xDA, 0xC4, 0xC8, 0xCC
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2

SEGMENTS = 5_000  # photos have about ten, and a few hundred with a large profile
SCANS = 100  # a progressive photo has about ten


@dataclass(frozen=True, slots=True)
class Jpeg:
    """`sampling` is (horizontal, vertical) for each component. `buffered` means that the decoder holds the
    coefficients of the whole picture. `length` is in bytes, without what follows the end (a phone's video)."""

    width: int
    height: int
    sampling: tuple[tuple[int, int], ...]
    buffered: bool
    scans: int
    length: int

    @property
    def pixels(self) -> int:
        """Width by height."""
        return self.width * self.height

    def coefficient_bytes(self) -> int:
        """What the decoder holds of a picture in several scans, however small it is asked to make it."""
        if not self.buffered:
            return 0
        across, down = (max(one[axis] for one in self.sampling) for axis in (0, 1))
        columns, rows = -(-self.width // (8 * across)), -(-self.height // (8 * down))
        return sum(columns * rows * h * v * 64 * 2 for h, v in self.sampling)


def read_jpeg(data: bytes) -> Jpeg:
    """The structure of the first picture in `data`. Raises PictureRefused."""
    frame: tuple[int, int, tuple[tuple[int, int], ...], bool] | None = None
    scans, buffered, position = 0, False, 2
    for _ in range(SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            break  # truncated: the decoder decides whether it is usable
        marker, position = found[1][0], found.end()
        if marker == _EOI:
            break
        if marker in (_TEM, _SOI):
            continue
        segment = _segment(data, position)
        if marker == _SOS:
            scans += 1
            if frame is None or scans > SCANS or not segment:
                raise PictureRefused("photo_damaged")
            buffered = buffered or frame[3] or segment[0] < len(frame[2])
        elif 0xC0 <= marker <= 0xCF and marker not in (_DHT, _JPG, _DAC):
            if frame is not None or marker not in (_BASELINE, _EXTENDED, _PROGRESSIVE):
                raise PictureRefused("photo_damaged")
            frame = (*_frame(segment), marker == _PROGRESSIVE)
        position += len(segment) + 2
    else:
        raise PictureRefused("photo_damaged")
    if frame is None or not scans:
        raise PictureRefused("photo_damaged")
    width, height, sampling, _ = frame
    return Jpeg(width, height, sampling, buffered, scans, position if found else len(data))


def _segment(data: bytes, position: int) -> bytes:
    length = int.from_bytes(data[position : position + 2], "big")
    if length < 2:
        raise PictureRefused("photo_damaged")
    return data[position + 2 : position + length]


def _frame(segment: bytes) -> tuple[int, int, tuple[tuple[int, int], ...]]:
    if len(segment) < 6:
        raise PictureRefused("photo_damaged")
    height, width = int.from_bytes(segment[1:3], "big"), int.from_bytes(segment[3:5], "big")
    components = [segment[6 + 3 * one : 9 + 3 * one] for one in range(segment[5])]
    if not (width and height and 1 <= len(components) <= 4 and all(len(one) == 3 for one in components)):
        raise PictureRefused("photo_damaged")
    sampling = tuple((one[1] >> 4, one[1] & 15) for one in components)
    if not all(1 <= h <= 4 and 1 <= v <= 4 for h, v in sampling):
        raise PictureRefused("photo_damaged")
    return width, height, sampling
