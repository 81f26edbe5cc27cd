"""Recognises the line that an app adds below a mail ("Sent from my iPhone"): it is not the citizen's text.

A line that only begins like one is the citizen's own ("Sent from my old address, so please use the new one"),
so it must contain the name of a device or a program, and no sentence.
"""

import re
from collections.abc import Sequence

from channels.languages.mail import MAIL_WORDS, PHONES, PRODUCTS, PROGRAMS
from channels.mail.reading.quoting.lines import Line
from channels.mail.reading.quoting.marks import plain

LONGEST_ADVERTISEMENT = 110  # characters
MOST_WORDS = 14  # of an advertisement
SHORT = 9  # words of one that has no fixed end
_ADVERTISEMENTS = tuple(
    sorted(
        {
            (begin, end)
            for words in MAIL_WORDS.values()
            for one in words.advertisements
            for begin, _, end in [one.partition("*")]
        }
    )
)
_BEGINS = tuple(sorted({begin for begin, _ in _ADVERTISEMENTS}))
_LINK = re.compile(r"[<(\[]?https?://[^\s<>()\[\]]{1,500}[>)\]]?")
_SENTENCE = re.compile(r"[;:?!]\s|\.\s+\w|,\s+[a-zà-ÿа-я]")
_APOLOGY = re.compile(
    r"[,;.:(–-] {0,3}(please )?(excuse|pardon|forgive|sorry|thanks to|get the app|search, organi|entschuldig|verzeih|disculp|perdon|désolé|excusez|scusa|desculp|excuseer|ursäkta)",
    re.IGNORECASE,
)
"""What people add to the line of their telephone: "please excuse typos"."""
_EDGES = ' \t\u00a0-_*.!<>"\u201c\u201d'
_PRODUCTS = frozenset(PRODUCTS)
_PARTS = re.compile(r"[.-]")
_PROGRAM = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, PROGRAMS))})(?!\w)")
_WORD = re.compile(r"[\w'.-]+")


def is_advertisement(text: str) -> bool:
    """Whether an app wrote this line ("Sent from my iPhone"). Needs the name of a device or a program."""
    if len(text) > 600:
        return False
    text = _LINK.sub(" ", text).replace("[", " ").replace("]", " ").strip(_EDGES)
    apology = _APOLOGY.search(text)
    if apology and plain(begin := text[: apology.start()].strip(_EDGES)).startswith(_BEGINS):
        text = begin
    if not text or len(text) > LONGEST_ADVERTISEMENT:
        return False
    line = plain(text)
    if not line.startswith(_BEGINS):
        return False
    words = [word.strip(".'") for word in _WORD.findall(line)]
    if len(words) > MOST_WORDS:
        return False
    named = bool(_PRODUCTS & {*words, *(one for word in words for one in _PARTS.split(word))})
    named = named or _PROGRAM.search(text) is not None
    phones = [word in PHONES for word in words]
    if not (named or any(phones)):
        return False
    sentence = _SENTENCE.search(text) is not None
    for begin, end in _ADVERTISEMENTS:
        if not line.startswith(begin) or (sentence and ": " not in begin):
            continue
        tail = end.rstrip("*")
        fits = line.endswith(tail) if not end.endswith("*") else tail in line[len(begin) :]
        device = named or phones[-1] or (tail != "" and any(phones))
        if device and fits and len(line) >= len(begin) + len(tail) and (tail or len(words) <= SHORT):
            return True
    return False


def without_advertisements(lines: Sequence[Line]) -> list[Line]:
    """Without the last lines that an app added."""
    end = len(lines)
    while end and (lines[end - 1].blank or is_advertisement(lines[end - 1].text)):
        end -= 1
    return list(lines[:end])
