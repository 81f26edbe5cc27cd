"""Masks personal data in log lines. Our own lines contain only ids; this is for those of libraries: a
warning, or a traceback that quotes its input. The rules are those that find entities for the dialogue.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.understanding.text import Claimed

_DIGITS = re.compile(r"(?<![\w-])\d(?:[ -]?\d){8,}(?![\w-])")  # cards, accounts, identity numbers
_LONGEST = 4000  # characters; a longer line is cut

Find = Callable[[str, Mapping[str, Any]], Sequence[Mapping[str, Any]]]


def mask(text: str, find: Find) -> str:
    """The text with [email], [phone], [address] … in place of what is personal."""
    text = text[:_LONGEST]
    spans = [(e["start"], e["end"], e["entity"]) for e in find(text, {}) if e.get("personal")]
    claimed = Claimed(len(text))
    widest_first = sorted(spans, key=lambda s: (s[0] - s[1], s[0], s[2]))
    widest = [span for span in widest_first if claimed.claim(span[0], span[1])]
    for start, end, name in sorted(widest, reverse=True):
        text = f"{text[:start]}[{name}]{text[end:]}"
    return _DIGITS.sub("[number]", text)


class Masking(logging.Filter):
    """A filter for log handlers: masks each line, including its arguments and its traceback."""

    def __init__(self, find: Find) -> None:
        super().__init__()
        self._find = find
        self._plain = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = mask(record.getMessage(), self._find), None
        if record.exc_info:
            record.exc_text = mask(self._plain.formatException(record.exc_info), self._find)
            record.exc_info = None
        return True
