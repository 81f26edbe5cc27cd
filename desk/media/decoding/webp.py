"""The size of a WebP from its header. Pillow allocates its canvas twice as soon as it opens one. Pure."""

from desk.media.decoding.refused import PictureRefused


def webp_size(header: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the first 30 bytes. Raises PictureRefused."""
    kind = header[12:16]
    if len(header) >= 30:
        if kind == b"VP8 " and header[23:26] == b"\x9d\x01\x2a":
            return _little(header[26:28]) & 0x3FFF, _little(header[28:30]) & 0x3FFF
        if kind == b"VP8L" and header[20] == 0x2F:
            bits = _little(header[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if kind == b"VP8X":
            return _little(header[24:27]) + 1, _little(header[27:30]) + 1
    raise PictureRefused("photo_damaged")


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")
