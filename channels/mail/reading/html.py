"""Extracts the text of an HTML mail, for agents and the bot. It is never shown as HTML.

selectolax parses HTML as browsers do. Its time is linear, except for thousands of unclosed elements and for
sibling selectors: we truncate the former and do not use the latter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from channels.mail.reading.quoting.lines import Line, Place, joined
from channels.mail.reading.shown import Shown, styled

LONGEST = 256 * 1024
MOST_NODES = 50_000
SILENT = frozenset(
    {"head", "script", "style", "template", "noscript", "title", "meta", "link", "object", "embed"}
    | {"iframe", "svg", "math", "form", "button", "select", "textarea", "audio", "video", "canvas"}
)
"""Active content, and what readers do not see."""
BLOCKS = frozenset(
    {"p", "div", "li", "section", "article", "header", "footer", "table", "tr", "ul", "ol", "dl", "dt", "dd"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "pre", "address", "center", "hr", "blockquote"}
)
PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"})
QUOTES = (
    "blockquote[type=cite]",
    "blockquote.gmail_quote",
    "div.gmail_attr",
    "div.yahoo_quoted",
    "div.moz-cite-prefix",
    "blockquote.protonmail_quote",
    "#OLK_SRC_BODY_SECTION",
    "blockquote#replyBlockquote",
    "div[name=quote]",
    "div.zmail_extra",
)
"""How Apple Mail, Gmail, Yahoo, Thunderbird, Proton, Outlook for Mac, Zoho and GMX mark the quoted mail."""
QUOTES_FROM_HERE = ("#divRplyFwdMsg", "#appendonsend", "#mail-editor-reference-message-container")
"""Outlook: this element, and all its siblings after it."""
SIGNATURES = (
    "div.gmail_signature",
    "[data-smartmail=gmail_signature]",
    "div.moz-signature",
    "pre.moz-signature",
    "#Signature",
    "#AppleMailSignature",
    "#ms-outlook-mobile-signature",
    "div.protonmail_signature_block",
)
LONGEST_LINK = 500  # characters of an address
MOST_OPEN = 2_000
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
LEADS = {"li": "- ", "td": " ", "th": " "}


def html_text(html: str) -> str:
    """The visible text without what is quoted; all of it if nothing else is there."""
    lines = html_lines(html)
    return joined([line for line in lines if not line.quoted]) or joined(lines)


def html_lines(html: str) -> list[Line]:
    """The visible text, one block per line, with what the mail program marked as quoted or as a signature.

    A link is followed by its address unless its text shows it already."""
    tree = LexborHTMLParser(_shallow(html[:LONGEST]))
    places: dict[int, Place] = {}
    for selector in SIGNATURES:
        places |= {node.mem_id: "signature" for node in tree.css(selector)}
    places |= {node.mem_id: "quoted" for node in _quoted(tree)}
    return _lines(tree.body, places)


def _quoted(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    for selector in QUOTES:
        yield from tree.css(selector)
    for selector in QUOTES_FROM_HERE:
        node = tree.css_first(selector)
        while node is not None:
            yield node
            node = node.next


def _shallow(html: str) -> str:
    """The beginning of the HTML, up to the limit on simultaneously open elements."""
    still: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in VOID:
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


def _lines(body: LexborNode | None, places: Mapping[int, Place]) -> list[Line]:
    """Walks the tree with an explicit stack: a stranger's HTML may be deeper than Python's recursion limit."""
    page = _Page()
    shown = Shown()
    wrapped = False  # inside Gmail's wrapper of an old mail, in which answers may stand as well
    stack: list[LexborNode | _End] = [body] if body is not None else []
    seen = 0
    while stack and seen < MOST_NODES:
        node = stack.pop()
        if isinstance(node, _End):
            page.link(node.link)
            page.breaks(node.gap)
            page.place, shown, wrapped = node.place, node.shown, node.wrapped
            continue
        seen += 1
        tag = node.tag or ""
        if tag == "-text":
            if shown.text:
                page.words(node.text_content or "")
            continue
        if tag in SILENT or tag.startswith(("-", "!")):
            continue
        if tag == "br":
            page.line_ends()
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
        stack.append(_End(gap, page.place, shown, link, wrapped))
        wrapped = wrapped or "gmail_quote" in (attributes.get("class") or "")[:200].split()
        page.place, shown = place, inside
        if link:
            page.link_begins()
        page.words(LEADS.get(tag, ""))
        stack.extend(reversed(list(node.iter(include_text=True))))
    return page.lines()


def _address(href: str | None) -> str:
    """The address of a link, if it should be shown."""
    address = (href or "").strip()
    if len(address) > LONGEST_LINK or any(c <= " " for c in address):
        return ""
    if address.lower().startswith(("http://", "https://")):
        return address
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
