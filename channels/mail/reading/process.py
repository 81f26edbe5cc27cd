"""The child process that reads mails: `python -m channels.mail.reading.process`. It has no secrets and writes no files.

A frame is its length (4 bytes, big-endian) and so many bytes. A request is a frame with the task (`mail <our address>`, or `image <n>`),
frames with the mail's bytes, an empty frame, and a frame `cut` or `whole`. An answer is two frames: `mail` and the mail
as JSON, `image` and the bytes of a picture, `broke` and where reading failed, or `no mail`, `no image`, `memory` and
nothing. A frame READY precedes the first request.
"""

import os
import resource
import struct
import sys
import traceback
from contextlib import suppress
from typing import BinaryIO

import msgspec

from channels.mail.reading.limits import MAIL_BYTES
from channels.mail.reading.parse import read_image, read_mail

READY = b"ready"


def main(arguments: list[str]) -> int:
    """Until there are no more requests. `arguments`: seconds of processor time for each mail, bytes of memory for all."""
    seconds, memory = int(arguments[0]), int(arguments[1])
    _confine(memory)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    _write(target, READY)
    target.flush()
    while (task := _frame(source)) is not None:
        _allow(seconds)
        try:
            answer, content = _read(task.decode("ascii"), source)
        except MemoryError:
            answer, content = "memory", b""
        except Exception as error:  # the parent logs where, and never what the mail says
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} at {os.path.basename(frame.filename)}:{frame.lineno}"
            answer, content = "broke", place.encode("utf-8", "replace")
        _write(target, answer.encode("ascii"))
        _write(target, content)
        target.flush()
        if answer in ("memory", "broke"):
            return 1  # in an unknown state: the parent starts another
    return 0


def _read(task: str, source: BinaryIO) -> tuple[str, bytes]:
    raw = bytearray()
    while piece := _frame(source):
        if len(raw) + len(piece) > MAIL_BYTES:
            raise ValueError("more bytes than the parent may send")
        raw += piece
    cut = _frame(source) == b"cut"
    if task.startswith("image "):
        image = read_image(raw, int(task.removeprefix("image ")))
        return ("no image", b"") if image is None else ("image", image)
    try:
        mail = read_mail(raw, cut=cut, own=task.removeprefix("mail").strip())
    except ValueError:
        return "no mail", b""
    return "mail", msgspec.json.encode(mail)


def _write(target: BinaryIO, frame: bytes) -> None:
    target.write(struct.pack(">I", len(frame)))
    target.write(frame)


def _frame(source: BinaryIO) -> bytes | None:
    head = source.read(4)
    if len(head) < 4:
        return None
    (length,) = struct.unpack(">I", head)
    return source.read(length)


def _confine(memory: int) -> None:
    """Restricts what a stranger's mail could make this process do: use up memory, write files, open
    connections."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # if the container runs out of memory, this process is killed, not the worker


def _allow(seconds: int) -> None:
    """Allow this much processor time from now; beyond it the kernel ends the process (SIGXCPU)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + seconds, hard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
