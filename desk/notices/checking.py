"""The text of a notice in one language, and what is checked before anybody can release it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from channels.kit.gsm7 import CONCATENATED, plain, septets, utf16_units
from desk.knowledge.lint import WORDS, sentences, words
from desk.model import DeskError

LONGEST = {"title": 80, "what": 250, "where": 160, "act": 350, "more": 160, "ask": 160}
"""Characters of each part. Together they fit a message of every channel, and a WhatsApp template's value (800) without `ask`."""
PARTS: Mapping[str, str] = {
    "title": "Title",
    "what": "What happened",
    "where": "Where",
    "act": "What to do",
    "more": "When more comes",
    "ask": "Whom to ask",
    "short": "SMS",
}
SMS_PARTS = 3
"""Concatenated SMS that the short text may take: each costs, and each takes a place in the sending rate."""
LONGEST_HOLD = timedelta(days=30)
"""How long a version holds at most."""
ALL_CLEAR = timedelta(hours=4)
"""How long an all-clear is shown."""
CODE = "Code XXXXXX"
"""What a message has at its end: the code by which people check that it is ours."""
BLANKS = frozenset({"area", "until"})
_BLANK = re.compile(r"\{([^{}]*)\}")
_LEFT_OPEN = re.compile(r"\[[^\]]*\]|_{3,}|\bXXX\b|\bTODO\b")


class NoticeRefused(DeskError):
    """The text cannot be proposed. `problems` has a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


class NoticeText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language. `act`: what to do; `more`: when more comes; `ask`: whom to ask; `short`: what goes by SMS. {area} and
    {until} are filled in when it is said."""

    title: str
    what: str
    where: str
    act: str
    more: str
    ask: str
    short: str


def read_text(given: Mapping[str, Any]) -> NoticeText:
    """A stored text. Raises msgspec.ValidationError."""
    return msgspec.convert(dict(given), NoticeText)


def problems_of(texts: Mapping[str, Mapping[str, str]], languages: Sequence[str]) -> list[str]:
    """What stands in the way of releasing these texts, a sentence each. Every language of the city must have one."""
    found = []
    for language in languages:
        given = texts.get(language) or {}
        found += [f"{language}: {one}" for one in _problems(given)]
    return found


def _problems(text: Mapping[str, str]) -> Iterator[str]:
    for name, title in PARTS.items():
        part = text.get(name, "").strip()
        if not part:
            yield f"“{title}” is missing."
            continue
        if unknown := sorted(set(_BLANK.findall(part)) - BLANKS):
            yield f"“{title}” has {{{unknown[0]}}}, which nothing fills in. Use {{area}} or {{until}}."
        if _LEFT_OPEN.search(part):
            yield f"“{title}” still has a gap to fill in."
        if any(words(one) > WORDS for one in sentences(part)):
            yield f"A sentence of “{title}” has more than {WORDS} words."
        if name in LONGEST and len(part) > LONGEST[name]:
            yield f"“{title}” is longer than {LONGEST[name]} characters."
    if (short := text.get("short", "").strip()) and (units := sms_parts(f"{short} {CODE}")) > SMS_PARTS:
        yield f"“{PARTS['short']}” takes {units} SMS; {SMS_PARTS} are allowed."


def sms_parts(text: str) -> int:
    """How many SMS a text takes, counted as parts of a longer message. A blank counts as 30 characters."""
    written = plain(_BLANK.sub("x" * 30, text))
    cost = septets(written)
    size, unit = (CONCATENATED[0], cost) if cost is not None else (CONCATENATED[1], utf16_units(written))
    return max(1, -(-unit // size))
