"""Extracts the text of an HTML mail, for agents and the bot. It is never shown as HTML.

selectolax parses HTML as browsers do. Its time is linear, except for thousands of unclosed elements and for
sibling selectors: we truncate the former and do not use the latter.
"""

import re
from collections import Counter
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

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
    "div.gmail_quote",
    "div.yahoo_quoted",
    "div.moz-cite-prefix",
)
"""How Apple Mail, Gmail, Yahoo and Thunderbird mark the quoted mail."""
QUOTES_FROM_HERE = ("#divRplyFwdMsg", "#appendonsend")  # Outlook: this element, and all its siblings after it
MOST_OPEN = 2_000
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)
LEADS = {"li": "- ", "td": " ", "th": " "}


def html_text(html: str) -> str:
    """The visible text, one block per line; a link's address is omitted if the link text already shows it."""
    tree = LexborHTMLParser(_shallow(html[:LONGEST]))
    answered = frozenset(node.mem_id for node in _answered(tree))
    # A mail that consists of a quote alone is a forwarded one: the quote is the message.
    return _words(tree.body, answered) or _words(tree.body, frozenset())


def _answered(tree: LexborHTMLParser) -> Iterator[LexborNode]:
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


def _words(body: LexborNode | None, without: frozenset[int]) -> str:
    """Walks the tree with an explicit stack: a stranger's HTML may be deeper than Python's recursion limit."""
    page = _Page()
    stack: list[LexborNode | int] = [body] if body is not None else []
    seen = 0
    while stack and seen < MOST_NODES:
        node = stack.pop()
        if isinstance(node, int):
            page.breaks(node)
            continue
        seen += 1
        tag = node.tag or ""
        if tag == "-text":
            page.words(node.text_content or "")
            continue
        if tag in SILENT or tag.startswith(("-", "!")) or node.mem_id in without or _unseen(node):
            continue
        if tag == "br":
            page.line_ends()
            continue
        gap = 2 if tag in PARAGRAPHS else 1 if tag in BLOCKS else 0
        page.breaks(gap)
        page.words(LEADS.get(tag, ""))
        stack.append(gap)
        stack.extend(reversed(list(node.iter(include_text=True))))
    return "\n".join(" ".join(line.split()) for line in "".join(page.out).split("\n")).strip()


class _Page:
    """Text with at most one blank line in a row."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._pending = 0

    def words(self, text: str) -> None:
        if text.strip():
            self.out.append("\n" * self._pending)
            self._pending = 0
        if not self._pending:
            self.out.append(re.sub(r"\s+", " ", text))

    def breaks(self, lines: int) -> None:
        self._pending = max(self._pending, lines)

    def line_ends(self) -> None:
        self._pending = min(2, self._pending + 1)


def _unseen(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(HIDDEN.search((attributes.get("style") or "")[:1_000]))
