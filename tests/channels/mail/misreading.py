"""The child process that reads mails, which misbehaves if the mail's body says so. The kernel's limits apply to it."""

import os
import signal
import sys
import time

from channels.mail.reading import process
from channels.mail.reading.mail import Mail
from channels.mail.reading.parse import read_mail


def misread(raw: bytes | bytearray, *, cut: bool = False, own: str = "") -> Mail:
    """As a mail would that we did not foresee."""
    if b"LOOP" in raw:
        while True:
            pass
    if b"GROW" in raw:
        hoard = []
        while True:
            hoard.append(bytearray(1_000_000))
    if b"HANG" in raw:
        time.sleep(3_600)  # the parent ends it at its deadline
    if b"DIE" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"BREAK" in raw:
        raise KeyError(bytes(raw))
    if b"NONSENSE" in raw:
        sys.stdout.buffer.write(b"\xff" * 100)
        sys.stdout.buffer.flush()
    return read_mail(raw, cut=cut, own=own)


if __name__ == "__main__":
    vars(process)["read_mail"] = misread
    sys.exit(process.main(sys.argv[1:]))
