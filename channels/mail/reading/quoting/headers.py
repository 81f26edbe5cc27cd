"""Recognises a header that a program copied above an old mail ("From: … Sent: … To: …"). Linear in the lines."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from channels.mail.reading.correspondents import Correspondents, bare_subject, is_reply
from channels.mail.reading.quoting.lines import Line
from channels.mail.reading.quoting.marks import LONGEST_LINE, Mark, dated, plain, words_of_all

LONGEST_BLOCK = 14  # lines
DRAWN = 20  # underscores of a rule that only a program draws
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
    ruled = is_rule(plains[place])
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
    if not _copied(values, about, ruled=ruled, drawn=ruled and plains[place].count("_") >= DRAWN):
        return None
    return Mark("header", last + 1 - place, text, who=values["sender"])


def role_of(text: str) -> tuple[Role | None, str]:
    """What a line of a header names, and its value; None if it is no such line."""
    name, colon, value = text[:LONGEST_LINE].partition(":")
    return (ROLES.get(name.strip("> "), None), value.strip()) if colon and len(name) <= 40 else (None, "")


def _copied(values: Mapping[Role, str], about: Correspondents, *, ruled: bool, drawn: bool) -> bool:
    """Whether a program copied this header. People write such lines too ("From: 8:00, To: 17:00"), so a date or
    an address has to be where a program puts it."""
    if "sender" not in values or len(values) < 2:
        return False
    sender = values["sender"]
    addressed = "@" in sender
    if not addressed and dated(sender):
        return False
    if about.names_own(" ".join(values.values())):
        return True
    theirs = _is_of_a_mail(values, about)
    if ruled and addressed:
        return True
    if len(values) < 3:
        return False
    # Outlook draws its rule with underscores; people write hyphens.
    return addressed or drawn or ((ruled or "subject" in values) and theirs)


def _is_of_a_mail(values: Mapping[Role, str], about: Correspondents) -> bool:
    """Whether one of the values is what only a mail has: an address, the author as its recipient, or the subject of
    this very mail. A list of one's own has the same names ("From: Oak Street, To: Elm Street, Date: 5 May 2026")."""
    if any("@" in value for value in values.values()):
        return True
    names = {word for word in re.split(r"[^\w'’-]+", about.name.lower()) if len(word) > 1}
    to = {word.strip("'’-") for word in re.split(r"[^\w'’-]+", values.get("to", ""))}
    if names and len(names & to) >= min(2, len(names)):
        return True
    subject = values.get("subject", "")
    own = bare_subject(about.subject)
    return is_reply(f"{subject}:") or bool(own and bare_subject(subject) == own)


def is_rule(text: str, *, short: bool = False) -> bool:
    """Whether the line is a rule that a program drew; `short`: of three signs or more."""
    return (
        len(text) >= (3 if short else 5)
        and _RULE.fullmatch(text[:40]) is not None
        and not text.strip("-_=*~ ")
    )
