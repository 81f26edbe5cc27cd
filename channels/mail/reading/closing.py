"""What stands below the words of a mail: a signature, a name, an app's advertisement.

A signature is taken off because its address is not the place of a report, and its name hides an answer of one
word. It is not lost: an agent sees it beside the message. In doubt it stays.
"""

import re
from collections.abc import Mapping, Sequence

from channels.languages.mail import MAIL_WORDS, PHONES, PRODUCTS, PROGRAMS
from channels.mail.reading.attributions import Mark, plain
from channels.mail.reading.correspondents import Correspondents
from channels.mail.reading.lines import Line

DELIMITERS = ("--", "-- ", "—", "— ")  # RFC 3676: two hyphens and a space; many programs drop the space
LONGEST_ADVERTISEMENT = 110  # characters
MOST_WORDS = 14  # of an advertisement
SIGNATURE_LINES = 8
SIGNATURE_LINE = 80  # characters
CLOSING_LINES = 6
SHORT_ANSWER = 60  # characters

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
_CLOSINGS = frozenset(closing for words in MAIL_WORDS.values() for closing in words.closings)
_CHOICES = frozenset(choice for words in MAIL_WORDS.values() for choice in words.choices)
_LINK = re.compile(r"[<(\[]?https?://[^\s<>()\[\]]{1,500}[>)\]]?")
_SENTENCE = re.compile(r"[;:?!]\s|\.\s+\w|,\s+[a-zà-ÿа-я]")
_EDGES = ' \t\u00a0-_*.!<>"\u201c\u201d'
_PRODUCTS = frozenset(PRODUCTS)
_WORD = re.compile(r"[\w'.-]+")


def is_advertisement(text: str) -> bool:
    """Whether an app wrote this line ("Sent from my iPhone"). Needs the name of a device or a program."""
    if len(text) > 600:
        return False
    text = _LINK.sub(" ", text).strip(_EDGES)
    if not text or len(text) > LONGEST_ADVERTISEMENT:
        return False
    line = plain(text)
    if not line.startswith(_BEGINS):
        return False
    words = [word.strip(".'") for word in _WORD.findall(line)]
    if len(words) > MOST_WORDS or _SENTENCE.search(text):
        return False
    for begin, end in _ADVERTISEMENTS:
        tail = end.rstrip("*")
        fits = line.endswith(tail) if not end.endswith("*") else tail in line[len(begin) :]
        if line.startswith(begin) and fits and len(line) >= len(begin) + len(tail):
            named = _PRODUCTS & {*words, *(word.partition("-")[0] for word in words)}
            programs = any(re.search(rf"(?<!\w){one}(?!\w)", text) for one in PROGRAMS)
            phone = words[-1] in PHONES or (tail != "" and any(word in PHONES for word in words))
            return (bool(named) or programs or phone) and (bool(tail) or len(words) <= 9)
    return False


def without_advertisements(lines: Sequence[Line]) -> list[Line]:
    """Without the last lines that an app added."""
    end = len(lines)
    while end and (lines[end - 1].blank or is_advertisement(lines[end - 1].text)):
        end -= 1
    return list(lines[:end])


def delimiters(lines: Sequence[Line]) -> int:
    """How many lines could begin a signature."""
    return sum(line.text.strip("\u00a0 ") in DELIMITERS for line in lines)


def signature_end(lines: Sequence[Line], place: int, marks: Mapping[int, Mark], found: int) -> int:
    """Where the signature ends that begins with a delimiter at this line; `place` if none begins here.

    The old mail may follow it. Without the space two hyphens may be the citizen's own: only a short block at the
    end is a signature then, and only if there is one delimiter (`found`)."""
    text = lines[place].text.lstrip("\u00a0")
    if text not in DELIMITERS or (found > 1 and not text.endswith("-- ")):
        return place
    end = place + 1
    while end < len(lines) and end not in marks and not lines[end].quoted:
        end += 1
    if lines[place].text.endswith("-- "):
        return end
    block = [line.text for line in lines[place + 1 : end] if not line.blank]
    written = any(not line.blank for line in lines[:place])
    short = len(block) <= SIGNATURE_LINES and all(len(text) <= SIGNATURE_LINE for text in block)
    asks = any(text.rstrip().endswith("?") for text in block)
    return end if written and short and not asks else place


def split_closing(lines: Sequence[Line], about: Correspondents) -> tuple[list[Line], list[Line]]:
    """The words, and a closing with the author's name below them: taken off if it holds more than a name (an
    address, a telephone number), or if it would hide a short answer."""
    filled = [number for number, line in enumerate(lines) if not line.blank]
    if len(filled) < 2:
        return list(lines), []
    for number in filled[-CLOSING_LINES:]:
        if number == filled[0]:
            continue
        text, below = lines[number].text, [lines[one].text for one in filled if one > number]
        above = [lines[one].text for one in filled if one < number]
        if _closes(text, below, about, above) or _is_card(text, below, about, lines[number - 1].blank, above):
            return list(lines[:number]), list(lines[number:])
    return list(lines), []


def _closes(text: str, below: Sequence[str], about: Correspondents, above: Sequence[str]) -> bool:
    """Whether a closing ("Kind regards,") begins here that has to be taken off."""
    line = plain(text).rstrip(" ,.!-")
    closing = next((one for one in (line, *_beginnings(line)) if one in _CLOSINGS), None)
    if closing is None or not all(_in_signature(one) for one in below):
        return False
    rest = text.strip()[len(closing) :].strip(" ,.!-")
    names = ([rest] if rest else []) + list(below)
    if names and not (_is_name(names[0], about) or (len(names) == 1 and _looks_like_name(names[0]))):
        return False
    telling = any(any(c.isdigit() for c in one) for one in names)
    known = bool(names) and _is_name(names[0], about)
    return (telling and known) or (_is_short(above) if names else _is_choice(above))


def _beginnings(line: str) -> list[str]:
    """What a closing with a name behind it may be: all but the last one, two or three words."""
    words = line.split()
    return [" ".join(words[:-count]).rstrip(",") for count in (1, 2, 3) if len(words) > count]


def _is_card(
    text: str, below: Sequence[str], about: Correspondents, apart: bool, above: Sequence[str]
) -> bool:
    """Whether the author's name begins a signature here, without any closing."""
    if not all(_in_signature(one) for one in below):
        return False
    telling = any(any(c.isdigit() for c in one) for one in below)
    if telling and apart and _is_whole_name(text, about):
        return True
    if len(below) > 1 or telling or not _is_choice(above):
        return False
    first = _looks_like_name(text) and (len(text.split()) == 1 or _is_name(text, about))
    return first and all(_looks_like_name(one) or _is_name(one, about) for one in below)


def _in_signature(text: str) -> bool:
    words = text.split()
    return len(text) <= SIGNATURE_LINE and len(words) <= 8 and not text.rstrip().endswith("?")


def _is_short(above: Sequence[str]) -> bool:
    return len(above) == 1 and len(above[0].strip()) <= SHORT_ANSWER


def _is_choice(above: Sequence[str]) -> bool:
    if len(above) != 1:
        return False
    said = plain(above[0]).strip(" .,!#)(")
    return said in _CHOICES or (said.isdigit() and len(said) <= 3)


def _looks_like_name(text: str) -> bool:
    """Whether it is one to four words that begin with a capital, and nothing else."""
    words = text.strip(" ,.-*_").split()
    return 1 <= len(words) <= 4 and all(
        word[0].isupper() and all(c.isalpha() or c in ".'’-" for c in word) for word in words
    )


def _names_of(about: Correspondents) -> set[str]:
    local = about.sender.partition("@")[0]
    written = f"{about.name} {local}".lower()
    return {word for word in re.split(r"[^\w'’-]+|[_\d]+", written) if len(word) > 1}


def _is_name(text: str, about: Correspondents) -> bool:
    """Whether the author's name, or a part of it, is all that stands here."""
    words = [word.strip(".,-*").lower() for word in text.split()]
    return _looks_like_name(text) and bool(set(words) & _names_of(about))


def _is_whole_name(text: str, about: Correspondents) -> bool:
    words = {word.strip(".,-*").lower() for word in text.split()}
    return len(words) >= 2 and _looks_like_name(text) and words <= _names_of(about)
