"""Recognises the beginning of an old mail: a header that a program copied, "On … wrote:", or a separator. One
pass over the lines; each pattern is linear in the length of a line, and longer lines are skipped. Words of
all languages are searched for at once, because people write in one language with a program in another.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from channels.languages.mail import MAIL_WORDS
from channels.mail.reading.correspondents import ADDRESS, Correspondents
from channels.mail.reading.quoting.lines import Line

LONGEST_LINE = 400
LONGEST_ATTRIBUTION = 4  # lines
LONGEST_BLOCK = 14  # lines

Kind = Literal["attribution", "header", "original", "forwarded"]
Role = Literal["sender", "sent", "to", "copy", "reply_to", "subject"]
_ROLES: tuple[Role, ...] = ("sender", "sent", "to", "copy", "reply_to", "subject")


def _all(field: str) -> list[str]:
    found = {word for words in MAIL_WORDS.values() for word in getattr(words, field)}
    return sorted(found, key=lambda word: (-len(word), word))


ROLES: Mapping[str, Role] = {name: role for role in reversed(_ROLES) for name in _all(role)}
"""From a header's name, in any language, to what it is."""


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in words)


_WROTE = re.compile(rf"(?<!\w)(?:{_any_of(_all('wrote'))})(?!\w)")
_I_WROTE = re.compile(rf"(?<!\w)(?:{_any_of(_all('i_wrote'))})(?!\w)")
_STARTS = re.compile(rf"(?:{_any_of(_all('starts'))})(?![\w@])")
_ORIGINAL = frozenset(_all("original"))
_FORWARDED = frozenset(_all("forwarded"))
_RULE = re.compile(r"[-_=*~ ]{0,40}")
_YEAR = re.compile(r"(?<![\d])(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)")
_DATE_BEGINS = re.compile(r"\W{0,3}(?:[^\W\d]{1,14}[.,]{0,2} {0,2}){0,3}\d{1,4}[./ -]")


@dataclass(frozen=True, slots=True)
class Mark:
    """What begins at a line, on how many lines. `text` is all of it, `who` the part that names the old mail's
    author; `sure`: it needs no confirmation."""

    kind: Kind
    count: int
    text: str
    sure: bool = True
    who: str = ""


def plain(text: str) -> str:
    """In lower case, with ordinary blanks, apostrophes and colons, and without emphasis."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'").replace("\uff1a", ":")
    text = text.replace("\u200e", "").replace("\u200f", "").replace("\u2009", " ")
    return " ".join(text.replace("*", "").lower().split()).replace(" :", ":")


def find_marks(lines: Sequence[Line], about: Correspondents) -> dict[int, Mark]:
    """The marks, by the line at which each begins. Lines that are quoted already have none."""
    marks: dict[int, Mark] = {}
    plains = ["" if line.quoted or len(line.text) > LONGEST_LINE else plain(line.text) for line in lines]
    for place, text in enumerate(plains):
        if not text:
            continue
        mark = _separator(text) or _header(plains, place, about) or _titled(plains, place, about)
        if mark := mark or _run_together(text, about):
            marks[place] = mark
        elif _may_end(text) and (found := _attribution(plains, place, about)):
            begin, mark = found
            marks.setdefault(begin, mark)
    return marks


def _separator(text: str) -> Mark | None:
    bare = text.strip("-_=*~>: ")
    if not bare or len(bare) > 60:
        return None
    if bare in _ORIGINAL or bare in _FORWARDED:
        ruled = text.strip("> ")[0] in "-_=*~" or text.endswith(":")
        if ruled:
            return Mark("original" if bare in _ORIGINAL else "forwarded", 1, text)
    if text.startswith("-") and bare.startswith(
        tuple(f"{one} " for one in ("forwarded by", "weitergeleitet von"))
    ):
        return Mark("forwarded", 1, text)
    return None


def _titled(plains: Sequence[str], place: int, about: Correspondents) -> Mark | None:
    """A title between hyphens in any words, if a header follows."""
    text = plains[place]
    bare = text.strip("-_=* ")
    if not (text.startswith("---") and text.endswith("---") and 0 < len(bare) <= 60):
        return None
    after = next((here for here in range(place + 1, min(place + 4, len(plains))) if plains[here]), None)
    header = None if after is None else _header(plains, after, about)
    return header and Mark("original", 1, text)


def _is_rule(text: str) -> bool:
    return len(text) >= 5 and _RULE.fullmatch(text[:40]) is not None and not text.strip("-_=*~ ")


def header_alone(lines: Sequence[Line], about: Correspondents) -> bool:
    """Whether these quoted lines are a header of ours and nothing below it (Orange quotes the header alone)."""
    plains = [
        plain(line.text.replace(">", " ", 1)) if len(line.text) <= LONGEST_LINE else "x" for line in lines
    ]
    begin = next((place for place, text in enumerate(plains) if _role(text)[0]), None)
    header = None if begin is None else _header(plains, begin, about)
    if begin is None or header is None or not about.names_own(header.text):
        return False
    return not any(plains[begin + header.count :])


def _header(plains: Sequence[str], place: int, about: Correspondents) -> Mark | None:
    """A block of header lines, perhaps under a rule."""
    ruled = _is_rule(plains[place])
    begin = place + 1 if ruled else place
    while ruled and begin < len(plains) and begin < place + 3 and not plains[begin]:
        begin += 1
    if begin >= len(plains) or _role(plains[begin])[0] not in ("sender", "sent"):
        return None
    values: dict[Role, str] = {}
    here, last = begin, begin
    while here < min(len(plains), begin + LONGEST_BLOCK):
        role, value = _role(plains[here])
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
    if not _copied(values, text, about, ruled=ruled):
        return None
    return Mark("header", last + 1 - place, text, who=values["sender"])


def _role(text: str) -> tuple[Role | None, str]:
    name, colon, value = text[:LONGEST_LINE].partition(":")
    return (ROLES.get(name.strip("> "), None), value.strip()) if colon and len(name) <= 40 else (None, "")


def _copied(values: Mapping[Role, str], text: str, about: Correspondents, *, ruled: bool) -> bool:
    """Whether a program copied this header. People write such lines too ("From: 8:00, To: 17:00"), so a date
    or an address must be where programs put it."""
    if "sender" not in values or len(values) < 2:
        return False
    sender, sent = values["sender"], values.get("sent", "")
    addressed = "@" in sender
    if not addressed and _dated(sender):
        return False
    if about.names_own(text):
        return True
    if ruled and (addressed or _dated(sent) or len(values) >= 3):
        return True
    if {"sender", "sent", "to", "subject"} <= values.keys():
        return True
    if len(values) < 3:
        return False
    return addressed or ("subject" in values and _dated(sent))


def _dated(text: str) -> bool:
    return bool(_YEAR.search(text) or _TIME.search(text))


def _may_end(text: str) -> bool:
    return text.endswith((":", "----", "---")) or _WROTE.search(text[-40:]) is not None


def _run_together(text: str, about: Correspondents) -> Mark | None:
    """An attribution of ours with the beginning of our text behind it, on one line (Yahoo's app)."""
    if not about.names_own(text):
        return None
    place = text.find("@")
    for _ in range(3):  # a time has colons too
        place = text.find(":", place + 1)
        if place < 0 or place + 1 == len(text):
            return None
        begin = text[: place + 1]
        if text[place + 1] == " " and about.names_own(begin):
            sure = _wrote(begin, begin, about, single=True)
            return Mark("attribution", 1, begin, who=begin) if sure else None
    return None


def _attribution(plains: Sequence[str], end: int, about: Correspondents) -> tuple[int, Mark] | None:
    """The longest attribution that ends at this line, and the line where it begins."""
    found: tuple[int, Mark] | None = None
    for begin in range(end, max(-1, end - LONGEST_ATTRIBUTION), -1):
        first = plains[begin]
        if not first or (begin < end and first.endswith(("?", "!", ":"))):
            break
        whole = " ".join(plains[begin : end + 1])
        if len(whole) > LONGEST_LINE:
            break
        if (sure := _wrote(whole, first, about, single=begin == end)) is not None:
            found = begin, Mark("attribution", end + 1 - begin, whole, sure, whole)
    return found


def _wrote(whole: str, first: str, about: Correspondents, *, single: bool) -> bool | None:
    """Whether this is an attribution without doubt; None if it is none."""
    ruled = whole.startswith("---") and whole.endswith("---")
    bare = whole.strip("- >") if ruled else whole
    verb, address, dated = _WROTE.search(bare), ADDRESS.search(bare), _dated(bare)
    if _I_WROTE.search(bare) or not (bare.endswith(":") or ruled or (verb and verb.end() == len(bare))):
        return None
    if not _begins(first.lstrip("- >") if ruled else first, single=single, by_name=verb is not None):
        return None
    if address:
        return True if verb or dated or about.names_own(bare) else None
    if verb and dated:
        return ruled or bool(_YEAR.search(bare) and _TIME.search(bare))
    if verb and single and _STARTS.match(bare) and verb.end() >= len(bare) - 1:
        return False
    return None


def _begins(first: str, *, single: bool, by_name: bool) -> bool:
    """Whether an attribution can begin with this line, so that no words of the citizen are removed with it. It begins
    with a date, or, if it has a verb (`by_name`), with the name before an address."""
    address = ADDRESS.search(first)
    if _STARTS.match(first) and (single or _dated(first)):
        return True
    if _DATE_BEGINS.match(first) and _dated(first):
        return True
    if address and address.start() > 1 and by_name:
        return True
    return single and bool(_WROTE.search(first)) and _dated(first)
