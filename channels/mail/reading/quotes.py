"""Extracts what is new in a mail: without the quoted mail and without the signature.

Text is kept in doubt: an extra quote does not hurt an agent, but a lost sentence does. One pass over the
lines, with only regular expressions that are linear in the length of a line: the text is a stranger's.
"""

import re

LONGEST_LINE = 400
"""Attribution lines are shorter; longer lines are prose and are skipped."""

# "On Monday, Ana wrote:" as mail programs write it. First and last word must match, on at most two lines.
ATTRIBUTIONS = (
    ("on ", "wrote:"),
    ("el ", "escribió:"),
    ("le ", "a écrit:"),
    ("am ", "schrieb:"),
    ("em ", "escreveu:"),
    ("il ", "ha scritto:"),
)
SEPARATORS = re.compile(
    r"-{2,12} ?(original message|forwarded message|mensaje original|mensaje reenviado"
    r"|message d'origine|message transféré|ursprüngliche nachricht) ?-{2,12}"
)
HEADER_NAMES = frozenset(
    (
        "from",
        "de",
        "von",
        "sent",
        "enviado",
        "envoyé",
        "gesendet",
        "date",
        "fecha",
        "to",
        "para",
        "à",
        "an",
        "subject",
        "asunto",
        "objet",
        "betreff",
        "cc",
    )
)
"""Outlook quotes with the old mail's header: three such lines in a row, the first of them naming a sender."""
SENDER_NAMES = frozenset(("from", "de", "von"))
SENT_FROM = (
    "sent from my ",
    "get outlook for ",
    "enviado desde mi ",
    "obtener outlook para ",
    "envoyé de mon ",
    "envoyé depuis ",
    "télécharger outlook pour ",
)
SIGNATURE = ("--", "-- ")  # RFC 3676: two hyphens and a space; many programs drop the space


def new_text(text: str) -> str:
    """What the sender wrote this time. If nothing would be left, the text unchanged."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place].strip()
        if line.startswith(">"):
            place += 1
            continue
        if _ends_here(lines, place):
            break
        if taken := _attribution(lines, place):
            place += taken
            continue
        kept.append(lines[place].rstrip())
        place += 1
    found = "\n".join(_without_farewell(kept)).strip()
    return _few_blank_lines(found) or text.strip()


def _ends_here(lines: list[str], place: int) -> bool:
    """A signature, or an old mail without quote marks: nothing after it is new."""
    line = lines[place]
    if line in SIGNATURE:
        return True
    plain = line.strip(" *\t")
    if len(plain) > LONGEST_LINE:
        return False
    if SEPARATORS.fullmatch(plain.lower().replace("’", "'")):
        return True
    if len(plain) >= 20 and not plain.strip("_"):
        return _header_block(lines, place + 1)
    return _header_block(lines, place)


def _header_block(lines: list[str], place: int) -> bool:
    names = []
    for line in lines[place : place + 6]:
        name, colon, _ = line[:LONGEST_LINE].strip(" *\t\u00a0").partition(":")
        if not line.strip():
            continue
        name = name.strip(" *\u00a0").lower()
        if not colon or name not in HEADER_NAMES:
            break
        names.append(name)
    return len(names) >= 3 and names[0] in SENDER_NAMES


def _attribution(lines: list[str], place: int) -> int:
    """The number of lines of "On … wrote:" here; 0 if there is none. A quote must follow."""
    for count in (1, 2):
        joined = " ".join(line.strip() for line in lines[place : place + count]).replace("\u00a0", " ")
        joined = joined.replace(" :", ":").lower()
        if len(joined) > LONGEST_LINE:
            return 0
        if any(joined.startswith(first) and joined.endswith(last) for first, last in ATTRIBUTIONS):
            return count if _quoted_next(lines, place + count) else 0
    return 0


def _quoted_next(lines: list[str], place: int) -> bool:
    for line in lines[place : place + 4]:
        if line.strip():
            return line.lstrip().startswith(">")
    return place >= len(lines)  # a quote that the mail program has already collapsed


def _without_farewell(lines: list[str]) -> list[str]:
    """Without a last line like "Sent from my phone": it is an advertisement, not the citizen's text."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].strip().lower().startswith(SENT_FROM)):
        end -= 1
    return lines[:end]


def _few_blank_lines(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text)
