"""Removes everything but words from a plain text: embedded files, and encryption or signature blocks.

Sources: POSIX uuencode, RFC 9580 (OpenPGP), section 6.2. One pass, in linear time.
"""

import re
from collections.abc import Sequence

from channels.mail.reading.mail import File
from channels.mail.reading.quoting.lines import Line

ENCRYPTED = "application/pgp-encrypted"
SIGNED_BEGINS = "-----BEGIN PGP SIGNED MESSAGE-----"
_BEGIN = re.compile(r"-----BEGIN PGP (MESSAGE|SIGNATURE|PUBLIC KEY BLOCK)-----\s{0,20}")
_FILE = re.compile(r"begin [0-7]{3,4} (\S.{0,99}?)\s{0,20}")
_FILE_LINE = re.compile(r"[ -`]{1,70}\s{0,20}")


def without_armour(lines: Sequence[Line]) -> tuple[list[Line], list[File]]:
    """The lines that a person wrote, and the files that were among the others."""
    kept: list[Line] = []
    files: list[File] = []
    signed = False
    ends = {
        line.text.rstrip(): here for here, line in enumerate(lines) if line.text.startswith("-----END PGP ")
    }
    place = 0
    while place < len(lines):
        text = lines[place].text
        if text.rstrip() == SIGNED_BEGINS:
            signed = True
            place = _after_header(lines, place)
        elif (found := _BEGIN.fullmatch(text)) and ends.get(f"-----END PGP {found[1]}-----", -1) > place:
            if found[1] == "MESSAGE":
                files.append(File(ENCRYPTED, None))
            while not lines[place].text.startswith("-----END PGP "):
                place += 1
            place += 1
        elif (found := _FILE.fullmatch(text)) and (end := _end_of_file(lines, place)):
            files.append(File("application/octet-stream", found[1]))
            place = end
        else:
            # A signed text has "- " before lines that begin with a hyphen.
            kept.append(Line(text.removeprefix("- "), lines[place].place) if signed else lines[place])
            place += 1
    return kept, files


def _after_header(lines: Sequence[Line], place: int) -> int:
    place += 1
    while place < len(lines) and lines[place].text.startswith("Hash:"):
        place += 1
    return place


def _end_of_file(lines: Sequence[Line], place: int) -> int:
    """Where the file ends; 0 if what follows is none."""
    for here in range(place + 1, len(lines)):
        if lines[here].text.rstrip() == "end":
            return here + 1 if here > place + 1 else 0
        if not _FILE_LINE.fullmatch(lines[here].text):
            return 0
    return 0
