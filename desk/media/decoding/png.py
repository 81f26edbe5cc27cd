"""Strips a PNG to its picture: compressed texts and profiles may be bombs, further frames are unwanted.
Pure."""

from desk.media.decoding.refused import PictureRefused

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")
CHUNKS = 100_000  # the largest file in the smallest pieces that programs write


def only_picture(data: bytes) -> bytes:
    """The same picture with only its critical chunks and its orientation (eXIf). Raises PictureRefused."""
    kept = [SIGNATURE]
    view, position = memoryview(data), len(SIGNATURE)
    for _ in range(CHUNKS):
        length = int.from_bytes(view[position : position + 4], "big")
        kind = bytes(view[position + 4 : position + 8])
        if kind == b"IEND" or len(kind) < 4:
            break
        end = position + 12 + length
        if kind in KEPT or (kind == b"eXIf" and length <= 65_536):
            kept.append(bytes(view[position:end]))
        position = end
    else:
        raise PictureRefused("photo_damaged")
    kept.append(b"\0\0\0\0IEND\xaeB`\x82")
    return b"".join(kept)
