"""The text of a mail's parts: if there are several versions of one text, the plain one; if there are several texts, all of them."""

import re
from collections.abc import Mapping, Sequence

from channels.kit.text import clean_text
from channels.mail.reading.armour import without_armour
from channels.mail.reading.charsets import decode, html_charset
from channels.mail.reading.embedded import html_without_pictures
from channels.mail.reading.enriched import enriched_text
from channels.mail.reading.html import html_lines
from channels.mail.reading.images import is_picture
from channels.mail.reading.limits import TEXT_BYTES
from channels.mail.reading.mail import File
from channels.mail.reading.quoting.lines import Line, joined, plain_lines, with_mark
from channels.mail.reading.structure import Part, content

STUB = 600  # characters; a plain version that only says "you need an HTML reader" is shorter
FEWEST_WORDS = 3  # of a plain version that stands in for another
_WORD = re.compile(r"\w+")
_PICTURE = re.compile(r"\[[^\[\]]{1,40}:[^\[\]]{1,200}\]")  # "[image: lamp.jpg]"
_LINK = re.compile(r"\((https?://[^\s()]{1,2000})\)")


class Words:
    """Reads the text of one mail. `cut`: there was more of it than is read; `deep`: its HTML has more elements than are read. `files` were written into the text."""

    def __init__(self, raw: bytes | bytearray, parts: Sequence[Part]) -> None:
        self._raw = raw
        self._parts = [
            part
            for part in parts
            if part.kind in ("text/plain", "text/html") and not part.attached and not is_picture(raw, part)
        ]
        self._left = {"text/plain": TEXT_BYTES, "text/html": TEXT_BYTES}
        self.cut = self.deep = False
        self.files: list[File] = []

    def lines(self) -> list[Line]:
        """All of it, in the order of its parts."""
        done: set[int] = set()
        found: list[Line] = []
        for part in self._parts:
            if part.alternative is None:
                lines = self._read([part])
                if part.kind == "text/html" and found and joined(lines) in joined(found):
                    continue
            elif part.alternative not in done:
                done.add(part.alternative)
                lines = self._chosen([one for one in self._parts if one.alternative == part.alternative])
            else:
                continue
            if any(not line.blank for line in lines):
                found += lines
        return found

    def _chosen(self, versions: Sequence[Part]) -> list[Line]:
        """The plain version, unless there is none or it only stands in for the HTML."""
        texts = [part for part in versions if part.kind == "text/plain"]
        plain = self._read([part for part in texts if not part.enriched] or texts)
        said = joined(plain)
        rich = [part for part in versions if part.kind == "text/html" and part.end > part.start]
        if not rich:
            return plain
        before = self.cut, self.deep
        html = self._read(rich)
        if any(not line.blank for line in html) and (
            (len(said) <= STUB and _stands_in(said, joined(html))) or _lacks_a_link(said, html)
        ):
            return html
        self.cut, self.deep = before  # the version that is not shown may have any size
        return plain

    def _read(self, parts: Sequence[Part]) -> list[Line]:
        found: list[Line] = []
        for part in parts:
            left = self._left[part.kind]
            if left <= 0:
                self.cut = True
                break
            raw, more = self._html(part, left) if part.kind == "text/html" else content(self._raw, part, left)
            self._left[part.kind] = left - len(raw)
            self.cut = self.cut or more
            charset = part.parameters.get("charset") or (
                html_charset(raw) if part.kind == "text/html" else None
            )
            text = decode(raw, charset, cut=more)
            if part.kind == "text/html":
                shown, deep = html_lines(text)
                self.deep = self.deep or deep
                found += [with_mark(Line(clean_text(line.text), line.place)) for line in shown]
            elif clean := clean_text(
                enriched_text(text) if part.enriched else _reflowed(text, part.parameters)
            ):
                lines, files = without_armour(plain_lines(clean))
                found += lines
                self.files += files
        return found

    def _html(self, part: Part, most: int) -> tuple[bytes, bool]:
        html, more, pictures = html_without_pictures(self._raw, part, most)
        self.files += pictures
        return html, more


def _reflowed(text: str, parameters: Mapping[str, str]) -> str:
    """With the lines joined that a program broke (RFC 3676): each ends with a space. Quoted ones stay as they are."""
    if parameters.get("format", "").lower() != "flowed":
        return text
    gap = "" if parameters.get("delsp", "").lower() == "yes" else " "
    out: list[str] = []
    flows = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted, last = line.startswith(">"), out[-1] if out else ""
        stuffed = line[1:] if line.startswith(" ") else line
        if flows and stuffed and not quoted and stuffed != "-- ":
            out[-1] = last.removesuffix(" ") + gap + stuffed
        else:
            out.append(stuffed)
        # A line that introduces others ends here, whatever a program writes after its colon.
        flows = line.endswith(" ") and not quoted and line != "-- " and not line.endswith((": ", "  "))
    return "\n".join(out)


def _lacks_a_link(plain: str, html: Sequence[Line]) -> bool:
    """Whether the HTML shows the same words and an address that the plain version leaves out."""
    own = joined([line for line in html if not line.place])
    links = {link.rstrip("/") for link in _LINK.findall(own)}
    if not links or all(link in plain for link in links):
        return False
    words = set(_WORD.findall(plain.lower()))
    return len(words & set(_WORD.findall(joined(html).lower()))) * 10 >= len(words) * 9


def _stands_in(plain: str, html: str) -> bool:
    """Whether the plain version says something else than the HTML: it only asks for another program."""
    words = set(_WORD.findall(_PICTURE.sub(" ", plain.lower())))
    if len(words) < FEWEST_WORDS:
        return not words
    return len(words & set(_WORD.findall(html.lower()))) * 2 < len(words)
