"""Recognises the beginning of an old mail: a header that a program copied, "On … wrote:", or a separator. One
pass over the lines; each pattern is linear in the length of a line, and longer lines are skipped. Words of
all languages are searched for at once, because people write in one language with a program in another.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from channels.mail.reading.correspondents import ADDRESS, Correspondents
from channels.mail.reading.quoting.headers import copied_header, is_rule
from channels.mail.reading.quoting.lines import Line
from channels.mail.reading.quoting.marks import (
    LONGEST_LINE,
    Mark,
    any_of,
    dated,
    plain,
    words_of_all,
)

LONGEST_ATTRIBUTION = 4  # lines

_WROTE = re.compile(rf"(?<!\w)(?:{any_of(words_of_all('wrote'))})(?!\w)")
_I_WROTE = re.compile(rf"(?<!\w)(?:{any_of(words_of_all('i_wrote'))})(?!\w)")
_WHOSE = re.compile(rf"(?<!\w)(?:{any_of(words_of_all('whose'))}) (?=[^\W\d])")
_STARTS = re.compile(rf"(?:{any_of(words_of_all('starts'))})(?![\w@])")
_TOWARDS = frozenset((*words_of_all("to"), *words_of_all("towards")))
_ORIGINAL = frozenset(words_of_all("original"))
_FORWARDED = frozenset(words_of_all("forwarded"))
_BARE = re.compile(
    r"[<(\[][^<>()\[\]\s]{1,70}@[^<>()\[\]\s]{1,70}[>)\]][^?!]{0,60}\d$|@[^<>()\[\]\s]{1,70}[>)\]]$"
)
_DATE_BEGINS = re.compile(r"\W{0,3}(?:[^\W\d]{1,14}[.,]{0,2} {0,2}){0,3}\d{1,4}[./ -]")


def find_marks(lines: Sequence[Line], about: Correspondents) -> dict[int, Mark]:
    """The marks, by the line at which each begins. Lines that are quoted already have none."""
    marks: dict[int, Mark] = {}
    plains = ["" if line.quoted or len(line.text) > LONGEST_LINE else plain(line.text) for line in lines]
    for place, text in enumerate(plains):
        if not text:
            continue
        mark = _separator(text) or copied_header(plains, place, about) or _titled(plains, place, about)
        if mark := mark or _run_together(text, about) or _angled(text):
            first = _ruled(plains, place, short=about.names_own(mark.text))
            marks[first] = replace(mark, count=mark.count + place - first)
        elif (_may_end(text) or _ends_bare(text, about)) and (found := _attribution(plains, place, about)):
            begin, mark = found
            first = _ruled(plains, begin, short=about.names_own(mark.text)) if mark.sure else begin
            marks.setdefault(first, replace(mark, count=mark.count + begin - first))
        elif about.names_own(text) and dated(text) and lines[min(place + 1, len(lines) - 1)].quoted:
            marks[place] = Mark("attribution", 1, text, who=text)  # Nextcloud: no verb and no colon
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


def _ruled(plains: Sequence[str], place: int, *, short: bool) -> int:
    """The line of the rule that a program drew right above a mark, or the mark's own line. Above a mail of ours it may
    be `short`; elsewhere three hyphens are the author's."""
    above = place - 1 if place and plains[place - 1] else place - 2
    return above if above >= 0 and place and is_rule(plains[above], short=short) else place


def _angled(text: str) -> Mark | None:
    """GroupWise: ">>> City <help@…> 11/2/2026 9:00 AM >>>", and below it the old mail without marks."""
    if text.startswith(">>> ") and text.endswith(">>>") and dated(text) and ADDRESS.search(text):
        return Mark("attribution", 1, text, who=text)
    return None


def _titled(plains: Sequence[str], place: int, about: Correspondents) -> Mark | None:
    """A title between hyphens in any words, if a header follows."""
    text = plains[place]
    bare = text.strip("-_=* ")
    if not (text.startswith("---") and text.endswith("---") and 0 < len(bare) <= 60):
        return None
    after = next((here for here in range(place + 1, min(place + 4, len(plains))) if plains[here]), None)
    header = None if after is None else copied_header(plains, after, about)
    return header and Mark("original", 1, text)


def _may_end(text: str) -> bool:
    return text.endswith((":", "----", "---")) or _WROTE.search(text[-40:]) is not None


def _ends_bare(text: str, about: Correspondents) -> bool:
    """Whether the line may end an attribution of ours that has no colon: it ends with the address in brackets, or with
    a date or a time after it."""
    return _BARE.search(text[-80:]) is not None and about.names_own(text)


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
    colonless = _ends_bare(whole, about)
    verb, address, on_a_day = _WROTE.search(bare), ADDRESS.search(bare), dated(bare)
    if (
        _I_WROTE.search(bare)
        or (_WHOSE.search(bare) and not address)
        or not (
            bare.endswith(":") or ruled or (verb and (verb.end() == len(bare) or (colonless and on_a_day)))
        )
    ):
        return None
    if not _begins(first.lstrip("- >") if ruled else first, single=single, by_name=verb is not None):
        return None
    if address:
        if _in_a_sentence(bare, address):
            return None
        # "Quoting City <help@…>:" or "Your colleague at help@… wrote:" and nothing else: what follows has to be marked as
        # a quote.
        return (
            True
            if on_a_day or (verb and _is_enclosed(bare, address))
            else False
            if about.names_own(bare) and single
            else None
        )
    if verb and on_a_day:
        # Without an address it may be the citizen's ("On 3 November 2026 at 9:00 my landlord wrote:"). The programs that
        # name no address mark what they quote.
        return ruled
    if verb and single and _STARTS.match(bare) and verb.end() >= len(bare) - 1:
        return False
    return None


def _is_enclosed(bare: str, address: re.Match[str]) -> bool:
    """Whether the address is in brackets, as programs write it."""
    return bare[: address.start()].rstrip()[-1:] in ("<", "(", "[") or "mailto:" in bare


def _in_a_sentence(bare: str, address: re.Match[str]) -> bool:
    """Whether more than the verb follows an address that is not in brackets: "I asked a@b.c, and they wrote:"."""
    before = bare[: address.start()].rstrip()
    if _is_enclosed(bare, address):
        return False
    if before.rpartition(" ")[2] in _TOWARDS:
        return True  # "Ik heb op 2 november naar help@… geschreven:"
    after = _WROTE.sub(" ", bare[address.end() :])
    return address[0].endswith(".") or any(c.isalpha() for c in after)


def _begins(first: str, *, single: bool, by_name: bool) -> bool:
    """Whether an attribution can begin with this line, so that no words of the citizen are removed with it. It begins
    with a date, or, if it has a verb (`by_name`), with the name before an address."""
    address = ADDRESS.search(first)
    if _STARTS.match(first) and (single or dated(first)):
        return True
    if _DATE_BEGINS.match(first) and dated(first):
        return True
    if address and address.start() > 1 and (by_name or (single and first.endswith(":"))):
        return True
    return single and bool(_WROTE.search(first)) and dated(first)
