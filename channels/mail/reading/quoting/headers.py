"""Recognises a header that a program copied above an old mail ("From: … Sent: … To: …"). Linear in the lines."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from channels.mail.reading.correspondents import Correspondents
from channels.mail.reading.quoting.lines import Line
from channels.mail.reading.quoting.marks import LONGEST_LINE, Mark, dated, plain, words_of_all

LONGEST_BLOCK = 14  # lines
Role = Literal["sender", "sent", "to", "copy", "reply_to", "subject"]
_ROLES: tuple[Role, ...] = ("sender", "sent", "to", "copy", "reply_to", "subject")
_RULE = re.compile(r"[-_=*~ ]{0,40}")

ROLES: Mapping[str, Role] = {name: role for role in reversed(_ROLES) for name in words_of_all(role)}
"""From a header's name, in any language, to what it is."""


def header_alone(lines: Sequence[Line], about: Correspondents) -> bool:
    """Whether these quoted lines are a header of ours and nothing below it (Orange quotes the header alone)."""
    plains = [
        plain(line.text.replace(">", " ", 1)) if len(line.text) <= LONGEST_LINE else "x" for line in lines
    ]
    begin = next((place for place, text in enumerate(plains) if role_of(text)[0]), None)
    header = None if begin is None else copied_header(plains, begin, about)
    if begin is None or header is None or not about.names_own(header.text):
        return False
    return not any(plains[begin + header.count :])


def copied_header(plains: Sequence[str], place: int, about: Correspondents) -> Mark | None:
    """A block of header lines, perhaps under a rule."""
    ruled = _is_rule(plains[place])
    begin = place + 1 if ruled else place
    while ruled and begin < len(plains) and begin < place + 3 and not plains[begin]:
        begin += 1
    if begin >= len(plains) or role_of(plains[begin])[0] not in ("sender", "sent"):
        return None
    values: dict[Role, str] = {}
    here, last = begin, begin
    while here < min(len(plains), begin + LONGEST_BLOCK):
        role, value = role_of(plains[here])
        if role:
            if role in values and role != "sent":
                break
            values.setdefault(role, value)
            last = here
        elif (plains[here] and not ("@" in plains[here] or plains[here - 1].endswith((";", ",")))) or (
            not plains[here] and (here > last + 1 or "subject" in values)
        ):
            break
        here += 1
    text = "\n".join(plains[begin : last + 1])
    if not _copied(values, about, ruled=ruled):
        return None
    return Mark("header", last + 1 - place, text, who=values["sender"])


def role_of(text: str) -> tuple[Role | None, str]:
    """What a line of a header names, and its value; None if it is no such line."""
    name, colon, value = text[:LONGEST_LINE].partition(":")
    return (ROLES.get(name.strip("> "), None), value.strip()) if colon and len(name) <= 40 else (None, "")


def _copied(values: Mapping[Role, str], about: Correspondents, *, ruled: bool) -> bool:
    """Whether a program copied this header. People write such lines too ("From: 8:00, To: 17:00"), so a date or
    an address has to be where a program puts it."""
    if "sender" not in values or len(values) < 2:
        return False
    sender, sent = values["sender"], values.get("sent", "")
    addressed = "@" in sender
    if not addressed and dated(sender):
        return False
    if about.names_own(" ".join(values.values())):
        return True
    if ruled and (addressed or dated(sent) or len(values) >= 3):
        return True
    if {"sender", "sent", "to", "subject"} <= values.keys():
        return True
    if len(values) < 3:
        return False
    return addressed or ("subject" in values and dated(sent))


def _is_rule(text: str) -> bool:
    return len(text) >= 5 and _RULE.fullmatch(text[:40]) is not None and not text.strip("-_=*~ ")
