"""`python -m desk.media.decoding`: reads jobs from stdin, one JSON object per line, and answers each with
one line.

{"source": path, "target": path, "longest": pixels, "most": bytes or null}
{"content_type": "image/jpeg"} once the target is written, or {"refused": code}
"""

import json
import sys
from pathlib import Path

from desk.media.decoding.limits import limit_job, limit_process
from desk.media.decoding.opening import open_upright
from desk.media.decoding.refused import PictureRefused
from desk.media.decoding.saving import save_within


def main() -> None:
    """Serve jobs until standard input ends."""
    limit_process()
    for line in sys.stdin:
        limit_job()
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def _answer(job: dict[str, str | int | None]) -> dict[str, str]:
    try:
        longest, most = int(job["longest"] or 0), job["most"]
        jpeg_only = most is not None
        image, kind, length = open_upright(Path(str(job["source"])), longest, sharp=not jpeg_only)
        content_type, data = save_within(
            image, kind, int(most) if most else length, longest, jpeg_only=jpeg_only
        )
    except PictureRefused as refused:
        return {"refused": refused.code}
    except MemoryError:
        return {"refused": "photo_too_many_pixels"}
    except Exception:
        # Pillow's decoders raise a dozen types on hostile bytes; they all mean the same to the citizen.
        return {"refused": "photo_damaged"}
    try:
        Path(str(job["target"])).write_bytes(data)
    except OSError:
        return {"refused": "no_room"}
    return {"content_type": content_type}


if __name__ == "__main__":
    main()
