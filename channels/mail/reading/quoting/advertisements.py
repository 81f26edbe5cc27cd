"""Recognises the line that an app adds below a mail ("Sent from my iPhone"): it is not the citizen's.

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
_WORD = re.compile(r"[\w'.-]+")


def is_advertisement(text: str) -> bool:
    """Whether an app wrote this line ("Sent from my iPhone"). Needs the name of a device or a program."""
    if len(text) > 600:
        return False
    text = _LINK.sub(" ", text).replace("[", " ").replace("]", " ").strip(_EDGES)
    if apology := _APOLOGY.search(text):
        text = text[: apology.start()].strip(_EDGES)
    if not text or len(text) > LONGEST_ADVERTISEMENT:
        return False
    line = plain(text)
    if not line.startswith(_BEGINS):
        return False
    words = [word.strip(".'") for word in _WORD.findall(line)]
    if len(words) > MOST_WORDS:
        return False
    for begin, end in _ADVERTISEMENTS:
        tail = end.rstrip("*")
        fits = line.endswith(tail) if not end.endswith("*") else tail in line[len(begin) :]
        slogan = ": " in begin
        if not slogan and _SENTENCE.search(text):
            continue
        if line.startswith(begin) and fits and len(line) >= len(begin) + len(tail):
            named = _PRODUCTS & {*words, *(one for word in words for one in _PARTS.split(word))}
            programs = any(re.search(rf"(?<!\w){one}(?!\w)", text) for one in PROGRAMS)
            phone = words[-1] in PHONES or (tail != "" and any(word in PHONES for word in words))
            if (named or programs or phone) and (tail or len(words) <= 9):
                return True
    return False


def without_advertisements(lines: Sequence[Line]) -> list[Line]:
    """Without the last lines that an app added."""
    end = len(lines)
    while end and (lines[end - 1].blank or is_advertisement(lines[end - 1].text)):
        end -= 1
    return list(lines[:end])
