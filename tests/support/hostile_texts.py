"""Texts that were built to be slow to read: each alphabet, each repeated sign, and the mixtures that slow down patterns and loops.

Standard library only, and Python 3.10: the bot's tests use it as well. The same length always gives the same texts.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from itertools import cycle, islice

LENGTHS = (800, 5_000)  # characters

# First and last letter of a run of letters for each alphabet.
ALPHABETS = {
    "latin": ("a", "z"),
    "latin capitals": ("A", "Z"),
    "latin with accents": ("\u00e0", "\u00ff"),
    "fullwidth": ("\uff41", "\uff5a"),
    "mathematical": ("\U0001d41a", "\U0001d433"),
    "greek": ("\u03b1", "\u03c9"),
    "cyrillic": ("\u0430", "\u044f"),
    "armenian": ("\u0561", "\u0586"),
    "georgian": ("\u10d0", "\u10f0"),
    "hebrew": ("\u05d0", "\u05ea"),
    "arabic": ("\u0627", "\u064a"),
    "devanagari": ("\u0904", "\u0939"),
    "bengali": ("\u0985", "\u09b9"),
    "tamil": ("\u0b85", "\u0bb9"),
    "thai": ("\u0e01", "\u0e3a"),
    "lao": ("\u0e81", "\u0eb9"),
    "khmer": ("\u1780", "\u17b3"),
    "myanmar": ("\u1000", "\u1021"),
    "tibetan": ("\u0f40", "\u0f6c"),
    "ethiopic": ("\u1200", "\u137c"),
    "cherokee": ("\u13a0", "\u13f4"),
    "hiragana": ("\u3041", "\u3096"),
    "katakana": ("\u30a1", "\u30fa"),
    "han": ("\u4e00", "\u9fa5"),
    "hangul": ("\uac00", "\ud7a3"),
    "hangul jamo": ("\u1100", "\u1112"),
    "digits": ("0", "9"),
    "arabic digits": ("\u0660", "\u0669"),
    "devanagari digits": ("\u0966", "\u096f"),
}
SIGNS = "".join(map(chr, range(0x20, 0x7F))) + (
    "\t\n\r\x00\x0b\x85"
    "\u00a0\u00b7\u00bf\u00df\u0130\u0149\u0301\u034f\u05b0\u0600\u064b\u0e33\u1680\u1e9e"
    "\u200b\u200d\u200e\u200f\u2013\u2019\u2026\u2028\u202e\u2066\u20ac\u20e3"
    "\u2122\u2581\u3002\u3000\ufb03\ufdfa\ufe0f\ufeff\uff1f\ufffd\U0001f1fa\U0001f44d\U0001f3fd\U000e0067"
)
# Pieces that are repeated until the length is reached.
MIXTURES = {
    "at a": "a@a.",
    "mail addresses": "a.b@c.de ",
    "unfinished mail": "a@",
    "mail of dots": "a@b.c.d.e.f",
    "signs of mail": "@.",
    "one digit and a space": "1 ",
    "digit and dot": "1.",
    "digit and comma": "1,",
    "digit and slash": "1/",
    "digit and hyphen": "1-",
    "digit and bracket": "(1) ",
    "years": "2026-",
    "dates": "24/11/2026 ",
    "days": "24 de noviembre ",
    "months": "november ",
    "telephone": "+1 (555) 010-",
    "long telephones": "555 0100 ",
    "amounts": "1,200.50 $ ",
    "grouped": "1.000.",
    "times": "at 8:30 pm ",
    "weekdays": "next tuesday ",
    "counts": "in 3 weeks ",
    "references": "SR-4711-ABCD ",
    "half references": "SR-4711-",
    "reference letters": "SR",
    "house numbers": "12 mill lane ",
    "crossings": "mill lane and elm street ",
    "services": "pothole graffiti ",
    "street words": "no. number n° # ",
    "opened brackets": "([{<",
    "nested brackets": "(())",
    "closed brackets": ")]}>",
    "quotes": "'\"",
    "backslashes": '\\"',
    "slashes": "/ ",
    "link starts": "http://",
    "www": "www.",
    "tags": "<a href=",
    "comments": "<!-- ",
    "entities": "&amp;",
    "braces": "{a}",
    "open braces": "{{",
    "payloads": '/x{"a":[',
    "percent": "%s%",
    "words of one letter": "a b ",
    "words of two letters": "xq zj ",
    "unknown words": "bznk qwrtp ",
    "misspelt words": "pasport lisence ",
    "sentences": "is it? no. ",
    "questions": "and when? ",
    "line breaks": "a\n",
    "windows lines": "\r\n",
    "blank lines": "\n \n",
    "tabs": "\t ",
    "quoted lines": "> > ",
    "underscores": "a_",
    "hyphens": "a-",
    "apostrophes": "l'",
    "typographic apostrophes": "d\u2019",
    "mixed case": "aB1",
    "base64": "Ab1+/9Zz",
    "joined emoji": "\U0001f468\u200d\U0001f469\u200d",
    "flags": "\U0001f1fa\U0001f1f8",
    "skin tones": "\U0001f44d\U0001f3fd",
    "keycaps": "1\ufe0f\u20e3",
    "direction marks": "\u202ea\u202c",
    "zero width": "a\u200b",
    "stacked marks": "e\u0301\u0323\u0302\u0308",
    "syllables in pieces": "\u1112\u1161\u11ab",
    "isolates": "\u2067a\u2069",
    "tag flags": "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "circled and other numbers": "\u2460\u2163\u00bd\u00b2 ",
    "curly quotes": "\u201c\u201d\u00ab\u00bb",
    "surprise": "?!",
    "dots": "... ",
    "short words": "i no is it my a to ",
    "wishes": "i want a person in english please ",
    "denials": "i do not want to ",
    "names": "my name is ",
    "units": "apartment 5b, ",
    "own reports": "my report SR-4711-ABCD and ",
    "changes of mind": "forget it, cancel, both, the first one ",
    "streets without numbers": "between mill lane and the corner of ",
    "ligatures": "\ufdfa",
    "dotted capitals": "\u0130",
    "thai and latin": "\u0e01a",
    "han and digits": "\u4e2d1",
}


def hostile_texts(length: int) -> Iterator[tuple[str, str]]:
    """(name, text) with exactly `length` characters in each text."""
    draw = random.Random(length)
    for name, (first, last) in ALPHABETS.items():
        letters = [c for c in map(chr, range(ord(first), ord(last) + 1)) if unicodedata.category(c) != "Cn"]
        yield f"{name}, one word", "".join(draw.choices(letters, k=length))
        yield f"{name}, one letter", letters[0] * length
        yield f"{name}, words", _words(letters, length, draw)
        yield (
            f"{name}, one long word and a plain end",
            _cut(draw.choices(letters, k=length - 10), " a.b@c.de!"),
        )
    for sign in SIGNS:
        yield f"only {_named(sign)}", sign * length
        yield f"{_named(sign)} and a letter", _repeated(sign + "a", length)
        yield f"a word, then {_named(sign)}", _cut(["word"], sign * (length - 5) + "!")
    for name, piece in MIXTURES.items():
        yield name, _repeated(piece, length)
        yield f"{name}, with another end", _cut([_repeated(piece, length - 2)], "!x")
    yield "a long link", _cut(["https://example.com/"], "a" * (length - 20))
    yield "a mail address with a second sign", _cut(["a@", _repeated(".b", length - 3)], "@")
    yield "a quote that never closes", _cut(['"'], _repeated('\\"', length - 1))
    yield "every sign", _repeated(SIGNS, length)
    yield "every sign at random", "".join(draw.choices(SIGNS, k=length))
    yield "different words", _cut([f"w{number:x}x " for number in range(length)], "")[:length]
    for size in (6, 12, 24, 32):
        pieces = (f"{_letters(draw, size)} " for _ in range(length // size + 1))
        yield f"different words of {size} letters", "".join(pieces)[:length]
    yield (
        "all alphabets",
        "".join(
            chr(draw.choice((0x61, 0x3B1, 0x430, 0x5D0, 0xE01, 0x4E00, 0xAC00)) + draw.randrange(20))
            for _ in range(length)
        ),
    )


def plain_text(length: int) -> str:
    """What a citizen may write, as long as the hostile texts: what their cost is compared with."""
    sentence = (
        "Hello, there is a big pothole in front of 12 Mill Lane since last Tuesday, and my bike was damaged. "
        "Could you tell me when it will be repaired, please? My number is 555 0100. "
    )
    return _repeated(sentence, length)


def _repeated(piece: str, length: int) -> str:
    return "".join(islice(cycle(piece), length))


def _cut(pieces: list[str], end: str) -> str:
    return "".join(pieces) + end


def _words(letters: list[str], length: int, draw: random.Random) -> str:
    text = ""
    while len(text) < length:
        text += "".join(draw.choices(letters, k=draw.randint(2, 12))) + " "
    return text[:length]


def _letters(draw: random.Random, count: int) -> str:
    return "".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=count))


def _named(sign: str) -> str:
    return unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
