"""What follows the text of a mail: a signature, a name, an app's advertisement. A signature is removed
because its address is not the place of a report, and its name would hide a one-word answer. An agent still
sees it next to the message. In doubt it stays.
"""

import re
from collections.abc import Mapping, Sequence

from channels.languages.mail import MAIL_WORDS
from channels.mail.reading.correspondents import ADDRESS, Correspondents
from channels.mail.reading.quoting.advertisements import is_advertisement
from channels.mail.reading.quoting.lines import Line
from channels.mail.reading.quoting.marks import Mark, plain

DELIMITERS = ("--", "-- ", "—", "— ")  # RFC 3676: two hyphens and a space; many programs drop the space
SIGNATURE_LINES = 8
SIGNATURE_LINE = 80  # characters
CARD_WORDS = 6  # of a line with an address; a longer one is a sentence
CLOSING_LINES = 10
SHORT_ANSWER = 60  # characters
NOTICE = 60  # characters; a confidentiality notice is longer

_CLOSINGS = frozenset(closing for words in MAIL_WORDS.values() for closing in words.closings)
_CHOICES = frozenset(choice for words in MAIL_WORDS.values() for choice in words.choices)
_SECRET = tuple(sorted({word for words in MAIL_WORDS.values() for word in words.secret}))
_MYSELF = frozenset(word for words in MAIL_WORDS.values() for word in words.myself)
_POSTSCRIPT = re.compile(
    r"\s{0,9}(p\.{0,2}p?\.? ?-?s\b[.:,]?|p\.? ?d\b\.?:|p\.d\.|n\.? ?b\b\.?:|obs\b!?:?|post ?scriptum|posdata|jälkikirjoitus|з\.? ?ы\b)[.:,!]?\s",
    re.IGNORECASE,
)
_ABOUT_MAIL = re.compile(
    r"mail|message|mensaje|mensagem|messaggio|nachricht|bericht|courriel|correo|wiadomo|viesti|meddel|melding|сообщен|письм|повідомл|лист"
)


def delimiters(lines: Sequence[Line]) -> int:
    """How many lines could begin a signature."""
    return sum(line.text.strip("\u00a0 ") in DELIMITERS for line in lines)


def signature_end(
    lines: Sequence[Line], place: int, marks: Mapping[int, Mark], found: int, about: Correspondents
) -> int:
    """The end of the signature that begins with a delimiter at this line; `place` if none does.

    The old mail may follow it. Without the space two hyphens may be the citizen's own: only a short block with the
    author's name is a signature then, and only if there is one delimiter (`found`)."""
    text = lines[place].text.lstrip("\u00a0")
    if text not in DELIMITERS or (found > 1 and not text.endswith("-- ")):
        return place
    end = place + 1
    while (
        end < len(lines) and end not in marks and not lines[end].quoted and not is_postscript(lines[end].text)
    ):
        end += 1
    if lines[place].text.endswith("-- "):
        return end
    block = [line.text for line in lines[place + 1 : end] if not line.blank]
    short = len(block) <= SIGNATURE_LINES and all(len(text) <= SIGNATURE_LINE for text in block)
    asks = any(text.rstrip().endswith("?") for text in block)
    theirs = not block or is_advertisement(block[0]) or any(_is_card_line(text, about) for text in block[:2])
    return end if short and not asks and theirs else place


def _is_card_line(text: str, about: Correspondents) -> bool:
    """Whether this line of a signature identifies its author."""
    unnamed = not about.name and not about.sender
    addressed = bool(ADDRESS.search(text)) and len(text.split()) <= CARD_WORDS and not about.names_own(text)
    return _is_name(text, about) or addressed or (unnamed and _looks_like_name(text))


def split_closing(lines: Sequence[Line], about: Correspondents) -> tuple[list[Line], list[Line]]:
    """The text, and the closing with the author's name, which is removed if it contains more than a name (an
    address, a telephone number), or if it would hide a short answer."""
    end = _disclaimer(lines)
    below = list(lines[end:])
    words, closing = _split(lines[:end], about)
    return words, [*closing, *below]


def _disclaimer(lines: Sequence[Line]) -> int:
    """The start of a company's confidentiality notice, which is the last paragraph; the number of lines if there is none."""
    end = len(lines)
    while end and lines[end - 1].blank:
        end -= 1
    begin = end
    while begin and not lines[begin - 1].blank:
        begin -= 1
    said = plain(" ".join(line.text for line in lines[begin:end])[:2_000])
    notice = len(said) > NOTICE and any(word in said for word in _SECRET) and _ABOUT_MAIL.search(said)
    above = any(not line.blank for line in lines[:begin])
    asks = any(_speaks_of_themselves(line.text) for line in lines[begin:end])
    return begin if notice and above and not asks else len(lines)


def _split(lines: Sequence[Line], about: Correspondents) -> tuple[list[Line], list[Line]]:
    filled = [number for number, line in enumerate(lines) if not line.blank]
    if len(filled) < 2:
        return list(lines), []
    for number in filled[-CLOSING_LINES:]:
        if number == filled[0]:
            continue
        # Some go on below their name.
        after = next((one for one in filled if one > number and _goes_on(lines[one].text)), len(lines))
        text, below = lines[number].text, [lines[one].text for one in filled if number < one < after]
        above = [lines[one].text for one in filled if one < number]
        if _closes(text, below, about, above) or _is_card(text, below, about, lines[number - 1].blank, above):
            return [*lines[:number], *lines[after:]], list(lines[number:after])
    return list(lines), []


def _closes(text: str, below: Sequence[str], about: Correspondents, above: Sequence[str]) -> bool:
    """Whether a closing ("Kind regards,") that has to be removed begins here."""
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
    """The candidates for a closing before a name: everything but the last one, two or three words."""
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


def _goes_on(text: str) -> bool:
    """Whether this line below a name is a sentence of its author: "I am home from 9 to 12.", "PS: …"."""
    words = text.split()
    sentence = len(words) >= 4 and text.rstrip()[-1] in ".!" and sum(word[0].islower() for word in words) >= 2
    return is_postscript(text) or sentence or (len(words) >= 3 and _speaks_of_themselves(text))


def _speaks_of_themselves(text: str) -> bool:
    # "i" alone is a word of other languages.
    return "I" in text.split() or not _MYSELF.isdisjoint(word.strip(",.!;:") for word in plain(text).split())


def is_postscript(text: str) -> bool:
    """Whether the author continues below their name: "PS: the gate code is 4711."."""
    return _POSTSCRIPT.match(text[:40]) is not None


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
    """Whether the author's name, or a part of it, is in this line with little else ("i. A. Ana Diaz")."""
    words = [word.strip(".,-*").lower() for word in text.split()]
    bare = len(words) <= 5 and not any(c.isdigit() or c in "?!:;@" for c in text)
    return bare and bool(set(words) & _names_of(about))


def _is_whole_name(text: str, about: Correspondents) -> bool:
    words = {word.strip(".,-*").lower() for word in text.split()}
    return len(words) >= 2 and _looks_like_name(text) and words <= _names_of(about)
