"""Extracts the new text of a mail: without the mail that it answers, the signature and the app's advertisement.

A reply to a mail of ours loses what we wrote before. A forward keeps what it forwards, and a reply to
somebody else keeps what it answers, because that is what the city needs to read. In doubt text is kept. One
pass over the lines, in linear time, because the text is untrusted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels.languages.mail import MAIL_WORDS
from channels.mail.reading.correspondents import Correspondents
from channels.mail.reading.quoting.advertisements import without_advertisements
from channels.mail.reading.quoting.attributions import find_marks
from channels.mail.reading.quoting.closing import (
    delimiters,
    signature_end,
    split_closing,
)
from channels.mail.reading.quoting.headers import LONGEST_BLOCK, header_alone
from channels.mail.reading.quoting.lines import Line, joined, plain_lines
from channels.mail.reading.quoting.marks import Mark, plain

_FORWARDED = tuple(sorted({one for words in MAIL_WORDS.values() for one in words.forwarded}))
_BELOW = tuple(sorted({hint for words in MAIL_WORDS.values() for hint in words.below}))


@dataclass(frozen=True, slots=True)
class NewWords:
    """`text` is what the author wrote this time, `signature` what was below it. `whole`: nothing new was
    found, and the text is everything; `ours`: we certainly wrote it."""

    text: str
    signature: str = ""
    whole: bool = False
    ours: bool = False


def new_words(lines: Sequence[Line], about: Correspondents) -> NewWords:
    """What is new in these lines; if that is nothing, all of them, without our own addresses."""
    marks = find_marks(lines, about)
    found = _Reading(lines, marks, about)
    found.read()
    kept, closing = split_closing(without_advertisements(found.kept), about)
    kept = without_advertisements(kept)
    text = joined([*kept, *found.passed_on])
    signature = joined([*found.signature, *closing])
    if text:
        return NewWords(text, signature)
    whole = [Line(about.without_own(line.text)) for line in without_advertisements(lines)]
    return NewWords(joined(whole) or joined(lines), "", whole=True, ours=bool(about.own) and about.answers_us)


_ANYBODY = Correspondents()


def new_text(text: str, about: Correspondents = _ANYBODY) -> str:
    """What is new in a plain text."""
    return new_words(plain_lines(text), about).text


class _Reading:
    """One pass. `kept` is the author's own part; `passed_on` is what they pass on, and all that follows it."""

    def __init__(self, lines: Sequence[Line], marks: Mapping[int, Mark], about: Correspondents) -> None:
        self._lines, self._marks, self._about = lines, marks, about
        self._delimiters = delimiters(lines)
        self._last_mark = max(
            (at for at, mark in marks.items() if mark.sure or self._quoted_next(at + mark.count)), default=-1
        )
        # A quote that a program marked in HTML shows that the mail answers another, whatever its headers say.
        marked = any(line.quoted and not line.text.lstrip().startswith(">") for line in lines)
        self._begins = about.begins and not marked
        self._keeps = about.forwards or about.answers_others or self._begins
        self._quoting = False  # an attribution was read: the lines marked with ">" are the old mail's
        self._after_mark = -1  # the start of the quoted lines that a mark announced
        self.kept: list[Line] = []
        self.passed_on: list[Line] = []
        self.signature: list[Line] = []

    def read(self) -> None:
        """Fill the three lists."""
        place = 0
        while place < len(self._lines):
            place = self._step(place)

    def _step(self, place: int) -> int:
        """Process the lines from here; returns where to continue."""
        line, mark = self._lines[place], self._marks.get(place)
        if mark is not None:
            return self._at_mark(place, mark)
        if line.quoted:
            return self._at_quoted(place)
        if line.place == "signature" and not self.passed_on:
            self.signature.append(line)
            return place + 1
        end = (
            signature_end(self._lines, place, self._marks, self._delimiters, self._about)
            if not self.passed_on
            else place
        )
        if end > place:
            self.signature += self._lines[place + 1 : end]
            return end
        return self._keep(place, place + 1)

    def _at_mark(self, place: int, mark: Mark) -> int:
        after = place + mark.count
        if mark.kind == "forwarded":
            return self._pass_on(place)
        if self._begins and mark.kind == "attribution" and not self._quoted_next(after):
            return self._keep(place, after)  # "Last week I asked help@…, and nobody wrote:"
        if mark.kind == "original":
            header = self._marks.get(self._next_filled(after))
            ours = not self._keeps or (header is not None and self._is_ours(header))
            return len(self._lines) if ours else self._pass_on(place)
        if self._keeps and not self._is_ours(mark):
            return self._pass_on(place)
        if not mark.sure and place < self._last_mark:
            return self._keep(place, after)  # the old mail stands below: this is the author's own
        if self._quoted_next(after):
            self._after_mark = self._next_filled(after)
            self._quoting = True
            return after
        if not mark.sure:
            return self._keep(place, after)  # "On Monday the man wrote:", and the citizen continues
        if self._about.names_others(mark.who):
            return self._keep(place, after)  # somebody else's mail, pasted into a reply to ours
        return self._pass_on(after) if self._answers_below() else len(self._lines)

    def _is_ours(self, mark: Mark) -> bool:
        if self._about.forwards or (self._begins and mark.kind != "attribution"):
            return False
        return self._about.names_own(mark.text)

    def _at_quoted(self, place: int) -> int:
        """Skip quoted lines, or keep them where the mail passes them on."""
        end = place
        while end < len(self._lines) and self._lines[end].quoted:
            end += 1
        begin = plain(" ".join(line.text for line in self._lines[place : min(end, place + 8)])[:2_000])
        ours = not self._about.forwards and self._about.names_own(begin)
        # Marked by hand, in a mail that does not answer ours: perhaps a text that the author copied.
        copied = (
            self._lines[place].text.lstrip().startswith(">")
            and self._after_mark != place
            and not self._quoting
        )
        # What a program quotes stands below its mark: above it, such lines are the author's own too.
        above = place < self._last_mark and any(not line.blank for line in self.kept)
        if not ours and copied and ((not self._about.answers_us and self._about.own) or above):
            return self._keep(place, end)
        if not ours and (self._keeps or any(word in begin for word in _FORWARDED)):
            self._start_passing_on()
            return self._keep(place, end)
        below = end - place <= LONGEST_BLOCK and header_alone(self._lines[place:end], self._about)
        return len(self._lines) if below and any(not line.blank for line in self.kept) else end

    def _keep(self, place: int, after: int) -> int:
        target = self.passed_on or self.kept
        target += self._lines[place:after]
        return after

    def _start_passing_on(self) -> None:
        if not self.passed_on:
            self.passed_on.append(Line(""))

    def _pass_on(self, place: int) -> int:
        """Keep all the rest, without our own addresses, which must not be taken for the citizen's."""
        self._start_passing_on()
        self.passed_on += [Line(self._about.without_own(line.text)) for line in self._lines[place:]]
        return len(self._lines)

    def _answers_below(self) -> bool:
        said = plain(" ".join(line.text for line in self.kept)[:2_000])
        return any(hint in said for hint in _BELOW)

    def _next_filled(self, place: int) -> int:
        while place < len(self._lines) and self._lines[place].blank:
            place += 1
        return place

    def _quoted_next(self, place: int) -> bool:
        """Whether a quoted line follows, or nothing: a program may have collapsed the quote."""
        filled = self._next_filled(place)
        return filled >= len(self._lines) or (filled < place + 4 and self._lines[filled].quoted)
