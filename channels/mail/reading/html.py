"""Extracts the text of an HTML mail, for agents and the bot. It is never shown as HTML.

selectolax parses HTML as browsers do. Its time is linear, except for thousands of unclosed elements and for
sibling selectors: we truncate the former and do not use the latter.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from channels.mail.reading.marked import marked_places
from channels.mail.reading.quoting.lines import Line, Place, joined
from channels.mail.reading.shown import Shown, styled

LONGEST = 256 * 1024
MOST_NODES = 50_000
SILENT = frozenset(
    {"head", "script", "style", "template", "noscript", "title", "meta", "link", "object", "embed"}
    | {"iframe", "svg", "math", "button", "select", "audio", "video", "canvas"}
)
"""Active content, and what readers do not see. A form is not among them: its words are shown."""
BLOCKS = frozenset(
    {"p", "div", "li", "section", "article", "header", "footer", "table", "tr", "ul", "ol", "dl", "dt", "dd"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "center", "hr", "blockquote"}
    | {"main", "nav", "aside", "form", "fieldset", "legend", "figure", "figcaption", "caption", "details"}
    | {"summary", "textarea"}
)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"})
LONGEST_LINK = 2_000  # characters of an address; scanners make them long
LONGEST_WORDS = 500  # of a picture
MOST_PICTURES = 20  # whose words are read where there are no others
_AS_WRITTEN = re.compile(r"white-space\s{0,3}:\s{0,3}pre", re.IGNORECASE)
MOST_OPEN = 2_000
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
ENDS_ITSELF = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option"})
"""Elements that the next one of their kind ends: many programs never close them, and they are not deep for it."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
LEADS = {"li": "- ", "td": " ", "th": " "}


def html_text(html: str) -> str:
    """The visible text without what is quoted; all of it if nothing else is there."""
    lines, _ = html_lines(html)
    return joined([line for line in lines if not line.quoted]) or joined(lines)


def html_lines(html: str) -> tuple[list[Line], bool]:
    """The visible text, one block per line, with what the mail program marked as quoted or as a signature; and
    whether some of it was not read.

    A link is followed by its address unless its text shows it already."""
    begin = html[:LONGEST]
    shallow = _shallow(begin)
    tree = LexborHTMLParser(shallow)
    lines, cut = _lines(tree.body, marked_places(tree))
    return lines, cut or len(shallow) < len(begin)


def _shallow(html: str) -> str:
    """The beginning of the HTML, up to the limit on simultaneously open elements."""
    still: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in VOID or name in ENDS_ITSELF:
            continue
        if not found[1]:
            still[name] += 1
            depth += 1
            if depth > MOST_OPEN:
                return html[: found.start()]
        elif still[name]:
            still[name] -= 1
            depth -= 1
    return html


@dataclass(frozen=True, slots=True)
class _End:
    """The end of an element: the gap below it, the address of its link, and the state before it."""

    gap: int
    place: Place
    shown: Shown
    link: str = ""
    wrapped: bool = False
    as_written: bool = False


def _lines(body: LexborNode | None, places: Mapping[int, Place]) -> tuple[list[Line], bool]:
    """Walks the tree with an explicit stack: a stranger's HTML may be deeper than Python's recursion limit."""
    page = _Page()
    shown = Shown()
    wrapped = False  # inside Gmail's wrapper of an old mail, in which answers may stand as well
    as_written = 0  # elements around that keep line ends
    instead: list[str] = []  # what a picture says, where nothing else is said
    stack: list[LexborNode | _End] = [body] if body is not None else []
    seen = 0
    while stack and seen < MOST_NODES:
        node = stack.pop()
        if isinstance(node, _End):
            page.link(node.link)
            page.breaks(node.gap)
            page.place, shown, wrapped = node.place, node.shown, node.wrapped
            as_written -= node.as_written
            continue
        seen += 1
        tag = node.tag or ""
        if tag == "-text":
            if shown.text:
                page.text(node.text_content or "", as_written=as_written > 0)
            continue
        if tag in SILENT or tag.startswith(("-", "!")):
            continue
        if tag == "br":
            page.line_ends()
            continue
        if tag == "img" and shown.text:
            instead += _says(node)
            continue
        attributes = node.attributes
        inside = styled(attributes.get("style") or "", shown)
        if inside.removed or "hidden" in attributes:
            continue
        place = places.get(node.mem_id, page.place) if page.place != "quoted" else page.place
        if tag == "blockquote" and wrapped:
            place = "quoted"
        gap = 2 if tag in PARAGRAPHS else 1 if tag in BLOCKS or place != page.place else 0
        page.breaks(gap)
        link = _address(attributes.get("href")) if tag == "a" and inside.text else ""
        kept = tag in ("pre", "textarea") or bool(_AS_WRITTEN.search((attributes.get("style") or "")[:2_000]))
        as_written += kept
        stack.append(_End(gap, page.place, shown, link, wrapped, kept))
        wrapped = wrapped or "gmail_quote" in (attributes.get("class") or "")[:200].split()
        page.place, shown = place, inside
        if link:
            page.link_begins()
        page.words(LEADS.get(tag, ""))
        stack.extend(reversed(list(node.iter(include_text=True))))
    lines = page.lines()
    if all(line.blank for line in lines):
        lines = [Line(one) for one in instead[:MOST_PICTURES]]
    return lines, bool(stack)


def _says(image: LexborNode) -> list[str]:
    """What a picture says in words, and where it leads."""
    around = image.parent
    link = _address(around.attributes.get("href")) if around is not None and around.tag == "a" else ""
    alternative = " ".join((image.attributes.get("alt") or "")[:LONGEST_WORDS].split())
    return (
        [said] if (said := f"{alternative} ({link})" if alternative and link else alternative or link) else []
    )


def _address(href: str | None) -> str:
    """The address of a link, if it should be shown."""
    address = (href or "").strip()
    if len(address) > LONGEST_LINK or any(c <= " " for c in address):
        return ""
    if address.startswith("//"):
        address = f"https:{address}"
    if address.lower().startswith(("http://", "https://", "geo:")):
        return address
    if address.lower().startswith("tel:"):
        return address[len("tel:") :]
    if address.lower().startswith("mailto:"):
        return address[len("mailto:") :].partition("?")[0]
    return ""


class _Page:
    """Text with at most one blank line in a row. `place` is the place of the words that follow."""

    def __init__(self) -> None:
        self.place: Place = ""
        self._done: list[Line] = []
        self._now: list[str] = []
        self._now_place: Place = ""
        self._pending = 0
        self._since: list[str] = []  # the words of the open link

    def words(self, text: str) -> None:
        if text.strip():
            if self._pending:
                self._end_line()
                self._done += [Line("", self._now_place)] * (self._pending - 1 if self._done else 0)
                self._pending = 0
            if not self._now:
                self._now_place = self.place
        if not self._pending:
            self._now.append(re.sub(r"\s+", " ", text))
            self._since.append(text)

    def text(self, text: str, *, as_written: bool) -> None:
        """The words of a text node; `as_written`: with its line ends."""
        first, *more = text.replace("\r\n", "\n").split("\n") if as_written else [text]
        self.words(first)
        for line in more:
            self.line_ends()
            self.words(line)

    def link_begins(self) -> None:
        self._since = []

    def link(self, address: str) -> None:
        """Close a link, and show its address if its text does not."""
        if not address:
            return
        said = "".join("".join(self._since).split()).lower()
        bare = address.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
        if said and bare.removeprefix("www.") not in said:
            self.words(f" ({address})")

    def breaks(self, lines: int) -> None:
        self._pending = max(self._pending, lines)

    def line_ends(self) -> None:
        self._pending = min(2, self._pending + 1)

    def lines(self) -> list[Line]:
        self._end_line()
        return self._done

    def _end_line(self) -> None:
        text = " ".join("".join(self._now).split())
        if text or self._done:
            self._done.append(Line(text, self._now_place))
        self._now = []
